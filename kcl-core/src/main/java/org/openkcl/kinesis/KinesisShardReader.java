package org.openkcl.kinesis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.ChildShard.HashKeyRange;
import org.openkcl.processor.EncryptionType;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.ReadPosition;
import org.openkcl.retrieval.ReadReply;
import org.openkcl.retrieval.ShardReader;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * Reads shards with GetShardIterator and GetRecords. Keeping a record keeps at most 32 times its
 * data. An aggregate of the Kinesis Producer Library is one record here.
 *
 * <p>With a client of {@link AwsClients} replies are read by {@link RecordsBody}; with any other
 * the SDK's objects are made into records, which takes more of the processor and of the heap.
 *
 * <p>Thread-safe; stages complete on a thread of the client, or where records are made.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html">GetRecords</a>
 */
public final class KinesisShardReader implements ShardReader {
  /** Records of less than this are made where they arrive, for less than handing them over costs. */
  static final int FEW_BYTES = 8 * 1024;

  /** As many records of the SDK. */
  private static final int FEW_RECORDS = 50;

  private final KinesisAsyncClient client;
  private final StreamAddress stream;
  private final Executor recordMaking;
  private final KinesisFailures failures;

  /**
   * @param client is not closed by this
   * @param recordMaking makes records of large replies, which would keep the client's few threads
   *     from the replies of other shards
   */
  public KinesisShardReader(
      KinesisAsyncClient client, StreamAddress stream, Executor recordMaking) {
    this.client = client;
    this.stream = stream;
    this.recordMaking = recordMaking;
    this.failures = new KinesisFailures(stream, client.serviceClientConfiguration());
  }

  @Override
  public CompletionStage<String> openIterator(String shardId, ReadPosition position) {
    return client
        .getShardIterator(request -> request
            .streamName(stream.nameUnlessArn())
            .streamARN(stream.arn())
            .shardId(shardId)
            .shardIteratorType(typeOf(position.kind()))
            .startingSequenceNumber(position.sequenceNumber())
            .timestamp(position.timestamp()))
        .thenApply(GetShardIteratorResponse::shardIterator)
        .exceptionally(thrown -> {
          throw failures.of(thrown, shardId);
        });
  }

  @Override
  public CompletionStage<ReadReply> read(String iterator, int maxRecords) {
    RawReplies.Slot slot = new RawReplies.Slot();
    return client
        .getRecords(request -> request
            .overrideConfiguration(slot.asked())
            .streamARN(stream.arn())
            .shardIterator(iterator)
            .limit(maxRecords))
        .thenCompose(response -> made(response, slot.body()))
        .exceptionally(thrown -> {
          throw failures.ofRead(thrown);
        });
  }

  static ShardIteratorType typeOf(ReadPosition.Kind kind) {
    return switch (kind) {
      case TRIM_HORIZON -> ShardIteratorType.TRIM_HORIZON;
      case LATEST -> ShardIteratorType.LATEST;
      case AT_TIMESTAMP -> ShardIteratorType.AT_TIMESTAMP;
      case AT_SEQUENCE_NUMBER -> ShardIteratorType.AT_SEQUENCE_NUMBER;
      case AFTER_SEQUENCE_NUMBER -> ShardIteratorType.AFTER_SEQUENCE_NUMBER;
    };
  }

  private CompletionStage<ReadReply> made(
      GetRecordsResponse response, @Nullable List<ByteBuffer> body) {
    if (body != null) {
      long bytes = body.stream().mapToLong(ByteBuffer::remaining).sum();
      return bytes < FEW_BYTES
          ? CompletableFuture.completedStage(replyOf(body))
          : CompletableFuture.supplyAsync(() -> replyOf(body), recordMaking);
    }
    return response.records().size() < FEW_RECORDS
        ? CompletableFuture.completedStage(replyOf(response))
        : CompletableFuture.supplyAsync(() -> replyOf(response), recordMaking);
  }

  private ReadReply replyOf(List<ByteBuffer> body) {
    try {
      return RecordsBody.reply(body);
    } catch (IOException unreadable) {
      throw failures.ofUnreadable(unreadable);
    }
  }

  private static ReadReply replyOf(GetRecordsResponse response) {
    List<KinesisClientRecord> records = new ArrayList<>(response.records().size());
    long bytes = 0;
    for (Record each : response.records()) {
      records.add(recordOf(each));
      bytes += each.data().asByteArrayUnsafe().length + each.partitionKey().length();
    }
    Long behind = response.millisBehindLatest();
    return new ReadReply(
        records,
        response.nextShardIterator(),
        behind == null ? 0 : behind,
        response.childShards().stream().map(KinesisShardReader::childOf).toList(),
        bytes);
  }

  static KinesisClientRecord recordOf(Record received) {
    boolean encrypted = "KMS".equals(received.encryptionTypeAsString());
    return KinesisClientRecord.builder()
        .sequenceNumber(received.sequenceNumber())
        .approximateArrivalTimestamp(received.approximateArrivalTimestamp())
        .data(ByteBuffer.wrap(received.data().asByteArrayUnsafe())) // the record makes it read-only
        .partitionKey(received.partitionKey())
        .encryptionType(encrypted ? EncryptionType.KMS : EncryptionType.NONE)
        .build();
  }

  static ChildShard childOf(software.amazon.awssdk.services.kinesis.model.ChildShard received) {
    return new ChildShard(
        received.shardId(),
        received.parentShards(),
        new HashKeyRange(
            received.hashKeyRange().startingHashKey(), received.hashKeyRange().endingHashKey()));
  }
}
