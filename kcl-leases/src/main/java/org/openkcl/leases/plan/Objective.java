package org.openkcl.leases.plan;

import org.jspecify.annotations.Nullable;
import org.openkcl.leases.plan.FleetView.Holding;

/**
 * What a plan makes even among workers, as a cost per lease: a fixed part, because every shard is
 * polled and its lease renewed however little it brings, and a measured one.
 */
public enum Objective {
  /**
   * What is processed, in KiB/s. A lease costs as much as 10 KiB/s beside what it brings, so that a
   * quiet stream is shared out by count, and a busy one by load.
   */
  THROUGHPUT(10, 1e7) {
    @Override
    @Nullable
    Double measured(Holding lease) {
      return lease.throughputKBps();
    }
  },

  /** The number of leases. */
  COUNT(1, 0) {
    @Override
    @Nullable
    Double measured(Holding lease) {
      return 0.0;
    }
  },

  /**
   * How busy the workers' machines are. Leases cost what they do by throughput, and a worker's
   * weight follows from how busy what it has makes it. Workers whose utilization is not known count
   * as average.
   */
  UTILIZATION(10, 1e7) {
    @Override
    @Nullable
    Double measured(Holding lease) {
      return lease.throughputKBps();
    }
  },

  /**
   * What there is to catch up with, in seconds behind the tip. A lease costs as much as a minute
   * behind, so that a fleet that keeps up is shared out by count; more than a day counts as a day.
   */
  LAG(60, 86_400) {
    @Override
    @Nullable
    Double measured(Holding lease) {
      return lease.lagSeconds();
    }
  };

  /** Costs are counted in tenths of the fixed one: finer differences are different views' only. */
  private static final double STEPS = 10;

  private final double fixedCost;
  private final double most;

  Objective(double fixedCost, double most) {
    this.fixedCost = fixedCost;
    this.most = most;
  }

  abstract @Nullable Double measured(Holding lease);

  /** What every lease costs besides what is measured. */
  double fixedCost() {
    return fixedCost;
  }

  /** A measured cost without what is too small to act on. */
  double coarse(double variableCost) {
    double step = fixedCost / STEPS;
    return Math.rint(variableCost / step) * step;
  }

  /** The measurement, or -1 where there is none or it cannot be true. */
  double variableCost(Holding lease) {
    Double measured = measured(lease);
    return measured == null || !(measured >= 0 && measured < Double.POSITIVE_INFINITY)
        ? -1
        : Math.min(measured, most);
  }
}
