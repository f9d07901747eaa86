package org.openkcl.metrics;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The name of a metric in a {@code MetricRegistry}, which knows no labels: the metric's own name, and
 * behind it what the value belongs to, as Graphite writes tagged series: {@code
 * openkcl.shard.lag.millis;application=orders;shard=shardId-000000000003;stream=orders;worker=a}.
 *
 * @param metric as {@link ConsumerMetric#registryName} has it
 * @param tags their values by their names: {@code application}, {@code worker}, {@code stream},
 *     {@code shard}
 */
public record RegistryName(String metric, SortedMap<String, String> tags) {

  public RegistryName {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** A name with these tags, in whatever order. */
  public static RegistryName of(String metric, Map<String, String> tags) {
    return new RegistryName(metric, new TreeMap<>(tags));
  }

  /** Takes a name apart; what is not of this form is all metric. */
  public static RegistryName parse(String name) {
    String[] parts = name.split(";", -1);
    TreeMap<String, String> tags = new TreeMap<>();
    for (int i = 1; i < parts.length; i++) {
      int end = parts[i].indexOf('=');
      if (end < 1) {
        return new RegistryName(name, new TreeMap<>());
      }
      tags.put(parts[i].substring(0, end), parts[i].substring(end + 1));
    }
    return new RegistryName(parts[0], tags);
  }

  /** As the registry has it. Semicolons in values, which would end them, become commas. */
  @Override
  public String toString() {
    StringBuilder name = new StringBuilder(metric);
    tags.forEach(
        (tag, value) -> name.append(';').append(tag).append('=').append(value.replace(';', ',')));
    return name.toString();
  }
}
