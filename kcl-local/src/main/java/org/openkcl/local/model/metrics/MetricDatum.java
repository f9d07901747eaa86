package org.openkcl.local.model.metrics;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A data point as it is published (API reference: MetricDatum). It says its value in one of three
 * ways; {@link MetricRules} checks that.
 *
 * @param timestamp null for now
 * @param value a single one
 * @param statistics a set of values in four numbers
 * @param values several, each as often as the count in the same place says
 * @param counts empty when each value occurred once
 * @param unit null for {@code None}
 * @param storageResolution 1 or 60 seconds
 */
public record MetricDatum(
    String name,
    SortedMap<String, String> dimensions,
    @Nullable Instant timestamp,
    @Nullable Double value,
    @Nullable Statistics statistics,
    List<Double> values,
    List<Double> counts,
    @Nullable String unit,
    int storageResolution) {
  public MetricDatum {
    values = List.copyOf(values);
    counts = List.copyOf(counts);
  }
}
