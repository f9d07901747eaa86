package org.openkcl.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.processor.KinesisClientRecord;

/** An aggregate under construction, right or wrong, as a test wants it. */
public final class TestAggregate {
  private static final byte[] MAGIC = {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2};

  private final Message message = new Message();
  private final List<String> partitionKeys = new ArrayList<>();
  private final List<String> explicitHashKeys = new ArrayList<>();

  /** A protocol buffers message. */
  public static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public Message varint(int field, long value) {
      raw((long) field << 3);
      return raw(value);
    }

    public Message bytes(int field, byte[] value) {
      raw(((long) field << 3) | 2);
      raw(value.length);
      bytes.writeBytes(value);
      return this;
    }

    /** A varint without a field. */
    public Message raw(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        bytes.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      bytes.write((int) rest);
      return this;
    }

    public byte[] toBytes() {
      return bytes.toByteArray();
    }
  }

  /** Adds a user record. */
  public TestAggregate record(String partitionKey, @Nullable String explicitHashKey, byte[] data) {
    Message entry = new Message().varint(1, indexIn(partitionKeys, 1, partitionKey));
    if (explicitHashKey != null) {
      entry.varint(2, indexIn(explicitHashKeys, 2, explicitHashKey));
    }
    message.bytes(3, entry.bytes(3, data).toBytes());
    return this;
  }

  /** Adds a user record. */
  public TestAggregate record(String partitionKey, String data) {
    return record(partitionKey, null, data.getBytes(UTF_8));
  }

  private int indexIn(List<String> table, int field, String key) {
    if (!table.contains(key)) {
      table.add(key);
      message.bytes(field, key.getBytes(UTF_8));
    }
    return table.indexOf(key);
  }

  /** The message, to add to. */
  public Message message() {
    return message;
  }

  /** The whole record's data. */
  public byte[] toBytes() {
    return wrap(message.toBytes());
  }

  /** A record of the stream with this aggregate. */
  public KinesisClientRecord at(String sequenceNumber) {
    return streamRecord(sequenceNumber, toBytes());
  }

  /** What a message becomes in a stream: with magic and checksum. */
  public static byte[] wrap(byte[] message) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(MAGIC);
    whole.writeBytes(message);
    whole.writeBytes(HashKeys.md5(ByteBuffer.wrap(message)));
    return whole.toByteArray();
  }

  public static KinesisClientRecord streamRecord(String sequenceNumber, byte[] data) {
    return KinesisClientRecord.builder()
        .sequenceNumber(sequenceNumber)
        .data(ByteBuffer.wrap(data))
        .partitionKey("outer")
        .build();
  }
}
