package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.ChildShard.HashKeyRange;
import org.openkcl.processor.EncryptionType;
import org.openkcl.processor.KinesisClientRecord;

/** What the service says of records, written by another maker's library in whichever format. */
final class Bodies {
  static final long ARRIVAL_MILLIS = 1_764_378_000_123L;

  /** What {@link #writeFull} names. */
  static final ChildShard CHILD = new ChildShard(
      "shardId-000000000001",
      List.of("shardId-000000000000"),
      new HashKeyRange("0", "340282366920938463463374607431768211455"));

  private Bodies() {}

  /** Writes the value of a member. */
  @FunctionalInterface
  interface Value {
    void write() throws IOException;
  }

  /**
   * Two records, the first encrypted and with that partition key, 70 s behind, and {@link #CHILD}.
   *
   * @param next the member that says where to read on
   * @param arrival writes {@link #ARRIVAL_MILLIS}
   */
  static void writeFull(
      JsonGenerator out, String partitionKey, String next, String position, Value arrival)
      throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("Records");
    writeRecord(out, record("1", partitionKey, "payload", true), arrival);
    writeRecord(out, record("2", "b", "", false), arrival);
    out.writeEndArray();
    out.writeStringField(next, position);
    out.writeNumberField("MillisBehindLatest", 70_000L);
    out.writeArrayFieldStart("ChildShards");
    out.writeStartObject();
    out.writeStringField("ShardId", CHILD.shardId());
    out.writeArrayFieldStart("ParentShards");
    out.writeString(CHILD.parentShards().get(0));
    out.writeEndArray();
    out.writeObjectFieldStart("HashKeyRange");
    out.writeStringField("StartingHashKey", CHILD.hashKeyRange().startingHashKey());
    out.writeStringField("EndingHashKey", CHILD.hashKeyRange().endingHashKey());
    out.writeEndObject();
    out.writeEndObject();
    out.writeEndArray();
    out.writeEndObject();
  }

  /** One record, its members in the order of the service. */
  static void writeRecord(JsonGenerator out, KinesisClientRecord record, Value arrival)
      throws IOException {
    byte[] data = new byte[record.data().remaining()];
    record.data().get(data);
    out.writeStartObject();
    out.writeFieldName("ApproximateArrivalTimestamp");
    arrival.write();
    out.writeBinaryField("Data", data);
    if (record.encryptionType() == EncryptionType.KMS) {
      out.writeStringField("EncryptionType", "KMS");
    }
    out.writeStringField("PartitionKey", record.partitionKey());
    out.writeStringField("SequenceNumber", record.sequenceNumber());
    out.writeEndObject();
  }

  static KinesisClientRecord record(
      String sequenceNumber, String key, String data, boolean encrypted) {
    return KinesisClientRecord.builder()
        .sequenceNumber(sequenceNumber)
        .partitionKey(key)
        .data(ByteBuffer.wrap(data.getBytes(UTF_8)))
        .approximateArrivalTimestamp(Instant.ofEpochMilli(ARRIVAL_MILLIS))
        .encryptionType(encrypted ? EncryptionType.KMS : EncryptionType.NONE)
        .build();
  }

  /** In pieces of so many bytes, the last of the rest. */
  static List<ByteBuffer> pieces(byte[] body, int size) {
    List<ByteBuffer> pieces = new ArrayList<>();
    for (int at = 0; at < body.length; at += size) {
      pieces.add(ByteBuffer.wrap(body, at, Math.min(size, body.length - at)));
    }
    return pieces;
  }
}
