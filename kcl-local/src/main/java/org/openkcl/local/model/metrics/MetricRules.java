package org.openkcl.local.model.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What may be published (API reference: PutMetricData, MetricDatum). */
final class MetricRules {
  private static final int DATA_MAX = 1_000;
  private static final int DIMENSIONS_MAX = 30;
  private static final int VALUES_MAX = 150;
  private static final int NAME_LENGTH_MAX = 255;
  private static final double MAGNITUDE_MAX = Math.pow(2, 360);
  private static final Duration PAST_MAX = Duration.ofDays(14);
  private static final Duration FUTURE_MAX = Duration.ofHours(2);
  private static final Set<String> UNITS = Set.of(
      "Seconds",
      "Microseconds",
      "Milliseconds",
      "Bytes",
      "Kilobytes",
      "Megabytes",
      "Gigabytes",
      "Terabytes",
      "Bits",
      "Kilobits",
      "Megabits",
      "Gigabits",
      "Terabits",
      "Percent",
      "Count",
      "Bytes/Second",
      "Kilobytes/Second",
      "Megabytes/Second",
      "Gigabytes/Second",
      "Terabytes/Second",
      "Bits/Second",
      "Kilobits/Second",
      "Megabits/Second",
      "Gigabits/Second",
      "Terabits/Second",
      "Count/Second",
      "None");

  private MetricRules() {}

  /** The data points of a request, or the first complaint about it. */
  static List<DataPoint> points(String namespace, List<MetricDatum> data, Instant now) {
    if (!namespace.matches("[^:][^\\x00-\\x1f]*") || namespace.length() > NAME_LENGTH_MAX) {
      throw MetricException.invalidValue(
          "The parameter Namespace must have 1 to 255 characters and not begin with a colon: got \""
              + namespace
              + "\"");
    }
    if (data.size() > DATA_MAX) {
      throw MetricException.invalidValue("The collection MetricData must not have a size greater"
          + " than 1000: got "
          + data.size());
    }
    List<DataPoint> points = new ArrayList<>(data.size());
    for (int i = 0; i < data.size(); i++) {
      points.add(point(namespace, data.get(i), "MetricData.member." + (i + 1), now));
    }
    return points;
  }

  private static DataPoint point(String namespace, MetricDatum datum, String member, Instant now) {
    if (datum.name().isEmpty() || datum.name().length() > NAME_LENGTH_MAX) {
      throw MetricException.invalidValue(
          "The parameter " + member + ".MetricName must have 1 to 255 characters");
    }
    checkDimensions(datum, member);
    checkOneWay(datum, member);
    String unit = datum.unit() == null ? "None" : datum.unit();
    if (!UNITS.contains(unit)) {
      throw MetricException.invalidValue(
          "The parameter " + member + ".Unit must be a value in the set of units: got " + unit);
    }
    List<Double> values = datum.value() == null ? datum.values() : List.of(datum.value());
    List<Double> counts =
        datum.counts().isEmpty() ? values.stream().map(value -> 1.0).toList() : datum.counts();
    return new DataPoint(
        new MetricKey(namespace, datum.name(), datum.dimensions()),
        timestamp(datum, member, now),
        unit,
        statistics(datum, values, counts, member),
        values,
        counts);
  }

  private static void checkDimensions(MetricDatum datum, String member) {
    if (datum.dimensions().size() > DIMENSIONS_MAX) {
      throw MetricException.invalidValue(
          "The collection " + member + ".Dimensions must not have a size greater than 30");
    }
    datum.dimensions().forEach((name, value) -> {
      if (name.isBlank() || name.startsWith(":") || value.isBlank()) {
        throw MetricException.invalidValue("The parameter "
            + member
            + ".Dimensions must have names and values that are not blank, names that do not begin"
            + " with a colon: got \""
            + name
            + "\"=\""
            + value
            + "\"");
      }
    });
  }

  private static void checkOneWay(MetricDatum datum, String member) {
    long ways = Stream.of(
            datum.value() != null, datum.statistics() != null, !datum.values().isEmpty())
        .filter(given -> given)
        .count();
    if (ways == 0) {
      throw new MetricException(
          "MissingParameter",
          "The parameter " + member + ".Value, StatisticValues or Values is required.");
    }
    if (ways > 1) {
      throw new MetricException(
          "InvalidParameterCombination",
          "The parameters "
              + member
              + ".Value, StatisticValues and Values are mutually exclusive and you have specified"
              + " more than one.");
    }
    if (datum.values().size() > VALUES_MAX) {
      throw MetricException.invalidValue(
          "The collection " + member + ".Values must not have a size greater than 150");
    }
    if (!datum.counts().isEmpty() && datum.counts().size() != datum.values().size()) {
      throw MetricException.invalidValue(
          "The parameters " + member + ".Values and Counts must have the same number of members");
    }
  }

  private static Statistics statistics(
      MetricDatum datum, List<Double> values, List<Double> counts, String member) {
    Statistics given = datum.statistics();
    Statistics statistics = given;
    for (int i = 0; i < values.size(); i++) {
      Statistics one = Statistics.of(values.get(i), counts.get(i));
      statistics = statistics == null ? one : statistics.and(one);
    }
    if (statistics == null) {
      throw new IllegalStateException("A datum without a value passed the check: " + datum);
    }
    boolean inRange = within(statistics.minimum(), MAGNITUDE_MAX)
        && within(statistics.maximum(), MAGNITUDE_MAX)
        && within(statistics.sum(), Double.MAX_VALUE)
        && statistics.sampleCount() > 0
        && statistics.minimum() <= statistics.maximum();
    if (!inRange) {
      throw MetricException.invalidValue("The parameter "
          + member
          + " must have values within -2^360 to 2^360, no NaN or infinity, a sample count above 0"
          + " and a minimum not above its maximum: got "
          + statistics);
    }
    return statistics;
  }

  private static Instant timestamp(MetricDatum datum, String member, Instant now) {
    Instant timestamp = datum.timestamp();
    if (timestamp == null) {
      return now;
    }
    if (timestamp.isBefore(now.minus(PAST_MAX)) || timestamp.isAfter(now.plus(FUTURE_MAX))) {
      throw MetricException.invalidValue("The parameter "
          + member
          + ".Timestamp must specify a time no more than two weeks in the past and two hours in the"
          + " future: got "
          + timestamp
          + ", now="
          + now);
    }
    return timestamp;
  }

  /** False for NaN. */
  private static boolean within(double value, double magnitude) {
    return value >= -magnitude && value <= magnitude;
  }
}
