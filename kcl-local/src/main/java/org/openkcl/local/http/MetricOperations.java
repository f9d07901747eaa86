package org.openkcl.local.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.metrics.DataPoint;
import org.openkcl.local.model.metrics.LocalMetrics;
import org.openkcl.local.model.metrics.MetricDatum;
import org.openkcl.local.model.metrics.MetricException;
import org.openkcl.local.model.metrics.MetricKey;
import org.openkcl.local.model.metrics.Statistics;
import org.openkcl.local.model.metrics.StatisticsQuery;

/** The operations of the CloudWatch intake. */
final class MetricOperations {
  static final Map<String, Operation> ALL = Map.of(
      "PutMetricData", MetricOperations::put,
      "ListMetrics", MetricOperations::list,
      "GetMetricStatistics", MetricOperations::statistics,
      "GetMetricData", MetricOperations::data);
  static final String NAMES = new TreeSet<>(ALL.keySet()).toString();

  private static final int LIST_PAGE = 500;

  private MetricOperations() {}

  /** From members to members of the reply; asked with the metrics to itself. */
  @FunctionalInterface
  interface Operation {
    Map<String, Object> answer(LocalMetrics metrics, MetricParams in);
  }

  private static Map<String, Object> put(LocalMetrics metrics, MetricParams in) {
    List<MetricDatum> data = new ArrayList<>();
    in.objects("MetricData").forEach(datum -> data.add(datum(datum)));
    for (MetricParams entity : in.objects("EntityMetricData")) {
      entity.objects("MetricData").forEach(datum -> data.add(datum(datum)));
    }
    String namespace = in.text("Namespace");
    if (data.isEmpty()) {
      throw in.missing("MetricData");
    }
    metrics.put(namespace, data);
    return Map.of();
  }

  private static MetricDatum datum(MetricParams in) {
    MetricParams set = in.objectOrNull("StatisticValues");
    return new MetricDatum(
        in.text("MetricName"),
        dimensions(in),
        in.timeOrNull("Timestamp"),
        in.numberOrNull("Value"),
        set == null
            ? null
            : new Statistics(
                set.number("SampleCount"),
                set.number("Sum"),
                set.number("Minimum"),
                set.number("Maximum")),
        in.numbers("Values"),
        in.numbers("Counts"),
        in.textOrNull("Unit"),
        in.integer("StorageResolution", 60));
  }

  private static SortedMap<String, String> dimensions(MetricParams in) {
    SortedMap<String, String> dimensions = new TreeMap<>();
    for (MetricParams dimension : in.objects("Dimensions")) {
      if (dimensions.put(dimension.text("Name"), dimension.text("Value")) != null) {
        throw new MetricException(
            "InvalidParameterValue",
            "No dimension can be given twice: got two of the name " + dimension.text("Name"));
      }
    }
    return dimensions;
  }

  private static MetricKey key(MetricParams in) {
    return new MetricKey(in.text("Namespace"), in.text("MetricName"), dimensions(in));
  }

  private static Map<String, Object> list(LocalMetrics metrics, MetricParams in) {
    String namespace = in.textOrNull("Namespace");
    String name = in.textOrNull("MetricName");
    List<MetricParams> filters = in.objects("Dimensions");
    List<MetricKey> found = metrics.metrics().stream()
        .filter(key -> namespace == null || namespace.equals(key.namespace()))
        .filter(key -> name == null || name.equals(key.name()))
        .filter(key -> filters.stream().allMatch(filter -> has(key, filter)))
        .toList();
    int from = place(in.textOrNull("NextToken"), found.size());
    int to = Math.min(found.size(), from + LIST_PAGE);
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put(
        "Metrics",
        found.subList(from, to).stream().map(MetricOperations::described).toList());
    if (to < found.size()) {
      reply.put("NextToken", Integer.toString(to));
    }
    return reply;
  }

  private static boolean has(MetricKey key, MetricParams filter) {
    String value = key.dimensions().get(filter.text("Name"));
    String wanted = filter.textOrNull("Value");
    return value != null && (wanted == null || wanted.equals(value));
  }

  private static int place(@Nullable String nextToken, int size) {
    if (nextToken == null) {
      return 0;
    }
    if (!nextToken.matches("\\d{1,9}")) {
      throw new MetricException("InvalidNextToken", "The next token specified is invalid.");
    }
    return Math.min(size, Integer.parseInt(nextToken));
  }

  private static Map<String, Object> described(MetricKey key) {
    List<Map<String, Object>> dimensions = new ArrayList<>();
    key.dimensions().forEach((name, value) -> {
      Map<String, Object> dimension = new LinkedHashMap<>();
      dimension.put("Name", name);
      dimension.put("Value", value);
      dimensions.add(dimension);
    });
    Map<String, Object> metric = new LinkedHashMap<>();
    metric.put("Namespace", key.namespace());
    metric.put("MetricName", key.name());
    metric.put("Dimensions", dimensions);
    return metric;
  }

  private static Map<String, Object> statistics(LocalMetrics metrics, MetricParams in) {
    List<String> wanted = in.texts("Statistics");
    if (wanted.isEmpty()) {
      throw in.missing("Statistics");
    }
    StatisticsQuery query = query(key(in), in, in.integer("Period"), in.textOrNull("Unit"));
    String unit = unit(metrics, query);
    List<Map<String, Object>> points = new ArrayList<>();
    metrics.statistics(query).forEach((start, statistics) -> {
      Map<String, Object> point = new LinkedHashMap<>();
      point.put("Timestamp", start);
      wanted.forEach(statistic -> point.put(statistic, value(statistics, statistic)));
      point.put("Unit", unit);
      points.add(point);
    });
    return Map.of("Label", query.metric().name(), "Datapoints", points);
  }

  private static Map<String, Object> data(LocalMetrics metrics, MetricParams in) {
    List<MetricParams> queries = in.objects("MetricDataQueries");
    if (queries.isEmpty()) {
      throw in.missing("MetricDataQueries");
    }
    boolean ascending = "TimestampAscending".equals(in.textOrNull("ScanBy"));
    List<Map<String, Object>> results = new ArrayList<>();
    for (MetricParams one : queries) {
      results.add(result(metrics, in, one, ascending));
    }
    return Map.of("MetricDataResults", results);
  }

  private static Map<String, Object> result(
      LocalMetrics metrics, MetricParams in, MetricParams one, boolean ascending) {
    MetricParams stat = one.objectOrNull("MetricStat");
    MetricParams metric = stat == null ? null : stat.objectOrNull("Metric");
    if (stat == null || metric == null) {
      throw new MetricException(
          "ValidationError",
          "kcl-local's CloudWatch intake computes no expressions: give each query a MetricStat");
    }
    StatisticsQuery query = query(key(metric), in, stat.integer("Period"), stat.textOrNull("Unit"));
    String statistic = stat.text("Stat");
    List<Object> timestamps = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    metrics.statistics(query).forEach((start, statistics) -> {
      int place = ascending ? timestamps.size() : 0;
      timestamps.add(place, start);
      values.add(place, value(statistics, statistic));
    });
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("Id", one.text("Id"));
    String label = one.textOrNull("Label");
    result.put("Label", label == null ? query.metric().name() : label);
    result.put("Timestamps", timestamps);
    result.put("Values", values);
    result.put("StatusCode", "Complete");
    return result;
  }

  private static StatisticsQuery query(
      MetricKey key, MetricParams in, int period, @Nullable String unit) {
    Instant start = in.time("StartTime");
    return new StatisticsQuery(key, start, in.time("EndTime"), period, unit);
  }

  private static String unit(LocalMetrics metrics, StatisticsQuery query) {
    if (query.unit() != null) {
      return query.unit();
    }
    List<DataPoint> points = metrics.dataPoints(query.metric());
    return points.isEmpty() ? "None" : points.get(points.size() - 1).unit();
  }

  private static double value(Statistics statistics, String name) {
    return switch (name) {
      case "SampleCount" -> statistics.sampleCount();
      case "Average" -> statistics.average();
      case "Sum" -> statistics.sum();
      case "Minimum" -> statistics.minimum();
      case "Maximum" -> statistics.maximum();
      default ->
        throw new MetricException(
            "InvalidParameterValue",
            "kcl-local's CloudWatch intake computes SampleCount, Average, Sum, Minimum and Maximum:"
                + " got "
                + name);
    };
  }
}
