package org.openkcl.retrieval;

import org.jspecify.annotations.Nullable;

/**
 * How far the reading of one shard has got.
 *
 * @param position where an iterator is opened when there is none: behind the last record read
 * @param iterator null when one has to be opened
 * @param ended whether the shard has been read to its end
 * @param notBeforeNanos the earliest time of the next call, on the monotonic clock
 * @param failures calls that failed since the last read that did not
 * @param lastRead null before the first reply
 */
record PollState(
    ReadPosition position,
    @Nullable String iterator,
    boolean ended,
    long notBeforeNanos,
    int failures,
    @Nullable LastRead lastRead) {

  /** The state of a shard from which nothing has been asked. */
  static PollState startingAt(ReadPosition position, long nowNanos) {
    return new PollState(position, null, false, nowNanos, 0, null);
  }

  PollState withPosition(ReadPosition newPosition) {
    return new PollState(newPosition, iterator, ended, notBeforeNanos, failures, lastRead);
  }

  PollState withIterator(@Nullable String newIterator) {
    return new PollState(position, newIterator, ended, notBeforeNanos, failures, lastRead);
  }

  /**
   * The last reply.
   *
   * @param startedNanos when it was asked for
   * @param bytes what it took, 0 or more
   */
  record LastRead(long startedNanos, long bytes) {}
}
