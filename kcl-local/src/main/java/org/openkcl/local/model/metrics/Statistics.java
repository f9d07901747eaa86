package org.openkcl.local.model.metrics;

/** A number of values in four numbers (API reference: StatisticSet). */
public record Statistics(double sampleCount, double sum, double minimum, double maximum) {
  /** So many times this value. */
  public static Statistics of(double value, double count) {
    return new Statistics(count, value * count, value, value);
  }

  public double average() {
    return sum / sampleCount;
  }

  /** Of the values of both. */
  public Statistics and(Statistics other) {
    return new Statistics(
        sampleCount + other.sampleCount,
        sum + other.sum,
        Math.min(minimum, other.minimum),
        Math.max(maximum, other.maximum));
  }
}
