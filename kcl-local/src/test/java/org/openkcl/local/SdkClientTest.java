package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.LimitExceededException;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescription;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** The SDK's own asynchronous client, built by default: HTTP/2 with prior knowledge, and CBOR. */
final class SdkClientTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00.123Z");
  private static final ManualClock CLOCK = new ManualClock(START);
  private static final String SHARD = "shardId-000000000000";
  private static LocalCloud cloud;
  private static KinesisAsyncClient kinesis;

  private String stream = "";

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder().clock(CLOCK).storedBytesMax(20_000_000).start();
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
    kinesis.createStream(b -> b.streamName(stream).shardCount(2)).join();
  }

  @AfterEach
  void deleteStream() {
    kinesis.deleteStream(b -> b.streamName(stream)).join();
  }

  @Test
  void describesAStream() {
    StreamDescription description =
        kinesis.describeStream(b -> b.streamName(stream)).join().streamDescription();
    assertThat(description.streamARN())
        .isEqualTo("arn:aws:kinesis:us-east-1:000000000000:stream/" + stream);
    assertThat(description.streamStatus()).isEqualTo(StreamStatus.ACTIVE);
    assertThat(description.streamCreationTimestamp()).isEqualTo(CLOCK.instant());
    assertThat(description.retentionPeriodHours()).isEqualTo(24);
    assertThat(description.hasMoreShards()).isFalse();
    assertThat(description.shards()).hasSize(2);

    StreamDescriptionSummary summary = kinesis
        .describeStreamSummary(b -> b.streamARN(description.streamARN()))
        .join()
        .streamDescriptionSummary();
    assertThat(summary.streamName()).isEqualTo(stream);
    assertThat(summary.openShardCount()).isEqualTo(2);
    assertThat(summary.streamCreationTimestamp()).isEqualTo(CLOCK.instant());
  }

  @Test
  void listsStreamsPageByPage() {
    kinesis.createStream(b -> b.streamName("zzz").shardCount(1)).join();
    List<String> names = new ArrayList<>();
    kinesis
        .listStreamsPaginator(b -> b.limit(1))
        .streamNames()
        .subscribe(names::add)
        .join();
    assertThat(names).containsExactly(stream, "zzz");
    kinesis.deleteStream(b -> b.streamName("zzz")).join();
  }

  @Test
  void putsAndGetsRecords() {
    byte[] payload = {0, 1, -1, 127, -128};
    PutRecordResponse put = kinesis
        .putRecord(b -> b.streamName(stream)
            .partitionKey("ключ")
            .explicitHashKey("0")
            .data(SdkBytes.fromByteArray(payload)))
        .join();
    assertThat(put.shardId()).isEqualTo(SHARD);
    Record record = read(iterator(ShardIteratorType.TRIM_HORIZON)).records().get(0);
    assertThat(record.sequenceNumber()).isEqualTo(put.sequenceNumber());
    assertThat(record.partitionKey()).isEqualTo("ключ");
    assertThat(record.data().asByteArray()).isEqualTo(payload);
    assertThat(record.approximateArrivalTimestamp()).isEqualTo(CLOCK.instant());
  }

  @Test
  void putsManyRecordsAndReadsThemPageByPage() {
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      entries.add(PutRecordsRequestEntry.builder()
          .partitionKey("key-" + i)
          .explicitHashKey("0")
          .data(SdkBytes.fromByteArray(new byte[1_000]))
          .build());
    }
    PutRecordsResponse put =
        kinesis.putRecords(b -> b.streamName(stream).records(entries)).join();
    assertThat(put.failedRecordCount()).isZero();
    assertThat(put.records()).hasSize(500);

    List<String> keys = new ArrayList<>();
    String iterator = iterator(ShardIteratorType.TRIM_HORIZON);
    GetRecordsResponse page;
    do {
      String from = iterator;
      page = kinesis.getRecords(b -> b.shardIterator(from).limit(130)).join();
      page.records().forEach(record -> keys.add(record.partitionKey()));
      iterator = page.nextShardIterator();
    } while (!page.records().isEmpty());
    assertThat(keys)
        .containsExactlyElementsOf(
            entries.stream().map(PutRecordsRequestEntry::partitionKey).toList());
  }

  @Test
  void serves10MiBAtOnceToManyReaders() {
    for (int i = 0; i < 10; i++) {
      kinesis
          .putRecord(b -> b.streamName(stream)
              .partitionKey("k")
              .explicitHashKey("0")
              .data(SdkBytes.fromByteArray(new byte[1_000_000])))
          .join();
    }
    String iterator = iterator(ShardIteratorType.TRIM_HORIZON);
    List<CompletableFuture<GetRecordsResponse>> reads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      reads.add(kinesis.getRecords(b -> b.shardIterator(iterator)));
    }
    for (CompletableFuture<GetRecordsResponse> read : reads) {
      assertThat(read.join().records()).hasSize(10);
    }
  }

  @Test
  void readsFromATimestamp() {
    put("early");
    CLOCK.advance(Duration.ofMillis(1));
    Instant between = CLOCK.instant();
    put("late");
    String iterator = kinesis
        .getShardIterator(b -> b.streamName(stream)
            .shardId(SHARD)
            .shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
            .timestamp(between))
        .join()
        .shardIterator();
    assertThat(read(iterator).records()).extracting(Record::partitionKey).containsExactly("late");
  }

  @Test
  void endsAtTheChildrenOfAClosedShard() {
    put("a");
    BigInteger middle = BigInteger.ONE.shiftLeft(126);
    kinesis
        .splitShard(
            b -> b.streamName(stream).shardToSplit(SHARD).newStartingHashKey(middle.toString()))
        .join();
    GetRecordsResponse end = read(iterator(ShardIteratorType.TRIM_HORIZON));
    assertThat(end.records()).hasSize(1);
    assertThat(end.nextShardIterator()).isNull();
    assertThat(end.millisBehindLatest()).isZero();
    assertThat(end.childShards())
        .allSatisfy(child -> assertThat(child.parentShards()).containsExactly(SHARD))
        .extracting(child -> child.hashKeyRange().startingHashKey())
        .containsExactly("0", middle.toString());
  }

  @Test
  void mergesAndResizes() {
    kinesis
        .mergeShards(b ->
            b.streamName(stream).shardToMerge(SHARD).adjacentShardToMerge("shardId-000000000001"))
        .join();
    var resized = kinesis
        .updateShardCount(
            b -> b.streamName(stream).targetShardCount(2).scalingType(ScalingType.UNIFORM_SCALING))
        .join();
    assertThat(resized.currentShardCount()).isEqualTo(1);
    assertThat(resized.targetShardCount()).isEqualTo(2);
    List<Shard> open = kinesis
        .listShards(b -> b.streamName(stream).shardFilter(f -> f.type(ShardFilterType.AT_LATEST)))
        .join()
        .shards();
    assertThat(open)
        .extracting(Shard::parentShardId)
        .containsExactly("shardId-000000000002", "shardId-000000000002");
    assertThat(open)
        .allSatisfy(
            s -> assertThat(s.sequenceNumberRange().endingSequenceNumber()).isNull());
  }

  @Test
  void listsShardsPageByPage() {
    var first = kinesis.listShards(b -> b.streamName(stream).maxResults(1)).join();
    var second =
        kinesis.listShards(b -> b.nextToken(first.nextToken()).maxResults(1)).join();
    assertThat(first.shards()).extracting(Shard::shardId).containsExactly(SHARD);
    assertThat(second.shards()).extracting(Shard::shardId).containsExactly("shardId-000000000001");
    assertThat(second.nextToken()).isNull();
  }

  @Test
  void getsTheSdksExceptions() {
    assertThatThrownBy(() -> kinesis.listShards(b -> b.streamName("none")).join())
        .cause()
        .isInstanceOfSatisfying(ResourceNotFoundException.class, error -> {
          assertThat(error.awsErrorDetails().errorMessage())
              .isEqualTo("Stream none under account 000000000000 not found.");
          assertThat(error.requestId()).isNotEmpty();
          assertThat(error.statusCode()).isEqualTo(400);
        });
    assertThatThrownBy(
            () -> kinesis.createStream(b -> b.streamName(stream).shardCount(1)).join())
        .hasCauseInstanceOf(ResourceInUseException.class);
    assertThatThrownBy(() -> kinesis.getRecords(b -> b.shardIterator("rubbish")).join())
        .hasCauseInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() ->
            kinesis.createStream(b -> b.streamName("big").shardCount(20_000)).join())
        .hasCauseInstanceOf(LimitExceededException.class);
    String iterator = iterator(ShardIteratorType.LATEST);
    CLOCK.advance(Duration.ofMillis(300_001));
    assertThatThrownBy(() -> kinesis.getRecords(b -> b.shardIterator(iterator)).join())
        .hasCauseInstanceOf(ExpiredIteratorException.class);
  }

  @Test
  void isRefusedBeyondTheMemoryBound() {
    for (int i = 0; i < 20; i++) {
      cloud.changeStreams(s -> s.put(stream, "k", null, new byte[990_000]));
    }
    assertThatThrownBy(() -> kinesis
            .putRecord(b -> b.streamName(stream)
                .partitionKey("k")
                .data(SdkBytes.fromByteArray(new byte[990_000])))
            .join())
        .cause()
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("Raise storedBytesMax");
  }

  private void put(String key) {
    kinesis
        .putRecord(b -> b.streamName(stream)
            .partitionKey(key)
            .explicitHashKey("0")
            .data(SdkBytes.fromUtf8String(key)))
        .join();
  }

  private String iterator(ShardIteratorType type) {
    return kinesis
        .getShardIterator(b -> b.streamName(stream).shardId(SHARD).shardIteratorType(type))
        .join()
        .shardIterator();
  }

  private static GetRecordsResponse read(String iterator) {
    return kinesis.getRecords(b -> b.shardIterator(iterator)).join();
  }
}
