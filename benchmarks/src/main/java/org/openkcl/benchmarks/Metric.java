package org.openkcl.benchmarks;

import java.util.OptionalDouble;

/**
 * Something that a scenario measures once per repeat.
 *
 * @param name in lower camel case, with the unit in it where it has one
 * @param unit {@code s}, or what is counted
 * @param limit what the worst must not exceed; empty where nothing was promised
 */
record Metric(String name, String unit, OptionalDouble limit) {

  static Metric seconds(String name) {
    return new Metric(name, "s", OptionalDouble.empty());
  }

  static Metric count(String name, String unit) {
    return new Metric(name, unit, OptionalDouble.empty());
  }

  Metric atMost(double most) {
    return new Metric(name, unit, OptionalDouble.of(most));
  }

  boolean isMissedBy(Summary summary) {
    return limit.isPresent() && summary.worst() > limit.getAsDouble();
  }
}
