package org.openkcl.benchmarks;

import java.util.List;

/**
 * One metric over the repeats of a scenario. Smaller is better for all metrics.
 *
 * @param median the middle one; of an even number the mean of the two in the middle
 * @param worst the largest
 */
record Summary(double median, double worst) {

  static Summary of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("A summary needs at least one value: got none");
    }
    return new Summary(
        percentile50(values), values.stream().max(Double::compare).orElseThrow());
  }

  private static double percentile50(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
