package org.openkcl.metrics;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which series a value belongs to. Equal ones are one series.
 *
 * @param name as in CloudWatch, such as {@code RecordsProcessed}; not blank
 * @param dimensions their values by their names, such as {@code ShardId}; neither blank
 * @param unit what values count
 */
public record MetricIdentity(String name, SortedMap<String, String> dimensions, MetricUnit unit) {

  public MetricIdentity {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be blank: got '" + name + "'");
    }
    for (Map.Entry<String, String> dimension : dimensions.entrySet()) {
      if (dimension.getKey().isBlank() || dimension.getValue().isBlank()) {
        throw new IllegalArgumentException(
            "dimensions of %s must not be blank: got %s".formatted(name, dimensions));
      }
    }
    dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
  }

  /** A series with these dimensions, in whatever order. */
  public static MetricIdentity of(String name, Map<String, String> dimensions, MetricUnit unit) {
    return new MetricIdentity(name, new TreeMap<>(dimensions), unit);
  }

  /** The series that values go to when only some dimensions are wanted. */
  public MetricIdentity keeping(Predicate<String> wanted) {
    SortedMap<String, String> kept = new TreeMap<>(dimensions);
    kept.keySet().removeIf(wanted.negate());
    return new MetricIdentity(name, kept, unit);
  }
}
