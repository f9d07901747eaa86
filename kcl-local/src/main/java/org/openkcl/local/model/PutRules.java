package org.openkcl.local.model;

import java.util.List;

/** What may be put (API reference: PutRecord, PutRecords). */
final class PutRules {
  static final int RECORD_BYTES_MAX = 1024 * 1024;
  static final int REQUEST_BYTES_MAX = 5 * 1024 * 1024;
  static final int REQUEST_RECORDS_MAX = 500;
  private static final int PARTITION_KEY_LENGTH_MAX = 256;

  private PutRules() {}

  static void check(List<PutEntry> entries) {
    if (entries.isEmpty()) {
      throw StreamException.validation("[]", "records", "have length greater than or equal to 1");
    }
    if (entries.size() > REQUEST_RECORDS_MAX) {
      throw StreamException.validation(
          entries.size() + " records",
          "records",
          "have length less than or equal to " + REQUEST_RECORDS_MAX);
    }
    long bytes = 0;
    for (int i = 0; i < entries.size(); i++) {
      bytes += check(entries, i);
    }
    if (entries.size() > 1 && bytes > REQUEST_BYTES_MAX) {
      throw StreamException.invalidArgument(
          "Records size exceeds 5 MB limit: got " + bytes + " bytes of data and partition keys");
    }
  }

  private static long check(List<PutEntry> entries, int index) {
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
          "have length less than or equal to 1048576");
    }
    long bytes = (long) dataBytes + utf8Length(key);
    if (bytes > RECORD_BYTES_MAX) {
      throw StreamException.invalidArgument(
          "Data and partition key of a record must not exceed 1048576 bytes together: got "
              + bytes);
    }
    return bytes;
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
