package org.openkcl.local.model;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;

/** What may be put (API reference: PutRecord, PutRecords). */
final class PutRules {
  /** The largest record unless the stream allows more: 1 MiB. */
  static final int RECORD_BYTES_DEFAULT = 1024 * 1024;

  /** The largest record a stream can allow: 10 MiB. */
  static final int RECORD_BYTES_MAX = 10 * 1024 * 1024;

  static final int REQUEST_BYTES_MAX = 10 * 1024 * 1024;
  static final int REQUEST_RECORDS_MAX = 500;
  private static final int PARTITION_KEY_LENGTH_MAX = 256;
  private static final Pattern SEQUENCE_NUMBER = Pattern.compile("0|([1-9]\\d{0,128})");

  private PutRules() {}

  static void checkCount(List<PutEntry> entries) {
    if (entries.isEmpty()) {
      throw StreamException.validation("[]", "records", "have length greater than or equal to 1");
    }
    if (entries.size() > REQUEST_RECORDS_MAX) {
      throw StreamException.validation(
          entries.size() + " records",
          "records",
          "have length less than or equal to " + REQUEST_RECORDS_MAX);
    }
  }

  /** Checks keys and sizes; {@code recordBytesMax} is the stream's. */
  static void check(List<PutEntry> entries, int recordBytesMax) {
    long bytes = 0;
    for (int i = 0; i < entries.size(); i++) {
      bytes += check(entries, i, recordBytesMax);
    }
    if (entries.size() > 1 && bytes > REQUEST_BYTES_MAX) {
      throw StreamException.invalidArgument(
          "Records size exceeds 10 MB limit: got " + bytes + " bytes of data and partition keys");
    }
  }

  private static long check(List<PutEntry> entries, int index, int recordBytesMax) {
    PutEntry entry = entries.get(index);
    String key = entry.partitionKey();
    int length = key.codePointCount(0, key.length());
    if (length == 0) {
      throw StreamException.validation(
          "", member(entries, index, "partitionKey"), "have length greater than or equal to 1");
    }
    if (length > PARTITION_KEY_LENGTH_MAX) {
      throw StreamException.validation(
          key, member(entries, index, "partitionKey"), "have length less than or equal to 256");
    }
    int dataBytes = entry.data().length;
    if (dataBytes > RECORD_BYTES_MAX) {
      throw StreamException.validation(
          dataBytes + " bytes",
          member(entries, index, "data"),
          "have length less than or equal to " + RECORD_BYTES_MAX);
    }
    long bytes = bytes(entry);
    if (bytes > recordBytesMax) {
      throw StreamException.invalidArgument("Data and partition key of a record must not exceed "
          + recordBytesMax
          + " bytes together: got "
          + bytes);
    }
    return bytes;
  }

  /** What counts of a record: its data and its partition key in UTF-8. */
  static long bytes(PutEntry entry) {
    return bytes(entry.partitionKey(), entry.data());
  }

  static long bytes(String partitionKey, byte[] data) {
    return (long) data.length + utf8Length(partitionKey);
  }

  /** Accepts any number below the next that the stream will give out. */
  static void checkOrdering(Stream stream, String text) {
    if (!SEQUENCE_NUMBER.matcher(text).matches()) {
      throw StreamException.validation(
          text,
          "sequenceNumberForOrdering",
          "satisfy regular expression pattern: " + SEQUENCE_NUMBER.pattern());
    }
    if (new BigInteger(text).compareTo(stream.upcomingNumber()) >= 0) {
      throw StreamException.invalidArgument("ExclusiveMinimumSequenceNumber "
          + text
          + " used in PutRecord on stream "
          + stream.name
          + " under account "
          + StreamNames.ACCOUNT
          + " is invalid.");
    }
  }

  static void checkRecordSize(int kib) {
    if (kib < RECORD_BYTES_DEFAULT / 1024 || kib > RECORD_BYTES_MAX / 1024) {
      throw StreamException.validation(
          kib, "maxRecordSizeInKiB", "have value between 1024 and 10240");
    }
  }

  private static String member(List<PutEntry> entries, int index, String name) {
    return entries.size() == 1 ? name : "records." + (index + 1) + ".member." + name;
  }

  private static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
