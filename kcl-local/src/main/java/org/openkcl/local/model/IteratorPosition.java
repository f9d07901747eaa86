package org.openkcl.local.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where in a shard to start reading (API reference: GetShardIterator).
 *
 * @param type how the place is given
 * @param sequenceNumber required for the two sequence number types, else ignored
 * @param timestamp required for {@link Type#AT_TIMESTAMP}, else ignored
 */
public record IteratorPosition(
    Type type, @Nullable String sequenceNumber, @Nullable Instant timestamp) {
  /** The iterator types. */
  public enum Type {
    /** The oldest record still stored. */
    TRIM_HORIZON,
    /** Just after the newest record. */
    LATEST,
    /** The first record that arrived at the time or later; not in the future. */
    AT_TIMESTAMP,
    /** The record with the sequence number; where it has expired, the oldest record. */
    AT_SEQUENCE_NUMBER,
    /** The first record after the sequence number. */
    AFTER_SEQUENCE_NUMBER
  }

  public IteratorPosition {
    if (type == Type.AT_TIMESTAMP && timestamp == null) {
      throw StreamException.invalidArgument("Must specify Timestamp for type " + type + ".");
    }
    boolean numbered = type == Type.AT_SEQUENCE_NUMBER || type == Type.AFTER_SEQUENCE_NUMBER;
    if (numbered && sequenceNumber == null) {
      throw StreamException.invalidArgument(
          "Must specify StartingSequenceNumber for type " + type + ".");
    }
  }

  public static IteratorPosition trimHorizon() {
    return new IteratorPosition(Type.TRIM_HORIZON, null, null);
  }

  public static IteratorPosition latest() {
    return new IteratorPosition(Type.LATEST, null, null);
  }

  public static IteratorPosition atTimestamp(Instant timestamp) {
    return new IteratorPosition(Type.AT_TIMESTAMP, null, timestamp);
  }

  public static IteratorPosition atSequenceNumber(String sequenceNumber) {
    return new IteratorPosition(Type.AT_SEQUENCE_NUMBER, sequenceNumber, null);
  }

  public static IteratorPosition afterSequenceNumber(String sequenceNumber) {
    return new IteratorPosition(Type.AFTER_SEQUENCE_NUMBER, sequenceNumber, null);
  }

  String requiredSequenceNumber() {
    if (sequenceNumber == null) {
      throw new IllegalStateException(type + " has no sequence number");
    }
    return sequenceNumber;
  }

  Instant requiredTimestamp() {
    if (timestamp == null) {
      throw new IllegalStateException(type + " has no timestamp");
    }
    return timestamp;
  }
}
