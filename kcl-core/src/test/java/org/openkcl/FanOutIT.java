package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openkcl.LocalApplication.waitUntil;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.faults.Fault;
import org.openkcl.local.faults.FaultKind;
import org.slf4j.LoggerFactory;

/** Whole schedulers that read by enhanced fan-out over real HTTP/2. */
class FanOutIT {
  private static LocalCloud cloud;

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger("org.openkcl.retrieval");

  @BeforeAll
  static void startCloud() {
    cloud = LocalCloud.start();
  }

  @AfterAll
  static void stopCloud() {
    cloud.close();
  }

  @BeforeEach
  void listen() {
    logged.start();
    log.setLevel(Level.INFO);
    log.addAppender(logged);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(logged);
    log.setLevel(null);
    cloud.faults().clear();
  }

  @Test
  void aReshardingStreamIsReadToTheEnd() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "fan-reshard", 2);
    app.put(0, 40);
    try (Scheduler scheduler = fanOut(app, "a").build()) {
      scheduler.start().join();
      cloud
          .kinesis()
          .splitShard(b -> b.streamName(app.name)
              .shardToSplit("shardId-000000000000")
              .newStartingHashKey("85070591730234615865843651857942052863"))
          .join();
      app.put(40, 80);
      cloud
          .kinesis()
          .mergeShards(b -> b.streamName(app.name)
              .shardToMerge("shardId-000000000003")
              .adjacentShardToMerge("shardId-000000000001"))
          .join();
      app.put(80, 120);
      waitUntil("all records", () -> app.seen.size() == 120);
      waitUntil(
          "both open shards being read",
          () -> scheduler.snapshot().shards().stream()
              .map(WorkerSnapshot.ShardSnapshot::shardId)
              .toList()
              .equals(List.of("shardId-000000000002", "shardId-000000000004")));
      waitUntil("both subscribed", () -> subscriptions(app) == 2);
    }
    assertThat(app.distinctSeen()).isEqualTo(120);
    assertThat(app.leaseAttribute("shardId-000000000000", "checkpoint").s()).isEqualTo("SHARD_END");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void shardsChangeHandsBetweenWorkersWithoutRepetition() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "fan-two", 4);
    try (Scheduler b = fanOut(app, "b").build()) {
      try (Scheduler a = fanOut(app, "a").build()) {
        a.start().join();
        waitUntil("a has all", () -> a.snapshot().shards().size() == 4);
        app.put(0, 20);
        waitUntil("all read", () -> app.seen.size() == 20);
        b.start().join();
        waitUntil("b has half", () -> b.snapshot().shards().size() == 2);
        app.put(20, 40);
        waitUntil("all read", () -> app.seen.size() == 40);
      }
      waitUntil("b has all", () -> b.snapshot().shards().size() == 4);
      app.put(40, 60);
      waitUntil("all read", () -> app.seen.size() == 60);
    }
    assertThat(app.distinctSeen()).isEqualTo(60);
    assertThat(warnings()).isEmpty();
    assertThat(consumers(app)).as("stays registered").isEqualTo(1);
  }

  @Test
  void faultsOfSubscriptionsLoseAndRepeatNothing() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "fan-faults", 2);
    cloud
        .faults()
        .add(Fault.throttle().on("SubscribeToShard").ofStream(app.name).next(2));
    long cut = cloud
        .faults()
        .add(Fault.of(FaultKind.DROPPED_SUBSCRIPTION).ofStream(app.name).next(2));
    long repeated = cloud
        .faults()
        .add(Fault.of(FaultKind.DUPLICATE_CONTINUATION).ofStream(app.name).next(3));
    try (Scheduler scheduler = fanOut(app, "a").build()) {
      scheduler.start().join();
      app.put(0, 50);
      waitUntil("cut", () -> cloud.faults().strikes(cut) == 2);
      app.put(50, 100);
      waitUntil("all read", () -> app.distinctSeen() == 100);
      waitUntil("repeated", () -> cloud.faults().strikes(repeated) == 3);
      assertThat(app.seen).hasSize(100);
      waitUntil("healthy", () -> scheduler.health().status() == Health.Status.UP);
    }
  }

  @Test
  void aSlowProcessorGetsEveryRecordOnceWithoutAWarning() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "fan-slow", 1);
    AtomicInteger batches = new AtomicInteger();
    try (Scheduler scheduler = app.worker("a", Retrieval.fanOut())
        .processor(() -> batch -> {
          batches.incrementAndGet();
          TimeUnit.SECONDS.sleep(2);
          app.remembering().processRecords(batch);
        })
        .build()) {
      scheduler.start().join();
      for (int i = 0; i < 40; i++) {
        app.put(i * 10, i * 10 + 10);
        TimeUnit.MILLISECONDS.sleep(50);
      }
      waitUntil("all read", () -> app.seen.size() == 400);
      assertThat(batches.get()).as("what came together was taken together").isLessThan(20);
    }
    assertThat(app.distinctSeen()).isEqualTo(400);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aBatchMayOutlastTheSubscriptionThatBroughtIt() throws Exception {
    AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    CountDownLatch busy = new CountDownLatch(1);
    try (LocalCloud own =
        LocalCloud.builder().clock(() -> Instant.now().plus(later.get())).start()) {
      LocalApplication app = new LocalApplication(own, "fan-parked", 1);
      try (Scheduler scheduler = app.worker("a", Retrieval.fanOut())
          .processor(() -> batch -> {
            app.remembering().processRecords(batch);
            busy.await();
          })
          .build()) {
        app.put(0, 10);
        scheduler.start().join();
        waitUntil("the processor is busy", () -> app.seen.size() == 10);
        app.put(10, 100);
        later.set(Duration.ofMinutes(6));
        waitUntil("the subscription is over", () -> subscriptions(own, app) == 0);
        app.put(100, 200);
        later.set(Duration.ofMinutes(12)); // whoever has not taken his last event is cut off
        TimeUnit.SECONDS.sleep(1);
        assertThat(subscriptions(own, app)).as("not renewed while it is busy").isZero();
        busy.countDown();
        waitUntil("all read", () -> app.seen.size() == 200);
      }
      assertThat(app.distinctSeen()).isEqualTo(200);
    }
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aHundredShardsNeedNoMoreThreadsAndFewConnections() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "fan-many", 100);
    try (Scheduler scheduler = fanOut(app, "a").build()) {
      scheduler.start().join();
      waitUntil("all subscribed", () -> subscriptions(app) == 100);
      app.put(0, 1_000);
      waitUntil("all read", () -> app.seen.size() == 1_000);
      long threads = Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().startsWith("openkcl-kinesis-io"))
          .count();
      assertThat(threads).isEqualTo(Math.max(1, Runtime.getRuntime().availableProcessors() / 4));
      if (OS.LINUX.isCurrentOs()) {
        assertThat(connectionsTo(cloud.kinesisEndpoint().getPort()))
            .as("of subscriptions, other requests and the test")
            .isLessThanOrEqualTo(10);
      }
    }
    assertThat(app.distinctSeen()).isEqualTo(1_000);
    assertThat(warnings()).isEmpty();
  }

  private static long connectionsTo(int port) throws IOException {
    String remote = String.format(Locale.ROOT, ":%04X", port);
    long established = 0;
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      try (Stream<String> lines = Files.lines(Path.of(table))) {
        established += lines
            .map(line -> line.trim().split("\\s+"))
            .filter(columns -> columns[2].endsWith(remote) && columns[3].equals("01"))
            .count();
      }
    }
    return established;
  }

  @Test
  void withoutSubscriptionsShardsArePolledAndThatIsSaidOnce() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "fan-fallback", 2);
    cloud.faults().add(Fault.of(FaultKind.ACCESS_DENIED).on("SubscribeToShard").ofStream(app.name));
    try (Scheduler scheduler = app.worker("a", Retrieval.fanOut().fallingBackToPolling())
        .processor(app::remembering)
        .build()) {
      scheduler.start().join();
      app.put(0, 30);
      waitUntil("all read", () -> app.seen.size() == 30);
    }
    assertThat(warnings()).singleElement().asString().contains("is polled where that fails");
  }

  @Test
  void aWorkerThatMayNotRegisterFailsToStartAndSaysSo() {
    LocalApplication app = new LocalApplication(cloud, "fan-denied", 1);
    for (int i = 0; i < 20; i++) {
      String name = "c" + i;
      cloud.changeStreams(s -> s.consumers().register(app.name, name));
    }
    try (Scheduler scheduler = fanOut(app, "a").build()) {
      assertThatThrownBy(() -> scheduler.start().join())
          .hasMessageContaining("has room for 20 consumers");
    }
  }

  @Test
  void theConsumerIsDeregisteredOnRequestOnly() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "fan-leave", 1);
    try (Scheduler scheduler = fanOut(app, "a").build()) {
      scheduler.start().join();
      app.put(0, 1);
      waitUntil("read", () -> app.seen.size() == 1);
      scheduler.stop().join();
      assertThat(consumers(app)).isEqualTo(1);
      scheduler.deregisterConsumer().join();
      assertThat(consumers(app)).isZero();
    }
  }

  private static SchedulerBuilder fanOut(LocalApplication app, String id) {
    return app.worker(id, Retrieval.fanOut()).processor(app::remembering);
  }

  private static int consumers(LocalApplication app) {
    return cloud.streams(s -> s.consumers().count(app.name));
  }

  private static int subscriptions(LocalApplication app) {
    return subscriptions(cloud, app);
  }

  private static int subscriptions(LocalCloud cloud, LocalApplication app) {
    return cloud.streams(s -> s.consumers().subscriptions(app.name)).size();
  }

  private List<String> warnings() {
    return List.copyOf(logged.list).stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
