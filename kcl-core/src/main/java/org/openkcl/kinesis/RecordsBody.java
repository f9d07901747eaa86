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
import org.openkcl.retrieval.SubscriptionEvent;

/**
 * A reply to GetRecords or an event of SubscribeToShard, made into records. Members that it does not
 * know are passed over. Keeping one record keeps no more than {@link CborReader#KEPT_PER_BYTE_MAX}
 * times its data of the bytes that came.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html">GetRecords</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShardEvent.html">SubscribeToShardEvent</a>
 */
final class RecordsBody {
  private static final KnownNames NAMES = new KnownNames(
      "Data",
      "PartitionKey",
      "SequenceNumber",
      "ApproximateArrivalTimestamp",
      "EncryptionType",
      "Records",
      "NextShardIterator",
      "ContinuationSequenceNumber",
      "MillisBehindLatest",
      "ChildShards");

  /** No record came before Kinesis. */
  private static final long NO_TIME = Long.MIN_VALUE;

  private final BodyReader in;
  private final List<KinesisClientRecord> records = new ArrayList<>();

  /** Where to read on: an iterator, or a sequence number. */
  private @Nullable String next;

  private long millisBehindLatest;
  private final List<ChildShard> childShards = new ArrayList<>();
  private long bytes;

  private RecordsBody(BodyReader in) {
    this.in = in;
  }

  /**
   * The reply to a GetRecords, in CBOR.
   *
   * @param chunks of the body, in order; not to be changed afterwards
   * @throws IOException if they are not such a reply
   */
  static ReadReply reply(List<ByteBuffer> chunks) throws IOException {
    RecordsBody body = new RecordsBody(new CborReader(chunks, NAMES));
    body.read();
    return new ReadReply(
        body.records, body.next, body.millisBehindLatest, body.childShards, body.bytes);
  }

  /**
   * An event of a subscription, in JSON.
   *
   * @param chunks of the event's payload, in order; not to be changed afterwards
   * @throws IOException if they are not such an event
   */
  static SubscriptionEvent event(List<ByteBuffer> chunks) throws IOException {
    RecordsBody body = new RecordsBody(new JsonReader(chunks, NAMES));
    body.read();
    return new SubscriptionEvent(
        body.records, body.next, body.millisBehindLatest, body.childShards, body.bytes);
  }

  private void read() throws IOException {
    in.beginMap();
    while (in.hasNext()) {
      switch (in.key()) {
        case "Records" -> readRecords();
        case "NextShardIterator", "ContinuationSequenceNumber" -> next = in.text();
        case "MillisBehindLatest" -> millisBehindLatest = in.number(0);
        case "ChildShards" -> readChildren();
        default -> in.skip();
      }
    }
    in.end();
  }

  private void readRecords() throws IOException {
    in.beginArray();
    while (in.hasNext()) {
      records.add(readRecord());
    }
  }

  private KinesisClientRecord readRecord() throws IOException {
    ByteBuffer data = null;
    String partitionKey = null;
    String sequenceNumber = null;
    long arrivalMillis = NO_TIME;
    boolean encrypted = false;
    in.beginMap();
    while (in.hasNext()) {
      switch (in.key()) {
        case "Data" -> data = in.bytes();
        case "PartitionKey" -> partitionKey = in.text();
        case "SequenceNumber" -> sequenceNumber = in.text();
        case "ApproximateArrivalTimestamp" -> arrivalMillis = in.time(NO_TIME);
        case "EncryptionType" -> encrypted = "KMS".equals(in.text());
        default -> in.skip();
      }
    }
    ByteBuffer payload = required(data, "Data");
    String key = required(partitionKey, "PartitionKey");
    bytes += payload.remaining() + key.length();
    return KinesisClientRecord.builder()
        .sequenceNumber(required(sequenceNumber, "SequenceNumber"))
        .approximateArrivalTimestamp(
            arrivalMillis == NO_TIME ? null : Instant.ofEpochMilli(arrivalMillis))
        .data(payload)
        .partitionKey(key)
        .encryptionType(encrypted ? EncryptionType.KMS : EncryptionType.NONE)
        .build();
  }

  private void readChildren() throws IOException {
    in.beginArray();
    while (in.hasNext()) {
      childShards.add(readChild());
    }
  }

  private ChildShard readChild() throws IOException {
    String shardId = null;
    List<String> parents = new ArrayList<>();
    HashKeyRange range = null;
    in.beginMap();
    while (in.hasNext()) {
      switch (in.key()) {
        case "ShardId" -> shardId = in.text();
        case "ParentShards" -> {
          in.beginArray();
          while (in.hasNext()) {
            parents.add(required(in.text(), "item of ParentShards"));
          }
        }
        case "HashKeyRange" -> range = readRange();
        default -> in.skip();
      }
    }
    return new ChildShard(required(shardId, "ShardId"), parents, required(range, "HashKeyRange"));
  }

  private HashKeyRange readRange() throws IOException {
    String starting = null;
    String ending = null;
    in.beginMap();
    while (in.hasNext()) {
      switch (in.key()) {
        case "StartingHashKey" -> starting = in.text();
        case "EndingHashKey" -> ending = in.text();
        default -> in.skip();
      }
    }
    return new HashKeyRange(
        required(starting, "StartingHashKey"), required(ending, "EndingHashKey"));
  }

  private static <T> T required(@Nullable T value, String name) throws IOException {
    if (value == null) {
      throw new IOException("No " + name);
    }
    return value;
  }
}
