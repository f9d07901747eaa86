package org.openkcl.metrics;

/**
 * What is kept of any number of values: enough for CloudWatch's statistics but percentiles.
 *
 * @param minimum the smallest value
 * @param maximum the largest value
 * @param sum of all values
 * @param count how many values; 1 or more
 */
public record StatisticSet(double minimum, double maximum, double sum, long count) {

  public StatisticSet {
    if (count < 1) {
      throw new IllegalArgumentException("count must be 1 or more: got " + count);
    }
    if (!(minimum <= maximum)) {
      throw new IllegalArgumentException(
          "minimum must not be above maximum: got minimum=%s, maximum=%s"
              .formatted(minimum, maximum));
    }
  }

  /** Of one value. */
  public static StatisticSet of(double value) {
    return new StatisticSet(value, value, value, 1);
  }

  /** Of this one's values and the other's together. */
  public StatisticSet merge(StatisticSet other) {
    return new StatisticSet(
        Math.min(minimum, other.minimum),
        Math.max(maximum, other.maximum),
        sum + other.sum,
        count + other.count);
  }
}
