package org.openkcl.samples.demo.proof;

/**
 * The delays of one airport's departures.
 *
 * @param flights how many there were
 * @param delayed how many of them were at least {@value #DELAYED_FROM_MINUTES} minutes late, which is
 *     what the Bureau of Transportation Statistics calls delayed
 * @param delayMinutes the sum over all flights, early ones counting negative
 * @param worstMinutes the largest delay
 */
public record OriginDelays(long flights, long delayed, long delayMinutes, int worstMinutes) {
  static final int DELAYED_FROM_MINUTES = 15;

  /** One flight. */
  static OriginDelays of(int delayMinutes) {
    return new OriginDelays(
        1, delayMinutes >= DELAYED_FROM_MINUTES ? 1 : 0, delayMinutes, delayMinutes);
  }

  OriginDelays plus(OriginDelays other) {
    return new OriginDelays(
        flights + other.flights,
        delayed + other.delayed,
        delayMinutes + other.delayMinutes,
        Math.max(worstMinutes, other.worstMinutes));
  }

  /** The mean delay. */
  public double meanMinutes() {
    return (double) delayMinutes / flights;
  }
}
