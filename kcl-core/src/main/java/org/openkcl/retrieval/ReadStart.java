package org.openkcl.retrieval;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;

/**
 * Where the reading of a shard starts: what Kinesis is asked for, and what is then left out of its
 * answer because it has been processed.
 *
 * <p>A checkpoint may stand inside an aggregate (Amazon's library writes such ones), and a
 * checkpoint with sub-sequence number 0 does not tell whether its record is the first of an
 * aggregate or no aggregate at all. So the checkpointed record itself is asked for again, as
 * Amazon's library does, and everything up to the checkpoint is left out once aggregates have been
 * taken apart ({@link UserRecordSources}). It costs one record per start.
 *
 * @param position where the first iterator is opened
 * @param processed records up to and including this one are not delivered; a sentinel filters
 *     nothing
 * @param hashKeys those that the shard takes; null when not known
 */
public record ReadStart(
    ReadPosition position, Checkpoint processed, @Nullable HashKeyRange hashKeys) {

  /** A start in a shard whose hash keys are not known. */
  public ReadStart(ReadPosition position, Checkpoint processed) {
    this(position, processed, null);
  }

  /** The same start in a shard that takes these hash keys. */
  public ReadStart within(@Nullable HashKeyRange range) {
    return new ReadStart(position, processed, range);
  }

  /**
   * The start that a lease asks for.
   *
   * <table>
   * <caption>Checkpoint to position</caption>
   * <tr><th>checkpoint</th><th>position</th></tr>
   * <tr><td>TRIM_HORIZON</td><td>TRIM_HORIZON</td></tr>
   * <tr><td>LATEST with a pin</td><td>AT_TIMESTAMP of the pin</td></tr>
   * <tr><td>LATEST without</td><td>LATEST, whatever it means by then</td></tr>
   * <tr><td>AT_TIMESTAMP</td><td>AT_TIMESTAMP of the pin</td></tr>
   * <tr><td>a sequence number</td><td>AT_SEQUENCE_NUMBER, filtered</td></tr>
   * <tr><td>SHARD_END</td><td>empty: nothing is left to read</td></tr>
   * </table>
   *
   * @param checkpoint the lease's checkpoint
   * @param startAt the instant pinned when the lease was created; for AT_TIMESTAMP leases that
   *     Amazon's library created, which keep none, the configured timestamp
   * @throws IllegalArgumentException for AT_TIMESTAMP without an instant
   */
  public static Optional<ReadStart> of(Checkpoint checkpoint, @Nullable Instant startAt) {
    if (checkpoint.isShardEnd()) {
      return Optional.empty();
    }
    return Optional.of(new ReadStart(positionOf(checkpoint, startAt), checkpoint));
  }

  private static ReadPosition positionOf(Checkpoint checkpoint, @Nullable Instant startAt) {
    if (checkpoint.equals(Checkpoint.TRIM_HORIZON)) {
      return ReadPosition.trimHorizon();
    }
    if (!checkpoint.isSentinel()) {
      return ReadPosition.atSequenceNumber(checkpoint.sequenceNumber());
    }
    if (startAt != null) {
      return ReadPosition.atTimestamp(startAt);
    }
    if (checkpoint.equals(Checkpoint.LATEST)) {
      return ReadPosition.latest();
    }
    throw new IllegalArgumentException(
        "A lease at AT_TIMESTAMP needs the instant it stands for, which the lease does not keep:"
            + " got none. Set initialPosition to atTimestamp(...) as in the application that"
            + " created the lease.");
  }
}
