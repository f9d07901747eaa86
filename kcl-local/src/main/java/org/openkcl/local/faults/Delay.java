package org.openkcl.local.faults;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How late a reply comes: fixed, evenly spread, or skewed like a network's (log-normal).
 *
 * @param shape which of the three
 * @param first the fixed delay, the shortest, or the median
 * @param second the fixed delay, the longest, or the 99th percentile; at least {@code first}
 */
public record Delay(Shape shape, Duration first, Duration second) {
  /** The longest delay there is, whatever the distribution says. */
  public static final Duration MAX = Duration.ofMinutes(10);

  /** The standard normal distribution's 99th percentile. */
  private static final double Z99 = 2.3263478740408408;

  /** The shapes. */
  public enum Shape {
    FIXED,
    EVEN,
    SKEWED
  }

  public Delay {
    if (first.isNegative() || second.compareTo(first) < 0 || second.compareTo(MAX) > 0) {
      throw new IllegalArgumentException("A delay must lie within 0 and " + MAX
          + ", the smaller first: got " + first + " and " + second);
    }
    if (shape == Shape.SKEWED && first.isZero()) {
      throw new IllegalArgumentException("A skewed delay's median must be more than 0: got 0");
    }
  }

  /** Always the same. */
  public static Delay fixed(Duration delay) {
    return new Delay(Shape.FIXED, delay, delay);
  }

  /** Anything between the two alike. */
  public static Delay between(Duration shortest, Duration longest) {
    return new Delay(Shape.EVEN, shortest, longest);
  }

  /** Half of all are shorter than the median, one in a hundred is longer than the percentile. */
  public static Delay skewed(Duration median, Duration percentile99) {
    return new Delay(Shape.SKEWED, median, percentile99);
  }

  Duration draw(RandomGenerator random) {
    return switch (shape) {
      case FIXED -> first;
      case EVEN ->
        first.plusNanos((long) (random.nextDouble() * second.minus(first).toNanos()));
      case SKEWED -> {
        double sigma = Math.log((double) second.toNanos() / first.toNanos()) / Z99;
        double nanos = first.toNanos() * Math.exp(sigma * random.nextGaussian());
        yield Duration.ofNanos((long) Math.min(nanos, (double) MAX.toNanos()));
      }
    };
  }
}
