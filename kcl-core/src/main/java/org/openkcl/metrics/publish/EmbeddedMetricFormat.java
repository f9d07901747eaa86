package org.openkcl.metrics.publish;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.openkcl.metrics.MetricDatum;
import org.openkcl.metrics.MetricIntake;
import org.openkcl.metrics.StatisticSet;

/**
 * CloudWatch's embedded metric format: a line of JSON for each time and set of dimensions, with at
 * most 100 metrics (Amazon CloudWatch user guide, "Specification: Embedded metric format").
 *
 * <p>A single value is a number. Several are an object of Min, Max, Sum and Count, as AWS' exporter for
 * OpenTelemetry writes them; the specification names only numbers and lists of up to 100 of them, which
 * would lose values.
 */
public final class EmbeddedMetricFormat implements MetricIntake {
  private static final int MAX_METRICS = 100;

  private final String namespace;
  private final Consumer<String> lines;

  /**
   * An intake that writes lines.
   *
   * @param namespace that all metrics belong to
   * @param lines takes one line at a time, without its end
   */
  public EmbeddedMetricFormat(String namespace, Consumer<String> lines) {
    this.namespace = namespace;
    this.lines = lines;
  }

  @Override
  public CompletionStage<Void> accept(List<MetricDatum> data) {
    Map<Group, List<MetricDatum>> groups = new LinkedHashMap<>();
    for (MetricDatum datum : data) {
      Group group = new Group(datum.at(), datum.identity().dimensions());
      groups.computeIfAbsent(group, unknown -> new ArrayList<>()).add(datum);
    }
    groups.forEach((group, metrics) -> {
      for (int first = 0; first < metrics.size(); first += MAX_METRICS) {
        lines.accept(
            line(group, metrics.subList(first, Math.min(metrics.size(), first + MAX_METRICS))));
      }
    });
    return CompletableFuture.completedFuture(null);
  }

  private record Group(Instant at, SortedMap<String, String> dimensions) {}

  private String line(Group group, List<MetricDatum> metrics) {
    String definitions = metrics.stream()
        .map(metric -> "{\"Name\":%s,\"Unit\":\"%s\"}"
            .formatted(
                quoted(metric.identity().name()), metric.identity().unit().cloudWatchName()))
        .collect(Collectors.joining(","));
    String dimensions = group.dimensions().keySet().stream()
        .map(EmbeddedMetricFormat::quoted)
        .collect(Collectors.joining(","));
    StringBuilder line = new StringBuilder(
        "{\"_aws\":{\"Timestamp\":%d,\"CloudWatchMetrics\":[{\"Namespace\":%s,\"Dimensions\":[[%s]],\"Metrics\":[%s]}]}"
            .formatted(group.at().toEpochMilli(), quoted(namespace), dimensions, definitions));
    group
        .dimensions()
        .forEach((name, value) ->
            line.append(',').append(quoted(name)).append(':').append(quoted(value)));
    metrics.forEach(metric -> line.append(',')
        .append(quoted(metric.identity().name()))
        .append(':')
        .append(value(metric.statistics())));
    return line.append('}').toString();
  }

  private static String value(StatisticSet statistics) {
    return statistics.count() == 1
        ? number(statistics.sum())
        : "{\"Min\":%s,\"Max\":%s,\"Sum\":%s,\"Count\":%d}"
            .formatted(
                number(statistics.minimum()),
                number(statistics.maximum()),
                number(statistics.sum()),
                statistics.count());
  }

  /** Whole numbers as such; others as Java writes them, which is JSON for what is finite. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1L << 53
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** A JSON string (RFC 8259, section 7). */
  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
