package org.openkcl.samples.producer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Packs user records into one record of the stream, in the format of the Kinesis Producer Library:
 * four bytes, a protocol buffers message, and the message's MD5.
 *
 * @see <a
 *     href="https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md">The
 *     format</a>
 */
final class AggregateWriter {
  private static final byte[] MAGIC = {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2};
  private static final int PARTITION_KEY_TABLE = 1;
  private static final int EXPLICIT_HASH_KEY_TABLE = 2;
  private static final int RECORDS = 3;
  private static final int PARTITION_KEY_INDEX = 1;
  private static final int EXPLICIT_HASH_KEY_INDEX = 2;
  private static final int DATA = 3;
  private static final int LENGTH_DELIMITED = 2;

  private AggregateWriter() {}

  /** An upper bound of what a record adds to an aggregate, in bytes. */
  static int bytesMax(UserRecord record) {
    int keys = record.partitionKey().length
        + (record.explicitHashKey() == null ? 0 : record.explicitHashKey().length());
    return keys + record.data().length + 40; // tags, lengths and indexes
  }

  /** The data of a record of the stream that holds all of these, in this order. */
  static byte[] write(List<UserRecord> records) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    Map<ByteBuffer, Integer> partitionKeys = new LinkedHashMap<>();
    Map<ByteBuffer, Integer> explicitHashKeys = new LinkedHashMap<>();
    for (UserRecord record : records) {
      int key = indexIn(partitionKeys, record.partitionKey(), PARTITION_KEY_TABLE, message);
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      writeNumber(entry, PARTITION_KEY_INDEX, key);
      if (record.explicitHashKey() != null) {
        byte[] digits = record.explicitHashKey().getBytes(US_ASCII);
        int index = indexIn(explicitHashKeys, digits, EXPLICIT_HASH_KEY_TABLE, message);
        writeNumber(entry, EXPLICIT_HASH_KEY_INDEX, index);
      }
      writeBytes(entry, DATA, record.data());
      writeBytes(message, RECORDS, entry.toByteArray());
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(MAGIC);
    whole.writeBytes(message.toByteArray());
    whole.writeBytes(UserRecord.md5(message.toByteArray()));
    return whole.toByteArray();
  }

  /** Where a key is in its table; a new one is written first. */
  private static int indexIn(
      Map<ByteBuffer, Integer> table, byte[] key, int field, ByteArrayOutputStream message) {
    return table.computeIfAbsent(ByteBuffer.wrap(key), unknown -> {
      writeBytes(message, field, key);
      return table.size();
    });
  }

  private static void writeNumber(ByteArrayOutputStream out, int field, int value) {
    writeVarint(out, field << 3);
    writeVarint(out, value);
  }

  private static void writeBytes(ByteArrayOutputStream out, int field, byte[] value) {
    writeVarint(out, field << 3 | LENGTH_DELIMITED);
    writeVarint(out, value.length);
    out.writeBytes(value);
  }

  private static void writeVarint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest > 0x7f) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
