package org.openkcl.benchmarks;

import java.util.List;

/**
 * One metric of one library over the repeats of a scenario.
 *
 * @param median the middle one; of an even number the mean of the two in the middle
 * @param lowest the smallest
 * @param highest the largest
 */
record Summary(double median, double lowest, double highest) {

  static Summary of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("A summary needs at least one value: got none");
    }
    List<Double> sorted = values.stream().sorted().toList();
    return new Summary(percentile50(sorted), sorted.get(0), sorted.get(sorted.size() - 1));
  }

  /** The largest, of metrics of which less is better. */
  double worst() {
    return highest;
  }

  private static double percentile50(List<Double> sorted) {
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
