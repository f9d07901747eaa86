package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.Consumer;
import software.amazon.awssdk.services.kinesis.model.ConsumerDescription;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KmsDisabledException;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;

/** Enhanced fan-out with the SDK's own asynchronous client: events over HTTP/2. */
@Timeout(120)
final class FanOutTest {
  private static final ManualClock CLOCK =
      new ManualClock(Instant.parse("2030-01-01T00:00:00.123Z"));
  private static final String SHARD = "shardId-000000000000";
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
  private static LocalCloud cloud;
  private static KinesisAsyncClient kinesis;

  private String stream = "";
  private String consumer = "";

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

  @BeforeEach
  void createStream(TestInfo test) {
    stream = test.getTestMethod().orElseThrow().getName();
    kinesis.createStream(b -> b.streamName(stream).shardCount(1)).join();
    consumer = register("billing").consumerARN();
  }

  @AfterEach
  void deleteStream() {
    if (kinesis.listStreams().join().streamNames().contains(stream)) {
      kinesis
          .deleteStream(b -> b.streamName(stream).enforceConsumerDeletion(true))
          .join();
    }
  }

  @Test
  void registersDescribesListsAndDeregistersConsumers() {
    Consumer shipping = register("shipping");
    assertThat(shipping.consumerStatus()).isEqualTo(ConsumerStatus.CREATING);
    assertThat(shipping.consumerARN())
        .isEqualTo(streamArn() + "/consumer/shipping:" + CLOCK.instant().getEpochSecond());

    ConsumerDescription byArn = kinesis
        .describeStreamConsumer(b -> b.consumerARN(shipping.consumerARN()))
        .join()
        .consumerDescription();
    assertThat(byArn.consumerName()).isEqualTo("shipping");
    assertThat(byArn.consumerStatus()).isEqualTo(ConsumerStatus.ACTIVE);
    assertThat(byArn.consumerCreationTimestamp()).isEqualTo(CLOCK.instant());
    assertThat(byArn.streamARN()).isEqualTo(streamArn());
    assertThat(kinesis
            .describeStreamConsumer(b -> b.streamARN(streamArn()).consumerName("shipping"))
            .join()
            .consumerDescription())
        .isEqualTo(byArn);

    List<String> names = new ArrayList<>();
    kinesis
        .listStreamConsumersPaginator(b -> b.streamARN(streamArn()).maxResults(1))
        .subscribe(page -> page.consumers().forEach(each -> names.add(each.consumerName())))
        .join();
    assertThat(names).containsExactly("billing", "shipping");
    assertThat(consumerCount()).isEqualTo(2);

    kinesis.deregisterStreamConsumer(b -> b.consumerARN(shipping.consumerARN())).join();
    assertThat(consumerCount()).isEqualTo(1);
    assertThatThrownBy(() -> kinesis
            .describeStreamConsumer(b -> b.consumerARN(shipping.consumerARN()))
            .join())
        .hasCauseInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> register("billing")).hasCauseInstanceOf(ResourceInUseException.class);
    assertThatThrownBy(() -> kinesis.describeStreamConsumer(b -> {}).join())
        .hasCauseInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void keepsAStreamWithConsumersUnlessToldOtherwise() {
    assertThatThrownBy(() -> kinesis.deleteStream(b -> b.streamName(stream)).join())
        .hasCauseInstanceOf(ResourceInUseException.class);
    kinesis
        .deleteStream(b -> b.streamName(stream).enforceConsumerDeletion(true))
        .join();
    assertThat(kinesis.listStreams().join().streamNames()).doesNotContain(stream);
  }

  @Test
  void pushesRecordsAsTheyArePut() throws Exception {
    SubscriptionProbe probe = subscribe(at(ShardIteratorType.LATEST));
    assertThat(probe.response().sdkHttpResponse().statusCode()).isEqualTo(200);
    assertThat(probe.response().responseMetadata().requestId()).isNotEmpty();
    SubscribeToShardEvent first = probe.event();
    assertThat(first.records()).isEmpty();
    assertThat(first.continuationSequenceNumber()).isNotEmpty();
    for (int i = 0; i < 100; i++) {
      byte[] payload = {0, (byte) i, -1};
      kinesis
          .putRecord(
              b -> b.streamName(stream).partitionKey("ключ").data(SdkBytes.fromByteArray(payload)))
          .join();
      SubscribeToShardEvent event = probe.event();
      assertThat(event.millisBehindLatest()).isZero();
      Record record = event.records().get(0);
      assertThat(record.data().asByteArray()).isEqualTo(payload);
      assertThat(record.partitionKey()).isEqualTo("ключ");
      assertThat(record.approximateArrivalTimestamp()).isEqualTo(CLOCK.instant());
      assertThat(event.continuationSequenceNumber()).isEqualTo(record.sequenceNumber());
    }
  }

  @Test
  void startsWhereItIsToldTo() throws Exception {
    put("a");
    CLOCK.advance(FIVE_SECONDS);
    String b = put("b");
    Instant between = CLOCK.instant();
    CLOCK.advance(FIVE_SECONDS);
    put("c");
    assertThat(first(at(ShardIteratorType.TRIM_HORIZON), 3)).containsExactly("a", "b", "c");
    assertThat(first(
            StartingPosition.builder()
                .type(ShardIteratorType.AT_TIMESTAMP)
                .timestamp(between)
                .build(),
            2))
        .containsExactly("b", "c");
    assertThat(first(at(ShardIteratorType.AT_SEQUENCE_NUMBER, b), 2)).containsExactly("b", "c");
    assertThat(first(at(ShardIteratorType.AFTER_SEQUENCE_NUMBER, b), 1)).containsExactly("c");
  }

  private List<String> first(StartingPosition start, int count) throws Exception {
    CLOCK.advance(FIVE_SECONDS);
    return subscribe(start).keys(count);
  }

  @Test
  void startsAtTheOldestRecordWhenItsOwnHasExpired() throws Exception {
    String expired = put("a");
    CLOCK.advance(Duration.ofHours(25));
    put("b");
    assertThat(subscribe(at(ShardIteratorType.AT_SEQUENCE_NUMBER, expired)).keys(1))
        .containsExactly("b");
  }

  @Test
  void refusesForeignSequenceNumbersShardsAndConsumers() throws Exception {
    assertThat(subscribe(at(ShardIteratorType.AT_SEQUENCE_NUMBER, "1")).awaitFailure())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("did not come from this stream");
    assertThat(SubscriptionProbe.eager(
                kinesis, consumer, "shardId-000000000009", at(ShardIteratorType.LATEST))
            .awaitFailure())
        .isInstanceOf(ResourceNotFoundException.class);
    assertThat(SubscriptionProbe.eager(
                kinesis, streamArn() + "/consumer/nobody:1", SHARD, at(ShardIteratorType.LATEST))
            .awaitFailure())
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void pushesEmptyEventsWhileTheShardIsIdle() throws Exception {
    SubscriptionProbe probe = subscribe(at(ShardIteratorType.LATEST));
    BigInteger first = new BigInteger(probe.event().continuationSequenceNumber());
    CLOCK.advance(FIVE_SECONDS);
    SubscribeToShardEvent second = probe.event();
    assertThat(second.records()).isEmpty();
    assertThat(new BigInteger(second.continuationSequenceNumber())).isGreaterThan(first);
  }

  @Test
  void endsWithTheChildrenWhenTheShardIsSplit() throws Exception {
    SubscriptionProbe probe = subscribe(at(ShardIteratorType.LATEST));
    probe.event();
    put("last");
    probe.eventWithRecords();
    String middle = BigInteger.ONE.shiftLeft(127).toString();
    kinesis
        .splitShard(b -> b.streamName(stream).shardToSplit(SHARD).newStartingHashKey(middle))
        .join();
    SubscribeToShardEvent end = probe.event();
    assertThat(end.continuationSequenceNumber()).isNull();
    assertThat(end.childShards())
        .allSatisfy(child -> assertThat(child.parentShards()).containsExactly(SHARD))
        .extracting(ChildShard::shardId)
        .containsExactly("shardId-000000000001", "shardId-000000000002");
    assertThat(end.childShards().get(1).hashKeyRange().startingHashKey()).isEqualTo(middle);
    probe.awaitEnd();
  }

  @Test
  void endsAfterFiveMinutesAndGoesOnFromItsContinuation() throws Exception {
    SubscriptionProbe probe = subscribe(at(ShardIteratorType.TRIM_HORIZON));
    put("a");
    String continuation = probe.eventWithRecords().continuationSequenceNumber();
    CLOCK.advance(Duration.ofMinutes(5));
    probe.awaitEnd();
    put("b");
    SubscriptionProbe next = subscribe(at(ShardIteratorType.AFTER_SEQUENCE_NUMBER, continuation));
    assertThat(next.keys(1)).containsExactly("b");
  }

  @Test
  void isTakenOverAfterFiveSecondsAndNotBefore() throws Exception {
    SubscriptionProbe first = subscribe(at(ShardIteratorType.LATEST));
    first.event();
    assertThat(subscribe(at(ShardIteratorType.LATEST)).awaitFailure())
        .isInstanceOf(ResourceInUseException.class)
        .hasMessageContaining("Another active subscription exists for this consumer: 000000000000:"
            + stream
            + ":shardId-000000000000:billing");
    put("a");
    assertThat(first.eventWithRecords().records()).hasSize(1);
    CLOCK.advance(FIVE_SECONDS);
    SubscriptionProbe second = subscribe(at(ShardIteratorType.LATEST));
    second.event();
    assertThat(first.awaitFailure()).isInstanceOf(ResourceInUseException.class);
    put("b");
    assertThat(second.keys(1)).containsExactly("b");
  }

  @Test
  void failsWhenItsConsumerIsDeregistered() throws Exception {
    SubscriptionProbe probe = subscribe(at(ShardIteratorType.LATEST));
    probe.event();
    kinesis.deregisterStreamConsumer(b -> b.consumerARN(consumer)).join();
    assertThat(probe.awaitFailure())
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("Consumer billing");
  }

  @Test
  void failsWhenItsStreamIsDeleted() throws Exception {
    SubscriptionProbe probe = subscribe(at(ShardIteratorType.LATEST));
    probe.event();
    kinesis
        .deleteStream(b -> b.streamName(stream).enforceConsumerDeletion(true))
        .join();
    assertThat(probe.awaitFailure()).isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void failsWhenTheKeyOfItsRecordsIsDisabled() throws Exception {
    String key = cloud.keys().create("alias/" + stream);
    kinesis
        .startStreamEncryption(
            b -> b.streamName(stream).encryptionType(EncryptionType.KMS).keyId(key))
        .join();
    SubscriptionProbe probe = subscribe(at(ShardIteratorType.LATEST));
    probe.event();
    put("a");
    assertThat(probe.event().records().get(0).encryptionType()).isEqualTo(EncryptionType.KMS);
    cloud.changeStreams(streams -> {
      streams.put(stream, "b", null, new byte[0]);
      streams.control().keys().disable(key);
    });
    assertThat(probe.awaitFailure()).isInstanceOf(KmsDisabledException.class);
  }

  @Test
  void isForgottenWhenTheClientCancels() throws Exception {
    SubscriptionProbe probe = subscribe(at(ShardIteratorType.LATEST));
    probe.event();
    assertThat(subscriptions()).isEqualTo(1);
    probe.cancel();
    awaitNoSubscriptions();
  }

  private void awaitNoSubscriptions() throws InterruptedException {
    for (int i = 0; subscriptions() > 0; i++) {
      assertThat(i)
          .as("hundredths of a second until the cancelled call is gone")
          .isLessThan(3_000);
      Thread.sleep(10);
    }
  }

  private int subscriptions() {
    return cloud.streams(s -> s.consumers().subscriptions(stream)).size();
  }

  private SubscriptionProbe subscribe(StartingPosition start) {
    return SubscriptionProbe.eager(kinesis, consumer, SHARD, start);
  }

  private static StartingPosition at(ShardIteratorType type) {
    return StartingPosition.builder().type(type).build();
  }

  private static StartingPosition at(ShardIteratorType type, String sequenceNumber) {
    return StartingPosition.builder().type(type).sequenceNumber(sequenceNumber).build();
  }

  private Consumer register(String name) {
    return kinesis
        .registerStreamConsumer(b -> b.streamARN(streamArn()).consumerName(name))
        .join()
        .consumer();
  }

  private int consumerCount() {
    return kinesis
        .describeStreamSummary(b -> b.streamName(stream))
        .join()
        .streamDescriptionSummary()
        .consumerCount();
  }

  private String streamArn() {
    return "arn:aws:kinesis:us-east-1:000000000000:stream/" + stream;
  }

  private String put(String key) {
    return kinesis
        .putRecord(b -> b.streamName(stream).partitionKey(key).data(SdkBytes.fromUtf8String(key)))
        .join()
        .sequenceNumber();
  }
}
