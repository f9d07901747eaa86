package org.openkcl.records;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.OddRecord;

/**
 * Takes aggregates of the Kinesis Producer Library apart: four bytes, a message, and the 16 bytes of
 * the message's MD5. A record that is anything else is one user record. Pure.
 *
 * @see <a
 *     href="https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md">The
 *     format</a>
 */
final class AggregateFormat {
  private static final int MAGIC = 0xF3899AC2;
  private static final int MAGIC_BYTES = 4;
  private static final int CHECKSUM_BYTES = 16;

  private AggregateFormat() {}

  /**
   * What a record of the stream holds.
   *
   * @param records in order: the user records of an aggregate, or the record itself
   * @param odd which of them are odd
   * @param kind what they are, if there are any
   * @param detail what was found, for people
   */
  record Contents(
      List<KinesisClientRecord> records, BitSet odd, OddRecord.@Nullable Kind kind, String detail) {
    private static final BitSet NONE = new BitSet();

    static Contents whole(KinesisClientRecord record) {
      return new Contents(List.of(record), NONE, null, "");
    }

    static Contents odd(KinesisClientRecord record, OddRecord.Kind kind, String detail) {
      BitSet first = new BitSet();
      first.set(0);
      return new Contents(List.of(record), first, kind, detail);
    }
  }

  /** Whether a record begins like an aggregate. Cheap. */
  static boolean seemsToBe(KinesisClientRecord record) {
    ByteBuffer data = record.data();
    return data.remaining() >= MAGIC_BYTES && data.getInt(0) == MAGIC;
  }

  /**
   * Takes a record apart.
   *
   * @param hashKeys those of the shard; null when not known, and then no record is foreign
   */
  static Contents takeApart(KinesisClientRecord record, @Nullable HashKeyRange hashKeys) {
    if (!seemsToBe(record)) {
      return Contents.whole(record);
    }
    ByteBuffer data = record.data();
    int messageBytes = data.remaining() - MAGIC_BYTES - CHECKSUM_BYTES;
    if (messageBytes < 1) {
      return Contents.odd(record, OddRecord.Kind.LOOKALIKE, "it is too short for an aggregate");
    }
    ByteBuffer message = data.slice(MAGIC_BYTES, messageBytes);
    ByteBuffer checksum = data.slice(MAGIC_BYTES + messageBytes, CHECKSUM_BYTES);
    if (!checksum.equals(ByteBuffer.wrap(HashKeys.md5(message)))) {
      return Contents.odd(record, OddRecord.Kind.LOOKALIKE, "its checksum is not an aggregate's");
    }
    try {
      return contentsOf(record, Aggregate.read(message), hashKeys);
    } catch (CorruptMessageException corrupt) {
      return Contents.odd(record, OddRecord.Kind.CORRUPT, String.valueOf(corrupt.getMessage()));
    }
  }

  private static Contents contentsOf(
      KinesisClientRecord outer, Aggregate aggregate, @Nullable HashKeyRange hashKeys)
      throws CorruptMessageException {
    @Nullable BigInteger[] explicit = hashKeysOf(aggregate);
    @Nullable Boolean[] byPartitionKey = new Boolean[aggregate.partitionKeys().size()];
    List<KinesisClientRecord> records = new ArrayList<>(aggregate.entries().size());
    BitSet foreign = new BitSet();
    for (Aggregate.Entry entry : aggregate.entries()) {
      if (hashKeys != null && !belongs(aggregate, entry, hashKeys, explicit, byPartitionKey)) {
        foreign.set(records.size());
      }
      records.add(outer.toBuilder()
          .subSequenceNumber(records.size())
          .partitionKey(aggregate.partitionKeys().get(entry.partitionKey()))
          .explicitHashKey(
              entry.hasExplicitHashKey()
                  ? aggregate.explicitHashKeys().get(entry.explicitHashKey())
                  : null)
          .data(entry.data())
          .aggregated(true)
          .build());
    }
    if (foreign.isEmpty()) {
      return new Contents(records, foreign, null, "");
    }
    return new Contents(
        records,
        foreign,
        OddRecord.Kind.FOREIGN,
        foreign.cardinality() + " of " + records.size()
            + " user records of the aggregate have hash keys of other shards");
  }

  private static @Nullable BigInteger[] hashKeysOf(Aggregate aggregate)
      throws CorruptMessageException {
    @Nullable BigInteger[] keys = new BigInteger[aggregate.explicitHashKeys().size()];
    for (Aggregate.Entry entry : aggregate.entries()) {
      int index = entry.explicitHashKey();
      if (entry.hasExplicitHashKey() && keys[index] == null) {
        keys[index] = number(aggregate.explicitHashKeys().get(index));
      }
    }
    return keys;
  }

  private static BigInteger number(String digits) throws CorruptMessageException {
    try {
      return new BigInteger(digits);
    } catch (NumberFormatException e) {
      throw new CorruptMessageException("an explicit hash key is no number");
    }
  }

  /** Keys recur within an aggregate, so each is hashed once. */
  private static boolean belongs(
      Aggregate aggregate,
      Aggregate.Entry entry,
      HashKeyRange hashKeys,
      @Nullable BigInteger[] explicit,
      @Nullable Boolean[] byPartitionKey) {
    BigInteger given = entry.hasExplicitHashKey() ? explicit[entry.explicitHashKey()] : null;
    if (given != null) {
      return HashKeys.isIn(hashKeys, given);
    }
    Boolean known = byPartitionKey[entry.partitionKey()];
    if (known == null) {
      String partitionKey = aggregate.partitionKeys().get(entry.partitionKey());
      known = HashKeys.isIn(hashKeys, HashKeys.ofPartitionKey(partitionKey));
      byPartitionKey[entry.partitionKey()] = known;
    }
    return known;
  }
}
