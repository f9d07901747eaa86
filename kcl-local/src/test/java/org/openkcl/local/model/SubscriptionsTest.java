package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.IteratorPosition.afterSequenceNumber;
import static org.openkcl.local.model.IteratorPosition.atSequenceNumber;
import static org.openkcl.local.model.IteratorPosition.atTimestamp;
import static org.openkcl.local.model.IteratorPosition.latest;
import static org.openkcl.local.model.IteratorPosition.trimHorizon;
import static org.openkcl.local.model.ModelFixture.START;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;
import static org.openkcl.local.model.ModelFixture.id;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openkcl.local.model.SubscriptionStep.End;
import org.openkcl.local.model.SubscriptionStep.Pause;
import org.openkcl.local.model.SubscriptionStep.Push;

final class SubscriptionsTest {
  private static final ConsumerId CONSUMER = ConsumerId.of(STREAM, "billing");
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

  private final ModelFixture fixture = ModelFixture.withShards(1);
  private final StreamConsumers consumers = fixture.streams.consumers();
  private int woken;

  @BeforeEach
  void register() {
    consumers.register(STREAM, "billing");
  }

  @Test
  void startsWhereItIsToldTo() {
    fixture.put("a");
    fixture.advance(FIVE_SECONDS);
    String b = fixture.put("b").sequenceNumber();
    Subscription latest = subscribe(latest());
    assertThat(event(latest).records()).isEmpty();
    fixture.advance(FIVE_SECONDS);
    fixture.put("c");
    assertThat(keys(event(latest))).containsExactly("c");

    assertThat(pushedFrom(trimHorizon())).containsExactly("a", "b", "c");
    assertThat(pushedFrom(atTimestamp(START.plusMillis(1)))).containsExactly("b", "c");
    assertThat(pushedFrom(atSequenceNumber(b))).containsExactly("b", "c");
    assertThat(pushedFrom(afterSequenceNumber(b))).containsExactly("c");
  }

  private List<String> pushedFrom(IteratorPosition start) {
    fixture.advance(FIVE_SECONDS);
    return keys(event(subscribe(start)));
  }

  @Test
  void refusesToStartWhereThereIsNothing() {
    fixture.splitInHalf(0);
    String foreign = fixture.streams.put(STREAM, "k", "0", new byte[0]).sequenceNumber();
    assertError(
        "InvalidArgumentException",
        "used in SubscribeToShard on shard shardId-000000000000 in stream orders under account"
            + " 000000000000 is invalid because it did not come from this shard",
        () -> subscribe(afterSequenceNumber(foreign)));
    assertError(
        "InvalidArgumentException",
        "did not come from this stream",
        () -> subscribe(atSequenceNumber("1")));
    assertError(
        "InvalidArgumentException",
        "timestampInMillis",
        () -> subscribe(atTimestamp(fixture.now().plusMillis(1))));
    assertError(
        "ResourceNotFoundException",
        "shardId-000000000009",
        () -> consumers.subscribe(CONSUMER, id(9), latest(), () -> {}));
    assertError(
        "ResourceNotFoundException",
        "Consumer nobody of Stream orders",
        () -> consumers.subscribe(ConsumerId.of(STREAM, "nobody"), id(0), latest(), () -> {}));
    assertThat(consumers.subscriptions(STREAM)).isEmpty();
    subscribe(latest());
  }

  @Test
  void startsAtTheOldestRecordWhenItsOwnHasExpired() {
    String expired = fixture.put("a").sequenceNumber();
    fixture.advance(Duration.ofHours(24).plusMillis(1));
    fixture.put("b");
    assertThat(keys(event(subscribe(atSequenceNumber(expired))))).containsExactly("b");
  }

  @Test
  void pushesAnEmptyEventAtOnceAndThenEveryFiveSecondsWhileTheShardIsIdle() {
    fixture.put("a");
    Subscription subscription = subscribe(latest());
    SubscriptionEvent first = event(subscription);
    assertThat(first.records()).isEmpty();
    assertThat(first.millisBehindLatest()).isZero();
    assertThat(pause(subscription)).isEqualTo(new Pause(START.plusSeconds(5)));
    fixture.advance(Duration.ofMillis(4_999));
    consumers.wakeDue();
    assertThat(woken).isZero();
    fixture.advance(Duration.ofMillis(1));
    consumers.wakeDue();
    assertThat(woken).isEqualTo(1);
    SubscriptionEvent second = event(subscription);
    assertThat(second.records()).isEmpty();
    assertThat(continuation(second)).isGreaterThan(continuation(first));
    pause(subscription);
  }

  @Test
  void isWokenOnceByAPutToItsShardAndNotByOthers() {
    fixture.splitInHalf(0);
    Subscription subscription = consumers.subscribe(CONSUMER, id(1), latest(), () -> woken++);
    event(subscription);
    fixture.streams.put(STREAM, "before-the-pause", "0", new byte[0]);
    assertThat(keys(event(subscription))).containsExactly("before-the-pause");
    pause(subscription);
    fixture.streams.put(STREAM, "k", HashKeyRange.ALL.end().toString(), new byte[0]);
    assertThat(woken).isZero();
    PutEntry entry = new PutEntry("k", "0", new byte[0]);
    fixture.streams.putAll(STREAM, List.of(entry, entry, entry));
    assertThat(woken).isEqualTo(1);
    assertThat(event(subscription).records()).hasSize(3);
  }

  @Test
  void pushesAtMostOneMebibyteAtOnceUnlessOneRecordIsAll() {
    for (int kibibytes : new int[] {400, 600, 24, 1, 1_023, 1}) {
      fixture.streams.put(STREAM, "k", null, new byte[kibibytes * 1024]);
    }
    fixture.advance(Duration.ofMillis(1_500));
    fixture.put("last");
    Subscription subscription = subscribe(trimHorizon());
    SubscriptionEvent first = event(subscription);
    assertThat(first.records()).hasSize(3);
    assertThat(first.millisBehindLatest()).isEqualTo(1_500);
    assertThat(event(subscription).records()).hasSize(2);
    SubscriptionEvent last = event(subscription);
    assertThat(last.records()).hasSize(2);
    assertThat(last.millisBehindLatest()).isZero();
    pause(subscription);
  }

  @Test
  void pushesAtMostTenThousandRecordsAtOnce() {
    PutEntry entry = new PutEntry("k", null, new byte[0]);
    for (int i = 0; i < 21; i++) {
      fixture.streams.putAll(STREAM, Collections.nCopies(500, entry));
    }
    Subscription subscription = subscribe(trimHorizon());
    assertThat(event(subscription).records()).hasSize(10_000);
    assertThat(event(subscription).records()).hasSize(500);
  }

  @Test
  void endsWithTheChildrenOfAShardThatIsClosedMeanwhile() {
    Subscription subscription = subscribe(latest());
    event(subscription);
    pause(subscription);
    fixture.put("last");
    fixture.splitInHalf(0);
    assertThat(woken).isEqualTo(1);
    SubscriptionEvent end = event(subscription);
    assertThat(keys(end)).containsExactly("last");
    assertThat(end.continuationSequenceNumber()).isNull();
    assertThat(end.millisBehindLatest()).isZero();
    assertThat(end.childShards()).extracting(ChildShard::shardId).containsExactly(id(1), id(2));
    assertThat(end(subscription).error()).isEmpty();
    assertThat(consumers.subscriptions(STREAM)).isEmpty();
  }

  @Test
  void wakesForAShardThatIsClosedWhileIdle() {
    Subscription subscription = subscribe(latest());
    event(subscription);
    pause(subscription);
    fixture.splitInHalf(0);
    assertThat(woken).isEqualTo(1);
    assertThat(event(subscription).childShards()).hasSize(2);
  }

  @Test
  void readsAClosedShardToItsEnd() {
    fixture.streams.put(STREAM, "a", null, new byte[1024 * 1024 - 1]);
    fixture.put("bb");
    fixture.splitInHalf(0);
    Subscription subscription = subscribe(trimHorizon());
    SubscriptionEvent first = event(subscription);
    assertThat(keys(first)).containsExactly("a");
    assertThat(first.childShards()).isEmpty();
    assertThat(keys(event(subscription))).containsExactly("bb");
    end(subscription);
  }

  @Test
  void lastsFiveMinutesAndIsGoneOnFromWhereItStopped() {
    Subscription subscription = subscribe(latest());
    fixture.advance(Duration.ofMinutes(5).minusMillis(1));
    fixture.put("a");
    SubscriptionEvent last = event(subscription);
    fixture.put("b");
    fixture.advance(Duration.ofMillis(1));
    assertThat(end(subscription).error()).isEmpty();
    String next = Objects.requireNonNull(last.continuationSequenceNumber());
    assertThat(keys(event(subscribe(afterSequenceNumber(next))))).containsExactly("b");
  }

  @Test
  void endsAfterFiveMinutesThoughNobodyAsks() {
    Subscription paused = subscribe(latest());
    event(paused);
    pause(paused);
    fixture.advance(Duration.ofMinutes(5));
    consumers.wakeDue();
    assertThat(woken).isEqualTo(1);
    assertThat(paused.isOver()).isTrue();
    assertThat(paused.isOverFor(Duration.ofSeconds(1))).isFalse();
    fixture.advance(Duration.ofSeconds(1));
    assertThat(paused.isOverFor(Duration.ofSeconds(1))).isTrue();
    consumers.wakeDue();
    assertThat(woken).isEqualTo(1);
  }

  @Test
  void isNotTakenOverWithinFiveSeconds() {
    Subscription first = subscribe(latest());
    event(first);
    fixture.advance(Duration.ofMillis(4_999));
    assertError(
        "ResourceInUseException",
        "Another active subscription exists for this consumer:"
            + " 000000000000:orders:shardId-000000000000:billing",
        () -> subscribe(latest()));
    assertThat(first.isOver()).isFalse();
    first.cancel();
    assertError("ResourceInUseException", "Another active subscription", () -> subscribe(latest()));
    fixture.advance(Duration.ofMillis(1));
    subscribe(latest());
  }

  @Test
  void isTakenOverAfterFiveSeconds() {
    Subscription first = subscribe(latest());
    event(first);
    pause(first);
    fixture.advance(FIVE_SECONDS);
    Subscription second = subscribe(latest());
    assertThat(woken).isEqualTo(1);
    assertThat(end(first).error()).hasValueSatisfying(error -> {
      assertThat(error.errorType()).isEqualTo("ResourceInUseException");
      assertThat(error).hasMessageContaining("Another active subscription exists");
    });
    event(second);
    assertThat(consumers.subscriptions(STREAM)).hasSize(1);
  }

  @Test
  void doesNotMindOtherConsumersAndOtherShards() {
    fixture.splitInHalf(0);
    consumers.register(STREAM, "shipping");
    consumers.subscribe(CONSUMER, id(1), latest(), () -> {});
    consumers.subscribe(CONSUMER, id(2), latest(), () -> {});
    consumers.subscribe(ConsumerId.of(STREAM, "shipping"), id(1), latest(), () -> {});
    assertThat(consumers.subscriptions(STREAM)).hasSize(3);
  }

  @Test
  void pushesTwoMebibytesASecondWhenLimitsAreOn() {
    ModelFixture limited = limited();
    StreamConsumers theirs = limited.streams.consumers();
    PutEntry entry = new PutEntry("k", null, new byte[1024 * 1024 - 1]);
    for (int i = 0; i < 5; i++) {
      limited.streams.putAll(STREAM, List.of(entry));
      limited.advance(Duration.ofSeconds(1));
    }
    Subscription subscription = theirs.subscribe(CONSUMER, id(0), trimHorizon(), () -> woken++);
    Instant start = limited.now();
    event(subscription);
    event(subscription);
    assertThat(pause(subscription)).isEqualTo(new Pause(start.plusSeconds(1)));
    limited.advance(Duration.ofMillis(999));
    limited.put("no reason to wake");
    theirs.wakeDue();
    assertThat(woken).isZero();
    limited.advance(Duration.ofMillis(1));
    theirs.wakeDue();
    assertThat(woken).isEqualTo(1);
    event(subscription);
    event(subscription);
    assertThat(pause(subscription)).isEqualTo(new Pause(start.plusSeconds(2)));
  }

  @Test
  void canBeAskedForOnceASecondWhenLimitsAreOn() {
    ModelFixture limited = limited();
    StreamConsumers theirs = limited.streams.consumers();
    Call call = new Call("somebody", "SubscribeToShard");
    Runnable subscribe = () -> limited
        .streams
        .control()
        .during(call, () -> theirs.subscribe(CONSUMER, id(0), latest(), () -> {}));
    subscribe.run();
    assertError(
        "LimitExceededException",
        "Rate exceeded for consumer 000000000000:orders:shardId-000000000000:billing",
        subscribe::run);
    limited.advance(Duration.ofSeconds(1));
    assertError("ResourceInUseException", "Another active subscription", subscribe::run);
    limited.advance(Duration.ofSeconds(4));
    subscribe.run();
  }

  private static ModelFixture limited() {
    ModelFixture limited =
        new ModelFixture(LocalStreamsSettings.defaults().withLimits(ServiceLimits.service()));
    limited.streams.createStream(STREAM, 1);
    limited.streams.consumers().register(STREAM, "billing");
    return limited;
  }

  @Test
  void endsWithTheChildrenOnceADelayedSplitHasHappened() {
    Duration delay = Duration.ofSeconds(3);
    ModelFixture slow = new ModelFixture(LocalStreamsSettings.defaults()
        .withDelays(new ServiceDelays(
            Duration.ZERO,
            Duration.ofSeconds(7),
            delay,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO)));
    slow.streams.createStream(STREAM, 1);
    StreamConsumers theirs = slow.streams.consumers();
    theirs.register(STREAM, "billing");
    Subscription subscription = theirs.subscribe(CONSUMER, id(0), latest(), () -> woken++);
    event(subscription);
    slow.splitInHalf(0);
    pause(subscription);
    slow.advance(delay);
    theirs.wakeDue();
    assertThat(woken).isEqualTo(1);
    assertThat(event(subscription).childShards()).hasSize(2);

    slow.advance(FIVE_SECONDS);
    Subscription child = theirs.subscribe(CONSUMER, id(1), latest(), () -> woken++);
    event(child);
    pause(child);
    slow.streams.deleteStreamAndConsumers(STREAM);
    slow.advance(Duration.ofMillis(6_999));
    theirs.wakeDue();
    assertThat(child.isOver()).isFalse();
    slow.advance(Duration.ofMillis(1));
    theirs.wakeDue();
    assertNotFound(child, "Stream orders");
  }

  @Test
  void failsWhenItsConsumerIsDeregistered() {
    Subscription subscription = subscribe(latest());
    event(subscription);
    pause(subscription);
    consumers.register(STREAM, "shipping");
    consumers.deregister(ConsumerId.of(STREAM, "shipping"));
    assertThat(woken).isZero();
    consumers.deregister(CONSUMER);
    assertThat(woken).isEqualTo(1);
    assertNotFound(subscription, "Consumer billing of Stream orders");
  }

  @Test
  void failsWhenItsStreamIsDeleted() {
    Subscription subscription = subscribe(latest());
    event(subscription);
    fixture.streams.deleteStreamAndConsumers(STREAM);
    assertNotFound(subscription, "Stream orders under account 000000000000 not found");
  }

  private static void assertNotFound(Subscription subscription, String message) {
    assertThat(end(subscription).error()).hasValueSatisfying(error -> {
      assertThat(error.errorType()).isEqualTo("ResourceNotFoundException");
      assertThat(error).hasMessageContaining(message);
    });
  }

  @Test
  void tellsWhatItHasPushed() {
    fixture.put("a");
    fixture.put("b");
    Subscription subscription = subscribe(trimHorizon());
    event(subscription);
    String arn = consumers.describe(CONSUMER).arn();
    assertThat(consumers.subscriptions(STREAM))
        .containsExactly(new SubscriptionInfo(arn, id(0), START, 1, 2));
  }

  /** Puts, idle times, ends and continuations in any order: nothing is lost, nothing comes twice. */
  @Test
  void losesAndRepeatsNothingOverContinuations() {
    for (long seed = 0; seed < 200; seed++) {
      ModelFixture world = ModelFixture.withShards(1);
      world.streams.consumers().register(STREAM, "billing");
      Random random = new Random(seed);
      List<String> put = new ArrayList<>();
      List<String> pushed = new ArrayList<>();
      IteratorPosition start = trimHorizon();
      for (int round = 0; round < 8; round++) {
        Subscription subscription =
            world.streams.consumers().subscribe(CONSUMER, id(0), start, () -> {});
        int steps = random.nextInt(20);
        for (int i = 0; i < steps || start.sequenceNumber() == null; i++) {
          if (random.nextBoolean()) {
            put.add("key-" + put.size());
            world.put(put.get(put.size() - 1));
          }
          if (random.nextInt(4) == 0) {
            world.advance(Duration.ofMillis(random.nextInt(6_000)));
          }
          if (subscription.next() instanceof Push push) {
            pushed.addAll(keys(push.event()));
            start = afterSequenceNumber(
                Objects.requireNonNull(push.event().continuationSequenceNumber()));
          }
        }
        world.advance(FIVE_SECONDS);
      }
      Subscription last = world.streams.consumers().subscribe(CONSUMER, id(0), start, () -> {});
      pushed.addAll(keys(event(last)));
      assertThat(pushed).as("seed %d", seed).isEqualTo(put);
    }
  }

  private Subscription subscribe(IteratorPosition start) {
    return consumers.subscribe(CONSUMER, id(0), start, () -> woken++);
  }

  private static SubscriptionEvent event(Subscription subscription) {
    SubscriptionStep step = subscription.next();
    assertThat(step).isInstanceOf(Push.class);
    return ((Push) step).event();
  }

  private static Pause pause(Subscription subscription) {
    SubscriptionStep step = subscription.next();
    assertThat(step).isInstanceOf(Pause.class);
    return (Pause) step;
  }

  private static End end(Subscription subscription) {
    SubscriptionStep step = subscription.next();
    assertThat(step).isInstanceOf(End.class);
    return (End) step;
  }

  private static List<String> keys(SubscriptionEvent event) {
    return event.records().stream().map(StreamRecord::partitionKey).toList();
  }

  private static BigInteger continuation(SubscriptionEvent event) {
    return new BigInteger(Objects.requireNonNull(event.continuationSequenceNumber()));
  }
}
