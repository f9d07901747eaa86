package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.OS;
import org.openkcl.local.model.HashKeyRange;
import org.openkcl.local.model.ListShardsQuery;
import org.openkcl.local.model.ShardInfo;
import org.openkcl.local.model.SubscriptionInfo;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;

/** Subscribers that take their time, and many at once. */
@Timeout(120)
final class SlowSubscriberTest {
  private static final ManualClock CLOCK = new ManualClock(Instant.parse("2030-01-01T00:00:00Z"));
  private static final StartingPosition TRIM_HORIZON =
      StartingPosition.builder().type(ShardIteratorType.TRIM_HORIZON).build();
  private static final String SHARD = "shardId-000000000000";
  private static final int BACKLOG = 40;

  /** What the connection holds: the client's window, Jetty's buffers, and the event under way. */
  private static final int EVENTS_UNDER_WAY_MAX = 8;

  private static LocalCloud cloud;
  private static KinesisAsyncClient kinesis;

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder().clock(CLOCK).storedBytesMax(100_000_000).start();
    kinesis =
        KinesisAsyncClient.builder().applyMutation(cloud.clients()::accept).build();
  }

  @AfterAll
  static void stop() {
    kinesis.close();
    cloud.close();
  }

  @Test
  void stopTheStreamUntilTheyTakeMoreAndLoseNothing() throws Exception {
    SubscriptionProbe probe = SubscriptionProbe.lazy(kinesis, backlog("slow"), SHARD, TRIM_HORIZON);
    List<String> keys = new ArrayList<>();
    for (int taken = 0; taken < BACKLOG; taken++) {
      assertThat(settledEvents("slow")).isLessThanOrEqualTo(taken + EVENTS_UNDER_WAY_MAX);
      assertThat(probe.eventOrNull()).as("an event that was not asked for").isNull();
      probe.request(1);
      probe.event().records().stream().map(Record::partitionKey).forEach(keys::add);
    }
    assertThat(keys).hasSize(BACKLOG).isEqualTo(numbers());
    probe.cancel();
  }

  @Test
  void areCutOffTenSecondsAfterTheirFiveMinutes() throws Exception {
    SubscriptionProbe probe =
        SubscriptionProbe.lazy(kinesis, backlog("stuck"), SHARD, TRIM_HORIZON);
    settledEvents("stuck");
    CLOCK.advance(Duration.ofMinutes(5));
    assertThat(eventually(() -> subscriptions("stuck").isEmpty())).isTrue();
    assertThat(probe.isDone()).isFalse();
    CLOCK.advance(Duration.ofSeconds(10));
    probe.awaitBreak();
  }

  @Test
  void canBeSixtyFourOnOneConnection() throws Exception {
    try (LocalCloud own = LocalCloud.builder().clock(CLOCK).start();
        KinesisAsyncClient client = KinesisAsyncClient.builder()
            .applyMutation(own.clients()::accept)
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(100))
            .build()) {
      client.listStreams().join(); // opens the connection, before 64 calls at once open several
      own.changeStreams(streams -> streams.createStream("many", 16));
      List<ShardInfo> shards =
          own.streams(streams -> streams.listShards(ListShardsQuery.of("many")).shards());
      int threads = threads();
      List<SubscriptionProbe> probes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String name = "consumer-" + i;
        String arn =
            own.streams(streams -> streams.consumers().register("many", name).arn());
        for (ShardInfo shard : shards) {
          probes.add(SubscriptionProbe.eager(client, arn, shard.shardId(), TRIM_HORIZON));
        }
      }
      for (SubscriptionProbe probe : probes) {
        probe.event();
      }
      assertThat(threads() - threads).as("more threads for 64 subscriptions").isLessThan(32);
      for (int round = 0; round < 20; round++) {
        String key = "round-" + round;
        for (ShardInfo shard : shards) {
          HashKeyRange range = shard.hashKeyRange();
          own.changeStreams(
              streams -> streams.put("many", key, range.start().toString(), new byte[100]));
        }
      }
      for (SubscriptionProbe probe : probes) {
        assertThat(probe.keys(20))
            .containsExactlyElementsOf(
                Stream.iterate(0, i -> i + 1).limit(20).map(i -> "round-" + i).toList());
      }
      if (OS.LINUX.isCurrentOs()) {
        assertThat(connectionsTo(own.kinesisEndpoint().getPort())).isEqualTo(1);
      }
    }
  }

  private static int threads() {
    return Thread.activeCount();
  }

  private static long connectionsTo(int port) throws IOException {
    String local = String.format(Locale.ROOT, ":%04X", port);
    long established = 0;
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      try (Stream<String> lines = Files.lines(Path.of(table))) {
        established += lines
            .map(line -> line.trim().split("\\s+"))
            .filter(columns -> columns[1].endsWith(local) && columns[3].equals("01"))
            .count();
      }
    }
    return established;
  }

  /** A stream of one shard with 40 events of nearly 1 MiB each, and a consumer of it. */
  private static String backlog(String stream) {
    return cloud.streams(streams -> {
      streams.createStream(stream, 1);
      numbers().forEach(key -> streams.put(stream, key, null, new byte[1_000_000]));
      return streams.consumers().register(stream, "billing").arn();
    });
  }

  private static List<String> numbers() {
    return Stream.iterate(0, i -> i + 1).limit(BACKLOG).map(String::valueOf).toList();
  }

  /** How many events the stream's one subscription has pushed, once that has stopped growing. */
  private static long settledEvents(String stream) throws InterruptedException {
    assertThat(eventually(() -> !subscriptions(stream).isEmpty())).isTrue();
    long pushed = -1;
    for (long now = pushed(stream); now > pushed; now = pushed(stream)) {
      pushed = now;
      Thread.sleep(50);
    }
    return pushed;
  }

  private static long pushed(String stream) {
    return subscriptions(stream).get(0).events();
  }

  private static List<SubscriptionInfo> subscriptions(String stream) {
    return cloud.streams(streams -> streams.consumers().subscriptions(stream));
  }

  private static boolean eventually(java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    for (int i = 0; i < 3_000; i++) {
      if (condition.getAsBoolean()) {
        return true;
      }
      Thread.sleep(10);
    }
    return false;
  }
}
