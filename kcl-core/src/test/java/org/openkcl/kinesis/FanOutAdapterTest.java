package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamFailure.Kind;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.faults.Fault;
import org.openkcl.retrieval.ReadPosition;
import org.openkcl.retrieval.ShardSubscriber.Listener;
import org.openkcl.retrieval.ShardSubscriber.Registration;
import org.openkcl.retrieval.ShardSubscriber.Subscription;
import org.openkcl.retrieval.SubscriptionEvent;
import org.openkcl.retrieval.TransportSize;
import software.amazon.awssdk.core.SdkBytes;

/** Registration and subscriptions over real HTTP/2, against the local service. */
class FanOutAdapterTest {
  private static final String SHARD = "shardId-000000000000";
  private static final AtomicReference<Duration> CLOCK_OFFSET =
      new AtomicReference<>(Duration.ZERO);
  private static final InstantSource CLOCK = () -> Instant.now().plus(CLOCK_OFFSET.get());
  private static final Environment ENVIRONMENT = Environment.system();
  private static final EventLoop LOOP = ENVIRONMENT.newEventLoop("test");

  private static LocalCloud cloud;
  private static AwsClients clients;

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder().clock(CLOCK).start();
    clients = AwsClients.create(cloud.clients());
  }

  @AfterAll
  static void stop() {
    clients.close();
    cloud.close();
    LOOP.close();
    ENVIRONMENT.close();
  }

  @Test
  void registersOnceAndUsesWhatIsThere() {
    create("registered");
    Registration first = join(registration("registered", "app").registered());
    Registration second = join(registration("registered", "app").registered());
    assertThat(first).isEqualTo(second);
    assertThat(first.arn()).contains("stream/registered/consumer/app:");
    assertThat(first.openShards()).isEqualTo(1);
    assertThat(consumers("registered")).isEqualTo(1);
  }

  @Test
  void severalWorkersThatStartAtOnceShareOneConsumer() {
    create("together");
    List<CompletableFuture<Registration>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(registration("together", "app").registered().toCompletableFuture());
    }
    assertThat(all.stream().map(FanOutAdapterTest::join).distinct()).hasSize(1);
    assertThat(consumers("together")).isEqualTo(1);
  }

  @Test
  void waitsUntilTheConsumerIsActive() {
    try (LocalCloud slow = LocalCloud.builder().realistic().clock(CLOCK).start();
        AwsClients own = AwsClients.create(slow.clients())) {
      slow.kinesis().createStream(b -> b.streamName("slow").shardCount(1)).join();
      CLOCK_OFFSET.updateAndGet(offset -> offset.plusSeconds(11));
      ConsumerRegistration registration = new ConsumerRegistration(
          ENVIRONMENT, LOOP, own.kinesis(), StreamAddress.of("slow"), ConsumerName.of("app"));
      CompletableFuture<Registration> registered = registration.registered().toCompletableFuture();
      CompletableFuture.supplyAsync(
              () -> null, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS))
          .join();
      assertThat(registered).isNotDone();
      CLOCK_OFFSET.updateAndGet(offset -> offset.plusSeconds(11));
      assertThat(join(registered).arn()).contains("/consumer/app:");
    }
  }

  @Test
  void aGivenConsumerIsUsedAndNeverRegistered() {
    create("given");
    String arn = cloud.streams(s -> s.consumers().register("given", "theirs").arn());
    ConsumerRegistration given = registration("given", ConsumerName.ofArn(arn));
    assertThat(join(given.registered()).arn()).isEqualTo(arn);
    String gone = arn.replace("theirs", "nobody");
    assertThat(failure(registration("given", ConsumerName.ofArn(gone)).registered()))
        .hasMessageContaining("does not exist. Register it")
        .extracting(StreamFailure::kind)
        .isEqualTo(Kind.REFUSED);
    assertThat(consumers("given")).isEqualTo(1);
  }

  @Test
  void aStreamWithoutRoomForAnotherConsumerIsExplained() {
    create("full");
    for (int i = 0; i < 20; i++) {
      String name = "c" + i;
      cloud.changeStreams(s -> s.consumers().register("full", name));
    }
    assertThat(failure(registration("full", "app").registered()))
        .hasMessageContaining("has room for 20 consumers")
        .hasMessageContaining("Deregister one that is not used");
  }

  @Test
  void deregisteringIsDoneOnRequestAndNoticedByALookAgain() {
    create("left");
    ConsumerRegistration registration = registration("left", "app");
    Registration before = join(registration.registered());
    assertThat(join(registration.lookAgain())).isFalse();
    join(registration("left", "app").deregister());
    assertThat(consumers("left")).isZero();
    CLOCK_OFFSET.updateAndGet(offset -> offset.plusSeconds(2)); // another ARN
    assertThat(join(registration.lookAgain())).isTrue();
    assertThat(join(registration.registered()).arn()).isNotEqualTo(before.arn());
    join(registration.deregister());
    join(registration.deregister()); // one that is not there
  }

  @Test
  void eventsComeOneByOneAsTheyAreRequested() throws Exception {
    create("pushed");
    put("pushed", "1");
    Heard heard = new Heard();
    Subscription subscription = subscribe("pushed", ReadPosition.trimHorizon(), heard);
    assertThat(heard.next()).isEqualTo("opened");
    assertThat(heard.nothingMore()).isTrue();
    subscription.request();
    assertThat(heard.next()).isEqualTo("[1]");
    put("pushed", "2");
    assertThat(heard.nothingMore()).isTrue();
    subscription.request();
    assertThat(heard.next(subscription)).isEqualTo("[2]");
    SubscriptionEvent last = Objects.requireNonNull(heard.last.get());
    assertThat(last.records()).singleElement().satisfies(each -> {
      assertThat(each.partitionKey()).isEqualTo("key");
      assertThat(each.data().isReadOnly()).isTrue();
    });
    assertThat(last.bytes()).isEqualTo("key2".length());
    assertThat(last.continuation()).isNotNull();
    subscription.cancel();
    put("pushed", "3");
    CLOCK_OFFSET.updateAndGet(offset -> offset.plusSeconds(6));
    Heard next = new Heard();
    ReadPosition position =
        ReadPosition.afterSequenceNumber(Objects.requireNonNull(last.continuation()));
    Subscription second = subscribe("pushed", position, next);
    second.request();
    assertThat(next.next()).isEqualTo("opened");
    assertThat(next.next(second)).isEqualTo("[3]");
    second.cancel();
  }

  @Test
  void theClientMakesNoDifferenceToTheEvents() throws Exception {
    create("both");
    put("both", "small");
    put("both", "x".repeat(100_000));
    ConsumerRegistration registration = registration("both", "app");
    Heard ours = new Heard();
    Subscription first = subscriber(registration)
        .subscribe(join(registration.registered()), SHARD, ReadPosition.trimHorizon(), ours);
    first.request();
    assertThat(ours.next()).isEqualTo("opened");
    assertThat(ours.next(first)).contains("small");
    first.cancel();
    CLOCK_OFFSET.updateAndGet(offset -> offset.plusSeconds(6));
    Heard theirs = new Heard();
    Subscription second = new KinesisShardSubscriber(
            registration, consumer -> cloud.kinesis(), Runnable::run)
        .subscribe(join(registration.registered()), SHARD, ReadPosition.trimHorizon(), theirs);
    second.request();
    assertThat(theirs.next()).isEqualTo("opened");
    assertThat(theirs.next(second)).contains("small");
    second.cancel();
    SubscriptionEvent event = Objects.requireNonNull(ours.last.get());
    assertThat(event.records()).hasSize(2);
    assertThat(event).isEqualTo(theirs.last.get());
  }

  @Test
  void aSecondSubscriptionIsRefusedForFiveSecondsAndThenReplacesTheFirst() throws Exception {
    create("taken");
    Heard first = new Heard();
    Subscription former = subscribe("taken", ReadPosition.trimHorizon(), first);
    former.request();
    assertThat(first.next()).isEqualTo("opened");
    assertThat(first.next()).isEqualTo("[]");
    former.request();
    Heard second = new Heard();
    subscribe("taken", ReadPosition.trimHorizon(), second);
    assertThat(second.next()).isEqualTo("failed IN_USE");
    CLOCK_OFFSET.updateAndGet(offset -> offset.plusSeconds(6));
    Heard third = new Heard();
    subscribe("taken", ReadPosition.trimHorizon(), third);
    assertThat(third.next()).isEqualTo("opened");
    assertThat(first.next(former)).isEqualTo("failed IN_USE");
  }

  @Test
  void anIdleSubscriptionOutlastsTheClientsTimeOutsAndEndsAfterFiveMinutes() throws Exception {
    create("old");
    Heard heard = new Heard();
    Subscription subscription = subscribe("old", ReadPosition.latest(), heard);
    subscription.request();
    assertThat(heard.next()).isEqualTo("opened");
    assertThat(heard.next()).isEqualTo("[]");
    subscription.request();
    CLOCK_OFFSET.updateAndGet(offset -> offset.plus(Duration.ofMinutes(5)));
    assertThat(heard.next(subscription)).isEqualTo("ended");
  }

  @Test
  void theEndOfAShardNamesItsChildren() throws Exception {
    create("split");
    put("split", "1");
    cloud
        .kinesis()
        .splitShard(b -> b.streamName("split")
            .shardToSplit(SHARD)
            .newStartingHashKey("170141183460469231731687303715884105728"))
        .join();
    Heard heard = new Heard();
    subscribe("split", ReadPosition.trimHorizon(), heard).request();
    assertThat(heard.next()).isEqualTo("opened");
    assertThat(heard.next()).isEqualTo("[1]");
    SubscriptionEvent last = Objects.requireNonNull(heard.last.get());
    assertThat(last.continuation()).isNull();
    assertThat(last.childShards()).hasSize(2);
  }

  @Test
  void everyFailureIsInTheCoresWords() throws Exception {
    create("faulty");
    long throttle = cloud
        .faults()
        .add(Fault.throttle().on("SubscribeToShard").ofStream("faulty").next(1));
    Heard throttled = new Heard();
    subscribe("faulty", ReadPosition.trimHorizon(), throttled);
    assertThat(throttled.next()).isEqualTo("failed THROTTLED");
    assertThat(cloud.faults().strikes(throttle)).isEqualTo(1);

    Heard missing = new Heard();
    subscribe(join(registration("faulty", "app").registered()), "shardId-000000000009", missing);
    assertThat(missing.next()).isEqualTo("failed NOT_FOUND");

    Registration unknown = new Registration(
        join(registration("faulty", "app").registered()).arn().replace("/app:", "/none:"), 1);
    Heard gone = new Heard();
    subscribe(unknown, SHARD, gone);
    assertThat(gone.next()).isEqualTo("failed NOT_FOUND");
  }

  private static void create(String stream) {
    cloud.kinesis().createStream(b -> b.streamName(stream).shardCount(1)).join();
  }

  private static void put(String stream, String text) {
    cloud
        .kinesis()
        .putRecord(
            b -> b.streamName(stream).partitionKey("key").data(SdkBytes.fromUtf8String(text)))
        .join();
  }

  private static int consumers(String stream) {
    return cloud.streams(s -> s.consumers().count(stream));
  }

  private static ConsumerRegistration registration(String stream, String consumer) {
    return registration(stream, ConsumerName.of(consumer));
  }

  private static ConsumerRegistration registration(String stream, ConsumerName consumer) {
    return new ConsumerRegistration(
        ENVIRONMENT, LOOP, clients.kinesis(), StreamAddress.of(stream), consumer);
  }

  private static Subscription subscribe(String stream, ReadPosition position, Heard heard) {
    ConsumerRegistration registration = registration(stream, "app");
    return subscriber(registration)
        .subscribe(join(registration.registered()), SHARD, position, heard);
  }

  private static Subscription subscribe(Registration consumer, String shardId, Heard heard) {
    return subscriber(registration("faulty", "app"))
        .subscribe(consumer, shardId, ReadPosition.trimHorizon(), heard);
  }

  private static KinesisShardSubscriber subscriber(ConsumerRegistration registration) {
    return new KinesisShardSubscriber(
        registration,
        consumer -> clients.subscriptions(
            TransportSize.of(consumer.openShards(), 64L << 20, clients.kinesisThreads())),
        task -> ENVIRONMENT.runBlocking("test-records", task));
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(90, TimeUnit.SECONDS).join();
  }

  private static StreamFailure failure(CompletionStage<?> stage) {
    Throwable thrown = catchThrowable(() -> join(stage));
    assertThat(thrown).isInstanceOf(CompletionException.class);
    return (StreamFailure) Objects.requireNonNull(thrown.getCause());
  }

  /** What a subscription's listener heard, as text. */
  private static final class Heard implements Listener {
    final AtomicReference<SubscriptionEvent> last = new AtomicReference<>();
    private final BlockingQueue<String> news = new LinkedBlockingQueue<>();

    String next() throws InterruptedException {
      return String.valueOf(news.poll(60, TimeUnit.SECONDS));
    }

    /** The next that is no event without records; each of those is followed by another request. */
    String next(Subscription subscription) throws InterruptedException {
      String news = next();
      while (news.equals("[]")) {
        subscription.request();
        news = next();
      }
      return news;
    }

    boolean nothingMore() throws InterruptedException {
      return news.poll(300, TimeUnit.MILLISECONDS) == null;
    }

    @Override
    public void opened() {
      news.add("opened");
    }

    @Override
    public void received(SubscriptionEvent event) {
      last.set(event);
      news.add(event.records().stream()
          .map(each -> UTF_8.decode(each.data().duplicate()).toString())
          .toList()
          .toString());
    }

    @Override
    public void ended() {
      news.add("ended");
    }

    @Override
    public void failed(StreamFailure failure) {
      news.add("failed " + failure.kind());
    }
  }
}
