package org.openkcl.leases.fleet;

import java.time.Duration;

/**
 * What looking at the table may cost: read units that time earns and scans spend. At most two
 * seconds' worth is saved up, for moments in which it pays to look more often. Time comes in as an
 * argument. Confined to the event loop.
 */
final class ReadAllowance {
  private static final double SECONDS_SAVED_MAX = 2;
  private static final double NANOS_PER_SECOND = 1e9;

  private final double unitsPerSecond;
  private double units;
  private long sinceNanos;

  /** An allowance with all the savings that there can be. */
  ReadAllowance(double unitsPerSecond, long nowNanos) {
    this.unitsPerSecond = unitsPerSecond;
    this.units = unitsPerSecond * SECONDS_SAVED_MAX;
    this.sinceNanos = nowNanos;
  }

  /**
   * Spends the units of a scan, more than there are if need be.
   *
   * @return how long to wait until the debt is earned back; zero when there is none
   */
  Duration spend(double spentUnits, long nowNanos) {
    double earned = (nowNanos - sinceNanos) / NANOS_PER_SECOND * unitsPerSecond;
    units = Math.min(unitsPerSecond * SECONDS_SAVED_MAX, units + earned) - spentUnits;
    sinceNanos = nowNanos;
    return units >= 0
        ? Duration.ZERO
        : Duration.ofNanos((long) (-units / unitsPerSecond * NANOS_PER_SECOND));
  }
}
