package org.openkcl.samples.demo;

import java.time.Duration;

/**
 * When how many records are due: evenly from a moment at which some had been put to the end. Moments
 * are of {@code System.nanoTime()}.
 *
 * @param done how many had been put at {@code fromNanos}
 * @param endNanos when all are due; after {@code fromNanos}
 */
record Pace(long done, long fromNanos, long endNanos) {

  /** From nothing to all in {@code duration}. */
  static Pace lasting(Duration duration, long nowNanos) {
    return new Pace(0, nowNanos, nowNanos + duration.toNanos());
  }

  /** How many of {@code total} records should have been put by now; the first is due at once. */
  long due(long nowNanos, long total) {
    double part = (double) (nowNanos - fromNanos) / (endNanos - fromNanos);
    return Math.min(total, Math.max(1, done + (long) (part * (total - done))));
  }

  /** Slower from now on, to end later by {@code extra}. */
  Pace extended(long doneByNow, long nowNanos, Duration extra) {
    return new Pace(doneByNow, nowNanos, Math.max(endNanos, nowNanos) + extra.toNanos());
  }
}
