package org.openkcl.worker;

import java.time.Duration;
import org.openkcl.InitialPosition;
import org.openkcl.leases.fleet.FleetSettings;

/**
 * How a worker works.
 *
 * @param initialPosition where shards without a lease are begun
 * @param fleet its part in the fleet
 * @param timing its rhythms
 * @param maxConcurrentCalls how many calls into user code may be under way at once
 */
public record WorkerSettings(
    InitialPosition initialPosition, FleetSettings fleet, Timing timing, int maxConcurrentCalls) {

  /**
   * The worker's rhythms.
   *
   * @param startTimeout how long {@code start()} tries on after failures that may pass
   * @param drainTimeout how long user code may take to end when the worker stops
   * @param firstRetry the pause after a processor threw; doubles with each failure in a row
   * @param maxRetry the longest such pause
   * @param auditInterval between two comparisons of the stream's shards with the leases
   * @param stuckCallReport after how long a call into user code is reported with its stack
   */
  public record Timing(
      Duration startTimeout,
      Duration drainTimeout,
      Duration firstRetry,
      Duration maxRetry,
      Duration auditInterval,
      Duration stuckCallReport) {

    /** 30 s, 30 s, 0.5 s to 30 s, 2 min, 1 min. */
    public static final Timing DEFAULT = new Timing(
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(1));

    /** The same with these bounds on start and end. */
    public Timing with(Duration newStartTimeout, Duration newDrainTimeout) {
      return new Timing(
          newStartTimeout, newDrainTimeout, firstRetry, maxRetry, auditInterval, stuckCallReport);
    }

    /** The pause after {@code failures} failures in a row. */
    public Duration retryDelay(int failures) {
      Duration delay = firstRetry.multipliedBy(1L << Math.min(Math.max(failures - 1, 0), 16));
      return delay.compareTo(maxRetry) < 0 ? delay : maxRetry;
    }
  }
}
