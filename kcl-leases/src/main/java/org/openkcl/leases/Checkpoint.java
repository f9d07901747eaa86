package org.openkcl.leases;

import java.math.BigInteger;

/**
 * How far a shard is processed: a Kinesis sequence number with the index of a user record inside an
 * aggregate, or one of four sentinels. Ordered as Amazon's library orders them: AT_TIMESTAMP,
 * TRIM_HORIZON, LATEST, sequence numbers by value then sub-sequence number, SHARD_END.
 *
 * @param sequenceNumber decimal digits or a sentinel's name
 * @param subSequenceNumber 0 or more; 0 for sentinels and records that are no aggregate
 */
public record Checkpoint(String sequenceNumber, long subSequenceNumber)
    implements Comparable<Checkpoint> {

  /** Start at the timestamp the lease was created for; nothing processed yet. */
  public static final Checkpoint AT_TIMESTAMP = new Checkpoint("AT_TIMESTAMP", 0);

  /** Start at the oldest record; nothing processed yet. */
  public static final Checkpoint TRIM_HORIZON = new Checkpoint("TRIM_HORIZON", 0);

  /** Start at the newest record; nothing processed yet. */
  public static final Checkpoint LATEST = new Checkpoint("LATEST", 0);

  /** Completely processed; never left again. */
  public static final Checkpoint SHARD_END = new Checkpoint("SHARD_END", 0);

  public Checkpoint {
    if (rankOf(sequenceNumber) == 0 && !isDigits(sequenceNumber)) {
      throw new IllegalArgumentException(
          "A checkpoint must be a decimal sequence number or one of AT_TIMESTAMP, TRIM_HORIZON,"
              + " LATEST, SHARD_END: got '"
              + sequenceNumber
              + "'");
    }
    if (subSequenceNumber < 0) {
      throw new IllegalArgumentException(
          "A sub-sequence number must be 0 or more: got " + subSequenceNumber);
    }
  }

  /** A checkpoint at a sequence number or sentinel, sub-sequence number 0. */
  public static Checkpoint at(String sequenceNumber) {
    return new Checkpoint(sequenceNumber, 0);
  }

  /** Whether this is one of the four sentinels rather than a sequence number. */
  public boolean isSentinel() {
    return rankOf(sequenceNumber) != 0;
  }

  /** Whether the shard is completely processed. */
  public boolean isShardEnd() {
    return sequenceNumber.equals(SHARD_END.sequenceNumber) && subSequenceNumber == 0;
  }

  @Override
  public int compareTo(Checkpoint other) {
    int rank = rankOf(sequenceNumber);
    int otherRank = rankOf(other.sequenceNumber);
    if (rank != 0 || otherRank != 0) {
      return Integer.compare(rank, otherRank);
    }
    int byValue = new BigInteger(sequenceNumber).compareTo(new BigInteger(other.sequenceNumber));
    return byValue != 0 ? byValue : Long.compare(subSequenceNumber, other.subSequenceNumber);
  }

  @Override
  public String toString() {
    return subSequenceNumber == 0 ? sequenceNumber : sequenceNumber + "/" + subSequenceNumber;
  }

  private static int rankOf(String sequenceNumber) {
    return switch (sequenceNumber) {
      case "AT_TIMESTAMP" -> -3;
      case "TRIM_HORIZON" -> -2;
      case "LATEST" -> -1;
      case "SHARD_END" -> 1;
      default -> 0;
    };
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
