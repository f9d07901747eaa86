package org.openkcl.processor;

import java.util.Objects;
import org.openkcl.leases.Checkpoint;

/**
 * A position in a shard: a sequence number and the index of a user record inside an aggregated
 * record, or a sentinel. Ordered as AT_TIMESTAMP, TRIM_HORIZON, LATEST, then sequence numbers by
 * their value and sub-sequence number, then SHARD_END.
 *
 * @param sequenceNumber decimal digits or a sentinel's name
 * @param subSequenceNumber 0 or more; 0 for sentinels and for records that are not aggregated
 */
public record ExtendedSequenceNumber(String sequenceNumber, long subSequenceNumber)
    implements Comparable<ExtendedSequenceNumber> {

  /** Nothing processed; processing starts after the newest record. */
  public static final ExtendedSequenceNumber LATEST = new ExtendedSequenceNumber("LATEST");

  /** Nothing processed; processing starts at the oldest record. */
  public static final ExtendedSequenceNumber TRIM_HORIZON =
      new ExtendedSequenceNumber("TRIM_HORIZON");

  /** Nothing processed; processing starts at a timestamp. */
  public static final ExtendedSequenceNumber AT_TIMESTAMP =
      new ExtendedSequenceNumber("AT_TIMESTAMP");

  /** The shard is completely processed. */
  public static final ExtendedSequenceNumber SHARD_END = new ExtendedSequenceNumber("SHARD_END");

  /**
   * A position.
   *
   * @throws IllegalArgumentException if the sequence number is neither decimal digits nor a
   *     sentinel, or the sub-sequence number is negative
   */
  public ExtendedSequenceNumber {
    Objects.requireNonNull(sequenceNumber, "sequenceNumber");
    Checkpoint unused = new Checkpoint(sequenceNumber, subSequenceNumber); // checks both
  }

  /** A position with sub-sequence number 0. */
  public ExtendedSequenceNumber(String sequenceNumber) {
    this(sequenceNumber, 0);
  }

  /** Whether this is one of the four sentinels rather than a sequence number. */
  public boolean isSentinelCheckpoint() {
    return checkpoint().isSentinel();
  }

  /** Whether this says that the shard is completely processed. */
  public boolean isShardEnd() {
    return checkpoint().isShardEnd();
  }

  @Override
  public int compareTo(ExtendedSequenceNumber other) {
    return checkpoint().compareTo(other.checkpoint());
  }

  @Override
  public String toString() {
    return "{SequenceNumber: " + sequenceNumber + ",SubsequenceNumber: " + subSequenceNumber + "}";
  }

  private Checkpoint checkpoint() {
    return new Checkpoint(sequenceNumber, subSequenceNumber);
  }
}
