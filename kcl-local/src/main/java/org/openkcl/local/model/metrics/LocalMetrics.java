package org.openkcl.local.model.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What was published to CloudWatch, point by point, in the order of its arrival.
 *
 * <p>Points are kept for 24 hours after their arrival by the injected clock, and no more of them than
 * the bound given. Not thread-safe: confine it to a thread or guard it with one lock.
 */
public final class LocalMetrics {
  /** How long a point is kept. */
  public static final Duration RETENTION = Duration.ofHours(24);

  private final InstantSource clock;
  private final int dataPointsMax;
  private final Map<MetricKey, Deque<Arrived>> metrics = new LinkedHashMap<>();
  private int dataPoints;

  private record Arrived(Instant at, DataPoint point) {}

  /**
   * Starts with none.
   *
   * @param dataPointsMax how many to keep at most; at least 1
   */
  public LocalMetrics(InstantSource clock, int dataPointsMax) {
    if (dataPointsMax < 1) {
      throw new IllegalArgumentException("dataPointsMax must be at least 1: got " + dataPointsMax);
    }
    this.clock = clock;
    this.dataPointsMax = dataPointsMax;
  }

  /**
   * Takes in the data of one request, all of it or, on an error, none.
   *
   * @throws MetricException as the API reference says, and {@code LimitExceeded} when there is no
   *     room for more points
   */
  public void put(String namespace, List<MetricDatum> data) {
    Instant now = now();
    List<DataPoint> points = MetricRules.points(namespace, data, now);
    if (dataPoints + points.size() > dataPointsMax) {
      forgetBefore(now.minus(RETENTION));
    }
    if (dataPoints + points.size() > dataPointsMax) {
      throw new MetricException(
          "LimitExceeded",
          "kcl-local holds "
              + dataPoints
              + " data points and takes no more than dataPointsMax="
              + dataPointsMax
              + ". Raise metricDataPointsMax, or clear the metrics.");
    }
    for (DataPoint point : points) {
      metrics
          .computeIfAbsent(point.metric(), key -> new ArrayDeque<>())
          .add(new Arrived(now, point));
    }
    dataPoints += points.size();
  }

  /** All metrics that there are points of, in the order in which they first appeared. */
  public List<MetricKey> metrics() {
    forgetBefore(now().minus(RETENTION));
    return List.copyOf(metrics.keySet());
  }

  /** All points of one metric in the order of their arrival; none when there is no such metric. */
  public List<DataPoint> dataPoints(MetricKey metric) {
    return dataPoints(metric::equals);
  }

  /** All points of all metrics of one namespace, metric by metric. */
  public List<DataPoint> dataPoints(String namespace) {
    return dataPoints(key -> key.namespace().equals(namespace));
  }

  /** All points of one name, whatever its dimensions, metric by metric. */
  public List<DataPoint> dataPoints(String namespace, String name) {
    return dataPoints(key -> key.namespace().equals(namespace) && key.name().equals(name));
  }

  private List<DataPoint> dataPoints(Predicate<MetricKey> wanted) {
    forgetBefore(now().minus(RETENTION));
    return metrics.entrySet().stream()
        .filter(metric -> wanted.test(metric.getKey()))
        .flatMap(metric -> metric.getValue().stream())
        .map(Arrived::point)
        .toList();
  }

  /**
   * One metric over time (API reference: GetMetricStatistics, GetMetricData).
   *
   * @param query which metric, from when to when, in what periods
   * @return the statistics of each period that has any, by the time it begins
   */
  public Map<Instant, Statistics> statistics(StatisticsQuery query) {
    Map<Instant, Statistics> periods = new TreeMap<>();
    for (DataPoint point : dataPoints(query.metric())) {
      if (query.takes(point)) {
        periods.merge(query.periodOf(point.timestamp()), point.statistics(), Statistics::and);
      }
    }
    return periods;
  }

  /** Forgets everything. */
  public void clear() {
    metrics.clear();
    dataPoints = 0;
  }

  private void forgetBefore(Instant horizon) {
    Collection<MetricKey> empty = new ArrayList<>();
    metrics.forEach((key, points) -> {
      while (!points.isEmpty() && points.getFirst().at().isBefore(horizon)) {
        points.removeFirst();
        dataPoints--;
      }
      if (points.isEmpty()) {
        empty.add(key);
      }
    });
    empty.forEach(metrics::remove);
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
