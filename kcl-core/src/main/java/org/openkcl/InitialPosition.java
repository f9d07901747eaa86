package org.openkcl;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an application begins to read a stream for which it has no leases yet. Once leases exist,
 * their checkpoints decide and the initial position is not consulted for them any more.
 *
 * <p>Immutable; safe for use by any thread.
 */
public final class InitialPosition {
  /** The three kinds of position, named as Kinesis names its shard iterator types. */
  public enum Kind {
    /** After the newest record. */
    LATEST,
    /** At the oldest record that the stream still keeps. */
    TRIM_HORIZON,
    /** At the first record that arrived at or after a timestamp. */
    AT_TIMESTAMP
  }

  private static final InitialPosition THE_LATEST = new InitialPosition(Kind.LATEST, null);
  private static final InitialPosition THE_TRIM_HORIZON =
      new InitialPosition(Kind.TRIM_HORIZON, null);

  private final Kind kind;
  private final @Nullable Instant timestamp;

  private InitialPosition(Kind kind, @Nullable Instant timestamp) {
    this.kind = kind;
    this.timestamp = timestamp;
  }

  /**
   * Only records that arrive from now on. "Now" is fixed once, when the leases are created: a worker
   * that dies before its first checkpoint does not move it.
   */
  public static InitialPosition latest() {
    return THE_LATEST;
  }

  /** Everything that the stream still keeps, oldest first. */
  public static InitialPosition trimHorizon() {
    return THE_TRIM_HORIZON;
  }

  /**
   * Records that arrived at or after a timestamp. Kinesis compares whole milliseconds; a timestamp
   * older than the stream's retention means the same as {@link #trimHorizon()}.
   *
   * @param timestamp any instant; Kinesis refuses one in the future
   */
  public static InitialPosition atTimestamp(Instant timestamp) {
    return new InitialPosition(Kind.AT_TIMESTAMP, Objects.requireNonNull(timestamp, "timestamp"));
  }

  /** Which of the three kinds this is. */
  public Kind kind() {
    return kind;
  }

  /** The timestamp: present exactly when {@link #kind()} is {@link Kind#AT_TIMESTAMP}. */
  public Optional<Instant> timestamp() {
    return Optional.ofNullable(timestamp);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InitialPosition that
        && kind == that.kind
        && Objects.equals(timestamp, that.timestamp);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, timestamp);
  }

  @Override
  public String toString() {
    return timestamp == null ? kind.name() : kind + "(" + timestamp + ")";
  }
}
