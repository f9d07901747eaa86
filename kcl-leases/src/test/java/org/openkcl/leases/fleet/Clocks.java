package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.SplittableRandom;
import org.openkcl.environment.SimulatedEnvironment;

/**
 * Clocks that are wrong, within what a fleet bears: delivery stops a twentieth of the failover time
 * before others may take a lease, so that clocks may differ by 4 % in pace. By how much they differ
 * in what time it is must not matter at all.
 */
final class Clocks {
  private static final double MOST_DRIFT = 0.02;

  private Clocks() {}

  /** Sets a process's clocks wrong from its start. */
  static void upset(SimulatedEnvironment process, SplittableRandom chance) {
    process.setClockPace(1 + MOST_DRIFT * (2 * chance.nextDouble() - 1));
    process.moveWallClock(Duration.ofMillis(chance.nextInt(-8_000, 8_000)));
  }

  /**
   * Makes one of a process's clocks jump while it runs: the monotonic one falls behind, as on a
   * machine that slept without a notice, or the wall clock is put on.
   */
  static void jump(SimulatedEnvironment process, SplittableRandom chance) {
    Duration step = Duration.ofMillis(chance.nextInt(12_000));
    if (chance.nextBoolean()) {
      process.delayMonotonicClock(step);
    } else {
      process.moveWallClock(step);
    }
  }
}
