package org.openkcl.testkit;

import java.time.Duration;

/**
 * How the fleet's own processors behave.
 *
 * @param maxBatchTime a batch takes between nothing and this long
 * @param longCalls share of batches that take up to fifty times as long, 0 to 1
 * @param throwing share of calls that throw, 0 to 1
 * @param forgetting share of calls to {@code shardEnded} and {@code shutdownRequested} that end
 *     without a checkpoint, 0 to 1
 * @param stalling share of batches that take one to two minutes, 0 to 1
 * @param lingering share of other calls that take up to fifty times as long, 0 to 1
 * @param crashing share of batches in which the whole process ends, 0 to 1
 */
public record Habits(
    Duration maxBatchTime,
    double longCalls,
    double throwing,
    double forgetting,
    double stalling,
    double lingering,
    double crashing) {

  /** Slow, wrong or forgetful, but neither stalling nor deadly. */
  public Habits(Duration maxBatchTime, double longCalls, double throwing, double forgetting) {
    this(maxBatchTime, longCalls, throwing, forgetting, 0, 0, 0);
  }

  /** Batches of up to 200 ms and no mistakes. */
  public static final Habits GOOD = new Habits(Duration.ofMillis(200), 0, 0, 0);
}
