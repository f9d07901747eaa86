package org.openkcl.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.AutoCheckpoint;
import org.openkcl.ConsumerListener;
import org.openkcl.DeliveryLimit;
import org.openkcl.FailurePolicies;
import org.openkcl.leases.fleet.FleetSettings;

/**
 * How a worker works.
 *
 * @param fleet its part in the fleet
 * @param timing its rhythms
 * @param maxConcurrentCalls how many calls into user code may be under way at once
 * @param handling what is done with batches and about failures
 */
public record WorkerSettings(
    FleetSettings fleet, Timing timing, int maxConcurrentCalls, Handling handling) {

  /** With {@link Handling#DEFAULT}. */
  public WorkerSettings(FleetSettings fleet, Timing timing, int maxConcurrentCalls) {
    this(fleet, timing, maxConcurrentCalls, Handling.DEFAULT);
  }

  /**
   * What is done with batches and about failures.
   *
   * @param failures when processors throw
   * @param workerLimit for all shards together
   * @param shardLimit for each shard
   * @param autoCheckpoint when the library checkpoints by itself; null for never
   * @param stuckTimeout after how long a call is abandoned; null for never
   * @param stallTimeout after how long without a sign of the service reading begins anew
   * @param listeners hear of everything
   */
  public record Handling(
      FailurePolicies failures,
      DeliveryLimit workerLimit,
      DeliveryLimit shardLimit,
      @Nullable AutoCheckpoint autoCheckpoint,
      @Nullable Duration stuckTimeout,
      Duration stallTimeout,
      List<ConsumerListener> listeners) {

    /** Retry without end, no limits, no checkpoints, never abandon a call, one minute, no listener. */
    public static final Handling DEFAULT = new Handling(
        FailurePolicies.DEFAULT,
        DeliveryLimit.NONE,
        DeliveryLimit.NONE,
        null,
        null,
        Duration.ofMinutes(1),
        List.of());

    public Handling {
      listeners = List.copyOf(listeners);
    }

    /** The same with these policies. */
    public Handling with(FailurePolicies policies) {
      return new Handling(
          policies, workerLimit, shardLimit, autoCheckpoint, stuckTimeout, stallTimeout, listeners);
    }

    /** The same with these limits. */
    public Handling with(DeliveryLimit ofWorker, DeliveryLimit ofShard) {
      return new Handling(
          failures, ofWorker, ofShard, autoCheckpoint, stuckTimeout, stallTimeout, listeners);
    }

    /** The same with automatic checkpoints. */
    public Handling with(AutoCheckpoint checkpoints) {
      return new Handling(
          failures, workerLimit, shardLimit, checkpoints, stuckTimeout, stallTimeout, listeners);
    }

    /** The same with these bounds on calls (null for none) and on reading. */
    public Handling with(@Nullable Duration newStuckTimeout, Duration newStallTimeout) {
      return new Handling(
          failures,
          workerLimit,
          shardLimit,
          autoCheckpoint,
          newStuckTimeout,
          newStallTimeout,
          listeners);
    }

    /** The same with one listener more. */
    public Handling with(ConsumerListener listener) {
      List<ConsumerListener> all = new ArrayList<>(listeners);
      all.add(listener);
      return new Handling(
          failures, workerLimit, shardLimit, autoCheckpoint, stuckTimeout, stallTimeout, all);
    }
  }

  /**
   * The worker's rhythms.
   *
   * @param startTimeout how long {@code start()} tries on after failures that may pass
   * @param drainTimeout how long user code may take to end when the worker stops
   * @param firstRetry the pause before a failed step at the end of a shard is made again
   * @param auditInterval between two comparisons of the stream's shards with the leases
   * @param stuckCallReport after how long a call into user code is reported with its stack
   */
  public record Timing(
      Duration startTimeout,
      Duration drainTimeout,
      Duration firstRetry,
      Duration auditInterval,
      Duration stuckCallReport) {

    /** 30 s, 30 s, 0.5 s, 2 min, 1 min. */
    public static final Timing DEFAULT = new Timing(
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        Duration.ofMinutes(2),
        Duration.ofMinutes(1));

    /** The same with these bounds on start and end. */
    public Timing with(Duration newStartTimeout, Duration newDrainTimeout) {
      return new Timing(
          newStartTimeout, newDrainTimeout, firstRetry, auditInterval, stuckCallReport);
    }
  }
}
