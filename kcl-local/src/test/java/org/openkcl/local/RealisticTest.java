package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openkcl.local.faults.Fault;
import org.openkcl.local.faults.FaultKind;
import org.openkcl.local.model.ServiceDelays;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** Limits and delays as a client sees them, on a clock that only the test moves. */
class RealisticTest {
  private static final ManualClock clock = new ManualClock(Instant.parse("2030-01-01T00:00:00Z"));
  private static LocalCloud cloud;
  private static KinesisAsyncClient client;
  private static int streams;

  private String stream = "";

  @BeforeAll
  static void start() {
    cloud =
        LocalCloud.builder().realistic().clock(clock).storedBytesMax(40_000_000).start();
    client = KinesisAsyncClient.builder()
        .applyMutation(cloud.clients()::accept)
        .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(100))
        .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    cloud.close();
  }

  @BeforeEach
  void createStream() {
    stream = "stream-" + streams++;
    clock.advance(Duration.ofSeconds(1));
    client
        .createStream(b -> b.streamName(stream).shardCount(1).maxRecordSizeInKiB(10_240))
        .join();
    assertThat(status()).isEqualTo(StreamStatus.CREATING);
    assertThat(client
            .describeStream(b -> b.streamName(stream))
            .join()
            .streamDescription()
            .shards())
        .isEmpty();
    clock.advance(ServiceDelays.service().create());
    assertThat(status()).isEqualTo(StreamStatus.ACTIVE);
  }

  private StreamStatus status() {
    return client
        .describeStreamSummary(b -> b.streamName(stream))
        .join()
        .streamDescriptionSummary()
        .streamStatus();
  }

  @Test
  void putRecordsFailsInPart() {
    put(500);
    put(499);
    PutRecordsResponse reply = put(3);
    assertThat(reply.failedRecordCount()).isEqualTo(2);
    PutRecordsResultEntry stored = reply.records().get(0);
    assertThat(stored.shardId()).isEqualTo("shardId-000000000000");
    assertThat(stored.errorCode()).isNull();
    PutRecordsResultEntry refused = reply.records().get(2);
    assertThat(refused.errorCode()).isEqualTo("ProvisionedThroughputExceededException");
    assertThat(refused.errorMessage())
        .isEqualTo("Rate exceeded for shard shardId-000000000000 in stream " + stream
            + " under account 000000000000.");
    assertThat(refused.sequenceNumber()).isNull();
    assertThat(refused.shardId()).isNull();
    assertThatThrownBy(() -> putOne(1))
        .hasCauseInstanceOf(ProvisionedThroughputExceededException.class);
  }

  @Test
  void faultsStrikeTheRecordsOfOneShard() {
    long id =
        cloud.faults().add(Fault.throttle().ofShard("shardId-000000000000").next(2));
    PutRecordsResponse reply = put(3);
    assertThat(reply.failedRecordCount()).isEqualTo(2);
    assertThat(reply.records().get(0).errorCode())
        .isEqualTo("ProvisionedThroughputExceededException");
    assertThat(reply.records().get(2).sequenceNumber()).isNotNull();
    assertThat(cloud.faults().strikes(id)).isEqualTo(2);
    cloud.faults().clear();
  }

  @Test
  void aSinglePutToAFailingShardIsAnInternalFailure() {
    cloud
        .faults()
        .add(
            Fault.of(FaultKind.INTERNAL_FAILURE).ofShard("shardId-000000000000").next(1));
    assertThatThrownBy(() -> putOne(1))
        .cause()
        .isInstanceOfSatisfying(
            KinesisException.class,
            error -> assertThat(error.statusCode()).as(error.getMessage()).isEqualTo(500));
    cloud
        .faults()
        .add(
            Fault.of(FaultKind.INTERNAL_FAILURE).ofShard("shardId-000000000000").next(1));
    assertThat(put(2).records())
        .extracting(PutRecordsResultEntry::errorCode)
        .containsExactly("InternalFailure", null);
    cloud.faults().clear();
  }

  @Test
  void getRecordsIsThrottledAfter10MiB() {
    putOne(10 * 1024 * 1024 - 1);
    String iterator = client
        .getShardIterator(b -> b.streamName(stream)
            .shardId("shardId-000000000000")
            .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .join()
        .shardIterator();
    assertThat(client.getRecords(b -> b.shardIterator(iterator)).join().records())
        .hasSize(1);
    clock.advance(Duration.ofMillis(4_999));
    assertThatThrownBy(() -> client.getRecords(b -> b.shardIterator(iterator)).join())
        .hasCauseInstanceOf(ProvisionedThroughputExceededException.class);
    clock.advance(Duration.ofMillis(1));
    client.getRecords(b -> b.shardIterator(iterator)).join();
  }

  @Test
  void callsAreThrottledByTheirRate() {
    clock.advance(Duration.ofSeconds(1));
    client.describeLimits().join();
    assertThatThrownBy(() -> client.describeLimits().join())
        .hasCauseInstanceOf(LimitExceededException.class);
    clock.advance(Duration.ofSeconds(1));
    client.describeLimits().join();
  }

  @Test
  void aSplitTakesItsTime() {
    client
        .splitShard(b -> b.streamName(stream)
            .shardToSplit("shardId-000000000000")
            .newStartingHashKey("170141183460469231731687303715884105728"))
        .join();
    assertThat(status()).isEqualTo(StreamStatus.UPDATING);
    assertThatThrownBy(() -> client
            .updateShardCount(
                b -> b.streamName(stream).targetShardCount(2).scalingType("UNIFORM_SCALING"))
            .join())
        .hasCauseInstanceOf(ResourceInUseException.class);
    clock.advance(ServiceDelays.service().reshard());
    assertThat(status()).isEqualTo(StreamStatus.ACTIVE);
    assertThat(client.listShards(b -> b.streamName(stream)).join().shards()).hasSize(1);
    clock.advance(ServiceDelays.service().listing());
    assertThat(client.listShards(b -> b.streamName(stream)).join().shards()).hasSize(3);
  }

  @Test
  void anOrderedPutIsChecked() {
    String number = client
        .putRecord(b -> b.streamName(stream).partitionKey("k").data(SdkBytes.fromUtf8String("a")))
        .join()
        .sequenceNumber();
    client
        .putRecord(b -> b.streamName(stream)
            .partitionKey("k")
            .sequenceNumberForOrdering(number)
            .data(SdkBytes.fromUtf8String("b")))
        .join();
    assertThatThrownBy(() -> client
            .putRecord(b -> b.streamName(stream)
                .partitionKey("k")
                .sequenceNumberForOrdering("9".repeat(57))
                .data(SdkBytes.fromUtf8String("c")))
            .join())
        .hasCauseInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void aFullMemorySaysHowToGoOn() {
    assertThatThrownBy(() -> {
          for (int i = 0; i < 10; i++) {
            putOne(5_000_000);
            clock.advance(Duration.ofSeconds(5));
          }
        })
        .cause()
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("storedBytesMax=40000000. Raise storedBytesMax, or delete a stream.");
    client.deleteStream(b -> b.streamName(stream)).join();
    clock.advance(ServiceDelays.service().delete());
    createStream();
    putOne(5_000_000);
  }

  @Test
  void theLargestRecordIsAPropertyOfTheStream() {
    client
        .updateMaxRecordSize(
            b -> b.streamARN("arn:aws:kinesis:us-east-1:000000000000:stream/" + stream)
                .maxRecordSizeInKiB(2_048))
        .join();
    assertThat(status()).isEqualTo(StreamStatus.UPDATING);
    clock.advance(ServiceDelays.service().setting());
    assertThat(client
            .describeStreamSummary(b -> b.streamName(stream))
            .join()
            .streamDescriptionSummary()
            .maxRecordSizeInKiB())
        .isEqualTo(2_048);
    putOne(2 * 1024 * 1024 - 1);
    assertThatThrownBy(() -> putOne(2 * 1024 * 1024))
        .hasCauseInstanceOf(InvalidArgumentException.class);
  }

  private PutRecordsResponse put(int count) {
    PutRecordsRequestEntry entry = PutRecordsRequestEntry.builder()
        .partitionKey("k")
        .data(SdkBytes.fromUtf8String("x"))
        .build();
    List<PutRecordsRequestEntry> entries = Collections.nCopies(count, entry);
    return client.putRecords(b -> b.streamName(stream).records(entries)).join();
  }

  private void putOne(int bytes) {
    client
        .putRecord(b -> b.streamName(stream)
            .partitionKey("k")
            .data(SdkBytes.fromByteArrayUnsafe(new byte[bytes])))
        .join();
  }
}
