package org.openkcl.leases.plan;

import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens to a simulated fleet, the same for every decider: the load of its shards over time,
 * and workers that come and go.
 *
 * @param skew how the load is spread over the shards
 * @param diurnal how far the load of a shard swings around its mean over a day, 0 to 1; shards peak
 *     at different hours
 * @param noise how much a measured window differs from the load behind it, as the deviation of a
 *     logarithm
 */
record Scenario(
    String name,
    int workers,
    int leases,
    int minutes,
    Skew skew,
    double diurnal,
    double noise,
    List<Event> events) {

  static final double MEAN_KBPS_PER_LEASE = 100;

  /** How the load is spread over the shards. */
  enum Skew {
    EVEN,
    /** Log-normal: a few times more here, a few times less there. */
    UNEVEN,
    /** The n-th shard has a part of 1/n^0.8, up to a limit of what a shard takes. */
    ZIPF,
    /** All alike but one in a hundred, at least one, that has 12 times as much. */
    HOT
  }

  /** What may happen. */
  enum Kind {
    JOIN,
    LEAVE,
    CRASH,
    /** The load moves to other shards. */
    SHIFT
  }

  /**
   * Something that happens.
   *
   * @param count how many workers do it
   */
  record Event(int atMinute, Kind kind, int count) {}

  Scenario(String name, int workers, int leases, int minutes, Skew skew, Event... events) {
    this(name, workers, leases, minutes, skew, 0, 0.3, List.of(events));
  }

  Scenario with(double newDiurnal, double newNoise) {
    return new Scenario(name, workers, leases, minutes, skew, newDiurnal, newNoise, events);
  }

  /** The mean load of each shard, in KiB/s. */
  double[] meanLoads(SplittableRandom chance) {
    double[] loads = new double[leases];
    double sum = 0;
    for (int i = 0; i < leases; i++) {
      loads[i] = switch (skew) {
        case EVEN -> 1;
        case UNEVEN -> Math.exp(0.8 * gaussian(chance));
        case ZIPF -> Math.pow(i + 1, -0.8);
        case HOT -> i < Math.max(1, leases / 100) ? 12 : 1;
      };
      sum += loads[i];
    }
    for (int i = 0; i < leases; i++) {
      // A shard takes 1 MiB/s at most; where that is on average is left to the order of the shards.
      loads[i] = Math.min(1_000, loads[i] * MEAN_KBPS_PER_LEASE * leases / sum);
    }
    for (int i = leases - 1; i > 0; i--) {
      int j = chance.nextInt(i + 1);
      double swap = loads[i];
      loads[i] = loads[j];
      loads[j] = swap;
    }
    return loads;
  }

  static double gaussian(SplittableRandom chance) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += chance.nextDouble();
    }
    return sum;
  }
}
