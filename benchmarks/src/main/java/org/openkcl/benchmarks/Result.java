package org.openkcl.benchmarks;

import java.util.Locale;

/** A metric of a scenario at a number of shards, summed up over the repeats. */
record Result(String scenario, int shards, Metric metric, Summary summary) {

  /** For machines. {@code amazon} and {@code ratio} are for a comparison and null for now. */
  String toJson() {
    return String.format(
        Locale.ROOT,
        "{\"scenario\":\"%s\",\"shards\":%d,\"metric\":\"%s\",\"unit\":\"%s\","
            + "\"openkcl\":%s,\"worst\":%s,\"amazon\":null,\"ratio\":null}",
        scenario,
        shards,
        metric.name(),
        metric.unit(),
        number(summary.median()),
        number(summary.worst()));
  }

  /** For people. */
  String toRow() {
    String verdict = metric.limit().isEmpty()
        ? ""
        : "at most " + number(metric.limit().getAsDouble())
            + (metric.isMissedBy(summary) ? "  MISSED" : "  ok");
    return String.format(
            Locale.ROOT,
            "  %-26s %10s %10s  %-8s %s",
            metric.name(),
            number(summary.median()),
            number(summary.worst()),
            metric.unit(),
            verdict)
        .stripTrailing();
  }

  static String header() {
    return String.format(Locale.ROOT, "  %-26s %10s %10s  %-8s", "", "median", "worst", "unit")
        .stripTrailing();
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString(Math.round(value))
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
