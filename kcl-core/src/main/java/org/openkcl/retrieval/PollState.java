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
 * @param spacing how much wider than usual reads are spaced because others read the shard too; 1 or
 *     more
 * @param lastRead null before the first reply
 */
record PollState(
    ReadPosition position,
    @Nullable String iterator,
    boolean ended,
    long notBeforeNanos,
    int failures,
    double spacing,
    @Nullable LastRead lastRead) {

  /** The state of a shard from which nothing has been asked. */
  static PollState startingAt(ReadPosition position, long nowNanos) {
    return new PollState(position, null, false, nowNanos, 0, 1, null);
  }

  PollState withPosition(ReadPosition newPosition) {
    return new PollState(newPosition, iterator, ended, notBeforeNanos, failures, spacing, lastRead);
  }

  PollState withIterator(@Nullable String newIterator) {
    return new PollState(position, newIterator, ended, notBeforeNanos, failures, spacing, lastRead);
  }

  /** How far the last reply was behind, in milliseconds; 0 before the first. */
  long millisBehind() {
    return lastRead == null ? 0 : lastRead.millisBehind();
  }

  /**
   * The last reply.
   *
   * @param startedNanos when it was asked for
   * @param bytes what it took, or what larger ones before it took, less an eighth for each reply since
   * @param recordBytes what a record of the last reply that had some took on average; 0 before that
   * @param millisBehind how far it was behind
   * @param first whether there was none before it
   */
  record LastRead(
      long startedNanos, long bytes, long recordBytes, long millisBehind, boolean first) {

    static LastRead of(@Nullable LastRead before, ReadReply reply, long startedNanos) {
      int count = reply.records().size();
      long faded = before == null ? 0 : before.bytes() - before.bytes() / 8;
      long each = before == null ? 0 : before.recordBytes();
      return new LastRead(
          startedNanos,
          Math.max(reply.bytes(), faded),
          count == 0 ? each : reply.bytes() / count,
          reply.millisBehindLatest(),
          before == null);
    }
  }
}
