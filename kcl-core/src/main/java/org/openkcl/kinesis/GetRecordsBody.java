package org.openkcl.kinesis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.ChildShard.HashKeyRange;
import org.openkcl.processor.EncryptionType;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.ReadReply;

/**
 * The CBOR of a reply to GetRecords, made into records. Members that it does not know are passed
 * over. Each record has bytes of its own, so that keeping one does not keep the whole reply.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html">GetRecords</a>
 */
final class GetRecordsBody {
  private static final KnownNames NAMES = new KnownNames(
      "Data",
      "PartitionKey",
      "SequenceNumber",
      "ApproximateArrivalTimestamp",
      "EncryptionType",
      "Records",
      "NextShardIterator",
      "MillisBehindLatest",
      "ChildShards");

  /** No record came before Kinesis. */
  private static final long NO_TIME = Long.MIN_VALUE;

  private final CborReader in;
  private final CborReader.Entry recordMember = this::readRecordMember;
  private final List<KinesisClientRecord> records = new ArrayList<>();
  private @Nullable String nextIterator;
  private long millisBehindLatest;
  private final List<ChildShard> childShards = new ArrayList<>();
  private long bytes;

  // The record that is being read.
  private byte @Nullable [] data;
  private @Nullable String partitionKey;
  private @Nullable String sequenceNumber;
  private long arrivalMillis;
  private boolean encrypted;

  private GetRecordsBody(List<ByteBuffer> chunks) {
    in = new CborReader(chunks, NAMES);
  }

  /**
   * @param chunks of the body, in order; consumed
   * @throws IOException if they are not such a reply
   */
  static ReadReply read(List<ByteBuffer> chunks) throws IOException {
    return new GetRecordsBody(chunks).read();
  }

  private ReadReply read() throws IOException {
    in.map(key -> {
      switch (key) {
        case "Records" -> in.array(this::readRecord);
        case "NextShardIterator" -> nextIterator = in.text();
        case "MillisBehindLatest" -> millisBehindLatest = in.number(0);
        case "ChildShards" -> in.array(() -> childShards.add(readChild()));
        default -> in.skip();
      }
    });
    in.end();
    return new ReadReply(records, nextIterator, millisBehindLatest, childShards, bytes);
  }

  private void readRecord() throws IOException {
    data = null;
    partitionKey = null;
    sequenceNumber = null;
    arrivalMillis = NO_TIME;
    encrypted = false;
    in.map(recordMember);
    byte[] payload = required(data, "Data");
    String key = required(partitionKey, "PartitionKey");
    records.add(KinesisClientRecord.builder()
        .sequenceNumber(required(sequenceNumber, "SequenceNumber"))
        .approximateArrivalTimestamp(
            arrivalMillis == NO_TIME ? null : Instant.ofEpochMilli(arrivalMillis))
        .data(ByteBuffer.wrap(payload))
        .partitionKey(key)
        .encryptionType(encrypted ? EncryptionType.KMS : EncryptionType.NONE)
        .build());
    bytes += payload.length + key.length();
  }

  private void readRecordMember(String name) throws IOException {
    switch (name) {
      case "Data" -> data = in.bytes();
      case "PartitionKey" -> partitionKey = in.text();
      case "SequenceNumber" -> sequenceNumber = in.text();
      case "ApproximateArrivalTimestamp" -> arrivalMillis = in.number(NO_TIME);
      case "EncryptionType" -> encrypted = "KMS".equals(in.text());
      default -> in.skip();
    }
  }

  private ChildShard readChild() throws IOException {
    RawChild raw = new RawChild();
    in.map(key -> {
      switch (key) {
        case "ShardId" -> raw.shardId = in.text();
        case "ParentShards" ->
          in.array(() -> raw.parents.add(required(in.text(), "item of ParentShards")));
        case "HashKeyRange" ->
          in.map(bound -> {
            switch (bound) {
              case "StartingHashKey" -> raw.starting = in.text();
              case "EndingHashKey" -> raw.ending = in.text();
              default -> in.skip();
            }
          });
        default -> in.skip();
      }
    });
    return new ChildShard(
        required(raw.shardId, "ShardId"),
        raw.parents,
        new HashKeyRange(
            required(raw.starting, "StartingHashKey"), required(raw.ending, "EndingHashKey")));
  }

  private static <T> T required(@Nullable T value, String name) throws IOException {
    if (value == null) {
      throw new IOException("No " + name);
    }
    return value;
  }

  /** A child shard as far as it has been read. */
  private static final class RawChild {
    private final List<String> parents = new ArrayList<>();
    private @Nullable String shardId;
    private @Nullable String starting;
    private @Nullable String ending;
  }
}
