package org.openkcl.benchmarks;

import java.util.OptionalDouble;

/**
 * Something that a scenario measures.
 *
 * @param name in lower camel case, with the unit in it where it has one
 * @param unit {@code s}, or what is counted
 * @param larger whether larger is better
 * @param limit what OpenKCL's worst must not exceed; empty where nothing was promised
 * @param leastRatio how many times better than Amazon's library OpenKCL must be; empty where
 *     nothing was promised
 */
record Metric(
    String name, String unit, boolean larger, OptionalDouble limit, OptionalDouble leastRatio) {

  static Metric seconds(String name) {
    return count(name, "s");
  }

  static Metric count(String name, String unit) {
    return new Metric(name, unit, false, OptionalDouble.empty(), OptionalDouble.empty());
  }

  /** Of which more is better. */
  static Metric rate(String name, String unit) {
    return new Metric(name, unit, true, OptionalDouble.empty(), OptionalDouble.empty());
  }

  Metric atMost(double most) {
    return new Metric(name, unit, larger, OptionalDouble.of(most), leastRatio);
  }

  Metric ratioAtLeast(double least) {
    return new Metric(name, unit, larger, limit, OptionalDouble.of(least));
  }

  /** How many times better ours is; infinite when ours is nothing, 1 when both are. */
  double ratio(double ours, double theirs) {
    double better = larger ? ours : theirs;
    double worse = larger ? theirs : ours;
    return worse == better ? 1 : better / worse;
  }
}
