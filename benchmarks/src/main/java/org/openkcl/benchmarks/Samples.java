package org.openkcl.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What has been measured so far: any number of values per metric. */
final class Samples {
  private final Map<Metric, List<Double>> values = new HashMap<>();

  /** One value for each metric. */
  static Samples of(Map<Metric, Double> measured) {
    Samples samples = new Samples();
    measured.forEach(samples::add);
    return samples;
  }

  Samples add(Metric metric, double value) {
    values.computeIfAbsent(metric, unknown -> new ArrayList<>()).add(value);
    return this;
  }

  /** A count, which is far from where a double cannot hold it. */
  Samples add(Metric metric, long value) {
    return add(metric, (double) value);
  }

  Samples addAll(Samples more) {
    more.values.forEach((metric, some) -> some.forEach(value -> add(metric, value)));
    return this;
  }

  /** In the order in which they were measured; empty when the metric was not. */
  List<Double> of(Metric metric) {
    return List.copyOf(values.getOrDefault(metric, List.of()));
  }
}
