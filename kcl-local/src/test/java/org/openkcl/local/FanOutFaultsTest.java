package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.openkcl.local.faults.Fault;
import org.openkcl.local.faults.FaultKind;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;

/** Faults on command that strike subscriptions. */
@Timeout(120)
final class FanOutFaultsTest {
  private static final ManualClock CLOCK = new ManualClock(Instant.parse("2030-01-01T00:00:00Z"));
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
  private static final String SHARD = "shardId-000000000000";
  private static LocalCloud cloud;
  private static KinesisAsyncClient kinesis;

  private String stream = "";
  private String consumer = "";

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder().clock(CLOCK).start();
    kinesis = KinesisAsyncClient.builder()
        .applyMutation(cloud.clients()::accept)
        .overrideConfiguration(o -> o.retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
  }

  @AfterAll
  static void stop() {
    kinesis.close();
    cloud.close();
  }

  @BeforeEach
  void createStream(TestInfo test) {
    stream = test.getTestMethod().orElseThrow().getName();
    cloud.changeStreams(streams -> streams.createStream(stream, 1));
    consumer =
        cloud.streams(streams -> streams.consumers().register(stream, "billing").arn());
  }

  @AfterEach
  void clear() {
    cloud.faults().clear();
  }

  @Test
  void breakASubscriptionOffThatGoesOnFromItsContinuation() throws Exception {
    SubscriptionProbe probe = subscribe(start(ShardIteratorType.LATEST));
    String continuation = probe.event().continuationSequenceNumber();
    long fault = cloud.faults().add(strikingNext(FaultKind.DROPPED_SUBSCRIPTION));
    put("lost on the way");
    probe.awaitBreak();
    assertThat(cloud.faults().strikes(fault)).isEqualTo(1);
    assertThat(probe.eventOrNull()).isNull();
    assertThat(cloud.streams(s -> s.consumers().subscriptions(stream)).size()).isZero();

    CLOCK.advance(FIVE_SECONDS);
    assertThat(subscribe(after(continuation)).keys(1)).containsExactly("lost on the way");
  }

  @Test
  void stallASubscriptionUntilItIsTakenOver() throws Exception {
    String other = cloud.streams(s -> s.consumers().register(stream, "shipping").arn());
    SubscriptionProbe stalled = subscribe(start(ShardIteratorType.LATEST));
    stalled.event();
    cloud.faults().add(strikingNext(FaultKind.STALLED_SUBSCRIPTION));
    put("a");
    SubscriptionProbe sound =
        SubscriptionProbe.eager(kinesis, other, SHARD, start(ShardIteratorType.TRIM_HORIZON));
    assertThat(sound.keys(1)).containsExactly("a");
    for (int i = 0; i < 3; i++) {
      CLOCK.advance(FIVE_SECONDS);
      sound.event();
    }
    assertThat(stalled.eventOrNull()).as("not even an empty event").isNull();
    assertThat(stalled.isDone()).isFalse();

    SubscriptionProbe next = subscribe(start(ShardIteratorType.TRIM_HORIZON));
    assertThat(next.keys(1)).containsExactly("a");
    assertThat(stalled.isDone())
        .as("who is silent does not say that it is over")
        .isFalse();
    CLOCK.advance(Duration.ofSeconds(10));
    stalled.awaitBreak();
  }

  @Test
  void repeatAContinuationSoThatRecordsComeAgain() throws Exception {
    SubscriptionProbe probe = subscribe(start(ShardIteratorType.LATEST));
    probe.event();
    put("a");
    String first = probe.eventWithRecords().continuationSequenceNumber();
    cloud.faults().add(strikingNext(FaultKind.DUPLICATE_CONTINUATION));
    put("b");
    SubscribeToShardEvent second = probe.event();
    assertThat(second.records().get(0).partitionKey()).isEqualTo("b");
    assertThat(second.continuationSequenceNumber()).isEqualTo(first);

    CLOCK.advance(FIVE_SECONDS);
    assertThat(subscribe(after(second.continuationSequenceNumber())).keys(1)).containsExactly("b");
  }

  @Test
  void refuseASubscriptionOrLoseItsReply() throws Exception {
    cloud.faults().add(Fault.throttle().on("SubscribeToShard").ofShard(SHARD).next(1));
    assertThat(subscribe(start(ShardIteratorType.LATEST)).awaitFailure())
        .isInstanceOf(LimitExceededException.class);
    cloud.faults().add(Fault.lostReply().on("SubscribeToShard").next(1));
    assertThat(subscribe(start(ShardIteratorType.LATEST)).awaitFailure()).isNotNull();
    assertThat(subscribe(start(ShardIteratorType.LATEST)).awaitFailure())
        .as("the lost one took effect")
        .isInstanceOf(ResourceInUseException.class);
    CLOCK.advance(FIVE_SECONDS);
    subscribe(start(ShardIteratorType.LATEST)).event();
  }

  private Fault strikingNext(FaultKind kind) {
    return Fault.of(kind).ofStream(stream).ofShard(SHARD).ofConsumer("billing").next(1);
  }

  private SubscriptionProbe subscribe(StartingPosition start) {
    return SubscriptionProbe.eager(kinesis, consumer, SHARD, start);
  }

  private void put(String key) {
    cloud.changeStreams(streams -> streams.put(stream, key, null, new byte[0]));
  }

  private static StartingPosition start(ShardIteratorType type) {
    return StartingPosition.builder().type(type).build();
  }

  private static StartingPosition after(String sequenceNumber) {
    return StartingPosition.builder()
        .type(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
        .sequenceNumber(sequenceNumber)
        .build();
  }
}
