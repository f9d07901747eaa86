package org.openkcl.multilang.child;

import java.time.Duration;

/**
 * Whether children may be started, after some that failed: the first few failures change nothing,
 * then one start at a time is tried, at intervals that double from 1 s to 1 min. There is one gate
 * for all starts, without which hundreds of shards would start a program over and over that cannot
 * run, and one per shard, for a record that every child dies of. Immutable.
 *
 * @param failures in a row
 * @param closedUntilNanos on the monotonic clock; means nothing before the gate has closed once
 */
record StartGate(int failures, long closedUntilNanos) {
  static final StartGate OPEN = new StartGate(0, 0);
  private static final int FREE_FAILURES = 3;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int MOST_DOUBLINGS = 6;

  /** Whether there were so many failures that the next one is expected, too. */
  boolean isSuspected() {
    return failures >= FREE_FAILURES;
  }

  /** How long nobody may start a child; zero when one may be started now. */
  Duration closedFor(long nowNanos) {
    if (failures < FREE_FAILURES) {
      return Duration.ZERO;
    }
    long left = closedUntilNanos - nowNanos;
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }

  /** The gate while a start is tried: others wait for its outcome. */
  StartGate entered(long nowNanos) {
    return failures < FREE_FAILURES
        ? this
        : new StartGate(failures, nowNanos + pause().toNanos());
  }

  /** After a start that failed. */
  StartGate failed(long nowNanos) {
    StartGate next = new StartGate(failures + 1, nowNanos);
    return new StartGate(failures + 1, nowNanos + next.pause().toNanos());
  }

  private Duration pause() {
    int doublings = Math.min(Math.max(0, failures - FREE_FAILURES), MOST_DOUBLINGS);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
