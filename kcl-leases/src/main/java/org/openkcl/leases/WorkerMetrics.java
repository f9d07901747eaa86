package org.openkcl.leases;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What a worker tells of its load, in the form of Amazon's library. Metrics go by short names: C
 * (CPU), M (memory), NI and NO (network in and out), T (throughput).
 *
 * @param averages per metric the last averages, oldest first, at most 10; -1 stands for a window in
 *     which the metric could not be taken
 * @param operatingRange per metric what the averages may reach; the first number is the greatest
 *     utilisation in percent, not 0
 * @param properties reserved in Amazon's format; empty
 */
public record WorkerMetrics(
    Map<String, List<Double>> averages,
    Map<String, List<Double>> operatingRange,
    Map<String, String> properties) {

  /** The short name of CPU utilisation. */
  public static final String CPU = "C";

  /** The short name of throughput. */
  public static final String THROUGHPUT = "T";

  /** A worker that measures nothing: it is balanced by the throughput of its leases alone. */
  public static final WorkerMetrics NONE = new WorkerMetrics(Map.of(), Map.of(), Map.of());

  /** The average that stands for a failed measurement. */
  public static final double FAILED = -1;

  private static final int AVERAGES_MAX = 10;
  private static final int RECENT = 3;

  public WorkerMetrics {
    averages = copyOf(averages);
    operatingRange = copyOf(operatingRange);
    properties = Collections.unmodifiableMap(new TreeMap<>(properties));
  }

  /** The same with one more average of a metric; the oldest beyond {@value #AVERAGES_MAX} go. */
  public WorkerMetrics with(String metric, double average, double rangeMax) {
    Map<String, List<Double>> more = new TreeMap<>(averages);
    List<Double> values = new ArrayList<>(averages.getOrDefault(metric, List.of()));
    values.add(average);
    more.put(metric, values.subList(Math.max(0, values.size() - AVERAGES_MAX), values.size()));
    Map<String, List<Double>> ranges = new TreeMap<>(operatingRange);
    ranges.put(metric, List.of(rangeMax));
    return new WorkerMetrics(more, ranges, properties);
  }

  /**
   * Whether Amazon's leader can use them: every metric has a range that is not 0, or there is none
   * but throughput.
   */
  public boolean areValid() {
    boolean bare =
        operatingRange.isEmpty() && averages.keySet().stream().allMatch(THROUGHPUT::equals);
    return bare
        || averages.keySet().stream().allMatch(metric -> {
          List<Double> range = operatingRange.getOrDefault(metric, List.of());
          return !range.isEmpty() && range.get(0) != 0;
        });
  }

  /** The mean of a metric's last three averages, failed ones left out; empty when none was taken. */
  public Optional<Double> recent(String metric) {
    List<Double> values = averages.getOrDefault(metric, List.of());
    OptionalDouble mean =
        values.subList(Math.max(0, values.size() - RECENT), values.size()).stream()
            .mapToDouble(value -> value)
            .filter(value -> value != FAILED)
            .average();
    return mean.isPresent() ? Optional.of(mean.getAsDouble()) : Optional.empty();
  }

  /** Whether the last measurement of some metric failed; Amazon's leader gives no leases then. */
  public boolean areFailing() {
    return averages.values().stream()
        .anyMatch(values -> !values.isEmpty() && values.get(values.size() - 1) == FAILED);
  }

  private static Map<String, List<Double>> copyOf(Map<String, List<Double>> values) {
    Map<String, List<Double>> copy = new TreeMap<>();
    values.forEach((name, list) -> copy.put(name, List.copyOf(list)));
    return Collections.unmodifiableMap(copy);
  }
}
