package org.openkcl.benchmarks;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A metric of a scenario at a number of shards, summed up over the repeats.
 *
 * @param summaries of the libraries that were measured
 */
record Result(String scenario, int shards, Metric metric, Map<Library, Summary> summaries) {

  Result {
    summaries = Map.copyOf(summaries);
  }

  /** How many times better OpenKCL's median is than another's; empty unless both were measured. */
  OptionalDouble ratioTo(Library other) {
    Summary ours = summaries.get(Library.OPENKCL);
    Summary theirs = summaries.get(other);
    return ours == null || theirs == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(metric.ratio(ours.median(), theirs.median()));
  }

  /** Whether something that was promised does not hold. */
  boolean isMissed() {
    Summary ours = summaries.get(Library.OPENKCL);
    boolean late = ours != null
        && metric.limit().isPresent()
        && ours.worst() > metric.limit().getAsDouble();
    OptionalDouble ratio = ratioTo(Library.AMAZON);
    boolean behind = ratio.isPresent()
        && metric.leastRatio().isPresent()
        && ratio.getAsDouble() < metric.leastRatio().getAsDouble();
    return late || behind;
  }

  /** For machines: medians, and the lowest and highest of the repeats. */
  String toJson() {
    return "{\"scenario\":\"" + scenario + "\",\"shards\":" + shards + ",\"metric\":\""
        + metric.name() + "\",\"unit\":\"" + metric.unit() + "\",\"openkcl\":"
        + median(Library.OPENKCL) + ",\"amazon\":" + median(Library.AMAZON) + ",\"ratio\":"
        + number(ratioTo(Library.AMAZON)) + ",\"amazonTuned\":" + median(Library.AMAZON_TUNED)
        + ",\"ratioTuned\":" + number(ratioTo(Library.AMAZON_TUNED))
        + ",\"openkclSpread\":" + spread(Library.OPENKCL) + ",\"amazonSpread\":"
        + spread(Library.AMAZON) + ",\"amazonTunedSpread\":" + spread(Library.AMAZON_TUNED)
        + "}";
  }

  /** For people. */
  String toRow() {
    return String.format(
            Locale.ROOT,
            "  %-26s %-24s %-24s %7s %-24s %7s  %-8s %s",
            metric.name(),
            range(Library.OPENKCL),
            range(Library.AMAZON),
            times(Library.AMAZON),
            range(Library.AMAZON_TUNED),
            times(Library.AMAZON_TUNED),
            metric.unit(),
            verdict())
        .stripTrailing();
  }

  static String header() {
    return String.format(
            Locale.ROOT,
            "  %-26s %-24s %-24s %7s %-24s %7s  %-8s",
            "median (lowest-highest)",
            "OpenKCL",
            "Amazon KCL 3.5.1",
            "ratio",
            "the same, tuned",
            "ratio",
            "unit")
        .stripTrailing();
  }

  private String verdict() {
    String promised =
        (metric.limit().isPresent() ? "at most " + number(metric.limit().getAsDouble()) + " " : "")
            + (metric.leastRatio().isPresent() && ratioTo(Library.AMAZON).isPresent()
                ? "ratio at least " + number(metric.leastRatio().getAsDouble()) + " "
                : "");
    return promised.isEmpty() ? "" : promised + (isMissed() ? " MISSED" : " ok");
  }

  private String times(Library other) {
    OptionalDouble ratio = ratioTo(other);
    if (ratio.isEmpty()) {
      return "";
    }
    return Double.isInfinite(ratio.getAsDouble())
        ? "inf"
        : String.format(Locale.ROOT, "%.2f", ratio.getAsDouble());
  }

  private String range(Library library) {
    return Optional.ofNullable(summaries.get(library))
        .map(summary -> summary.lowest() == summary.highest()
            ? number(summary.median())
            : number(summary.median()) + " (" + number(summary.lowest()) + "-"
                + number(summary.highest()) + ")")
        .orElse("");
  }

  private String median(Library library) {
    return Optional.ofNullable(summaries.get(library))
        .map(summary -> number(summary.median()))
        .orElse("null");
  }

  private String spread(Library library) {
    return Optional.ofNullable(summaries.get(library))
        .map(summary -> "[" + number(summary.lowest()) + "," + number(summary.highest()) + "]")
        .orElse("null");
  }

  /** JSON has no infinity: null then too. */
  private static String number(OptionalDouble value) {
    return value.isEmpty() || !Double.isFinite(value.getAsDouble())
        ? "null"
        : number(value.getAsDouble());
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString(Math.round(value))
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
