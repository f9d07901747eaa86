package org.openkcl.retrieval;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where in a shard an iterator is opened, in the terms of the service.
 *
 * @param kind which of the five positions
 * @param sequenceNumber decimal digits for the two kinds that are relative to a record, else null
 * @param timestamp for {@link Kind#AT_TIMESTAMP}, else null
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html">GetShardIterator</a>
 */
public record ReadPosition(
    Kind kind, @Nullable String sequenceNumber, @Nullable Instant timestamp) {

  private static final ReadPosition TRIM_HORIZON = new ReadPosition(Kind.TRIM_HORIZON, null, null);
  private static final ReadPosition LATEST = new ReadPosition(Kind.LATEST, null, null);

  /** The service's names of its iterator types. */
  public enum Kind {
    TRIM_HORIZON,
    LATEST,
    AT_TIMESTAMP,
    AT_SEQUENCE_NUMBER,
    AFTER_SEQUENCE_NUMBER;

    private boolean isRelativeToRecord() {
      return this == AT_SEQUENCE_NUMBER || this == AFTER_SEQUENCE_NUMBER;
    }
  }

  public ReadPosition {
    if (kind.isRelativeToRecord() != (sequenceNumber != null)
        || (kind == Kind.AT_TIMESTAMP) != (timestamp != null)) {
      throw new IllegalArgumentException(
          "A read position carries exactly what its kind needs: got kind="
              + kind
              + ", sequenceNumber="
              + sequenceNumber
              + ", timestamp="
              + timestamp);
    }
  }

  /** The oldest record that is still kept. */
  public static ReadPosition trimHorizon() {
    return TRIM_HORIZON;
  }

  /** Just after the newest record, whenever the iterator is opened. */
  public static ReadPosition latest() {
    return LATEST;
  }

  /** The first record that arrived at this time or later. */
  public static ReadPosition atTimestamp(Instant timestamp) {
    return new ReadPosition(Kind.AT_TIMESTAMP, null, timestamp);
  }

  /** The record with this sequence number. */
  public static ReadPosition atSequenceNumber(String sequenceNumber) {
    return new ReadPosition(Kind.AT_SEQUENCE_NUMBER, sequenceNumber, null);
  }

  /** The record behind the one with this sequence number. */
  public static ReadPosition afterSequenceNumber(String sequenceNumber) {
    return new ReadPosition(Kind.AFTER_SEQUENCE_NUMBER, sequenceNumber, null);
  }

  @Override
  public String toString() {
    if (sequenceNumber != null) {
      return kind + "(" + sequenceNumber + ")";
    }
    return timestamp == null ? kind.name() : kind + "(" + timestamp + ")";
  }
}
