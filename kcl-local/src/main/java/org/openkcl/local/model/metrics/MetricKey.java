package org.openkcl.local.model.metrics;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What tells one metric from another.
 *
 * @param dimensions value by name; two metrics with different dimensions are different metrics
 */
public record MetricKey(String namespace, String name, SortedMap<String, String> dimensions) {
  public MetricKey {
    dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
  }

  public static MetricKey of(String namespace, String name, Map<String, String> dimensions) {
    return new MetricKey(namespace, name, new TreeMap<>(dimensions));
  }
}
