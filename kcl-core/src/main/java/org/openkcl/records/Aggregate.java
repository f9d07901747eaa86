package org.openkcl.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The message inside an aggregate of the Kinesis Producer Library: two tables of keys, and user
 * records that refer to them.
 *
 * @param partitionKeys never empty if there are entries
 * @param explicitHashKeys decimal digits; may be empty
 * @param entries in the order in which the producer was given them
 * @see <a
 *     href="https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md">The
 *     format</a>
 */
record Aggregate(List<String> partitionKeys, List<String> explicitHashKeys, List<Entry> entries) {
  private static final int PARTITION_KEY_TABLE = 1;
  private static final int EXPLICIT_HASH_KEY_TABLE = 2;
  private static final int RECORDS = 3;
  private static final int NONE = -1;

  /**
   * One user record.
   *
   * @param partitionKey its place in the table
   * @param explicitHashKey its place in the table; -1 when there is none
   * @param data a view of the message
   */
  record Entry(int partitionKey, int explicitHashKey, ByteBuffer data) {
    private static final int PARTITION_KEY_INDEX = 1;
    private static final int EXPLICIT_HASH_KEY_INDEX = 2;
    private static final int DATA = 3;

    boolean hasExplicitHashKey() {
      return explicitHashKey != NONE;
    }

    private static Entry read(ByteBuffer message) throws CorruptMessageException {
      ProtoReader reader = new ProtoReader(message);
      int partitionKey = NONE;
      int explicitHashKey = NONE;
      @Nullable ByteBuffer data = null;
      for (int field = reader.next(); field != ProtoReader.END; field = reader.next()) {
        if (field == PARTITION_KEY_INDEX && reader.isVarint()) {
          partitionKey = index(reader.readVarint());
        } else if (field == EXPLICIT_HASH_KEY_INDEX && reader.isVarint()) {
          explicitHashKey = index(reader.readVarint());
        } else if (field == DATA && reader.isBytes()) {
          data = reader.readBytes();
        } else {
          reader.skip(); // tags, and what later versions may add
        }
      }
      if (partitionKey == NONE || data == null) {
        throw new CorruptMessageException("a user record has no partition key or no data");
      }
      return new Entry(partitionKey, explicitHashKey, data);
    }

    /** Anything beyond an int is beyond every table as well. */
    private static int index(long unsigned) {
      return unsigned < 0 || unsigned > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) unsigned;
    }

    private void check(int partitionKeys, int explicitHashKeys) throws CorruptMessageException {
      if (partitionKey >= partitionKeys || explicitHashKey >= explicitHashKeys) {
        throw new CorruptMessageException("a user record refers to a key that is not there");
      }
    }
  }

  /**
   * Reads a message.
   *
   * @throws CorruptMessageException when it is none, or an entry refers to a key that is not there
   */
  static Aggregate read(ByteBuffer message) throws CorruptMessageException {
    List<String> partitionKeys = new ArrayList<>();
    List<String> explicitHashKeys = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    ProtoReader reader = new ProtoReader(message);
    for (int field = reader.next(); field != ProtoReader.END; field = reader.next()) {
      if (field == PARTITION_KEY_TABLE && reader.isBytes()) {
        partitionKeys.add(text(reader.readBytes()));
      } else if (field == EXPLICIT_HASH_KEY_TABLE && reader.isBytes()) {
        explicitHashKeys.add(text(reader.readBytes()));
      } else if (field == RECORDS && reader.isBytes()) {
        entries.add(Entry.read(reader.readBytes()));
      } else {
        reader.skip();
      }
    }
    for (Entry entry : entries) {
      entry.check(partitionKeys.size(), explicitHashKeys.size());
    }
    return new Aggregate(partitionKeys, explicitHashKeys, entries);
  }

  private static String text(ByteBuffer bytes) {
    return UTF_8.decode(bytes).toString();
  }
}
