package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A record of the stream with several user records in it, all with one explicit hash key, in the <a
 * href="https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md">format
 * of the Kinesis Producer Library</a>.
 */
final class Aggregate {
  private static final byte[] MAGIC = {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2};
  private static final int PARTITION_KEYS = 1;
  private static final int HASH_KEYS = 2;
  private static final int RECORDS = 3;
  private static final int PARTITION_KEY_INDEX = 1;
  private static final int HASH_KEY_INDEX = 2;
  private static final int DATA = 3;
  private static final int BYTES = 2;

  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private int keys;

  Aggregate(String explicitHashKey) {
    bytes(message, HASH_KEYS, explicitHashKey.getBytes(US_ASCII));
  }

  void add(String partitionKey, byte[] data) {
    bytes(message, PARTITION_KEYS, partitionKey.getBytes(US_ASCII));
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    number(record, PARTITION_KEY_INDEX, keys++);
    number(record, HASH_KEY_INDEX, 0);
    bytes(record, DATA, data);
    bytes(message, RECORDS, record.toByteArray());
  }

  byte[] toBytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(MAGIC);
    whole.writeBytes(message.toByteArray());
    try {
      whole.writeBytes(MessageDigest.getInstance("MD5").digest(message.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has MD5", e);
    }
    return whole.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int field, int value) {
    varint(out, field << 3);
    varint(out, value);
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    varint(out, (field << 3) | BYTES);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest > 0x7F) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
