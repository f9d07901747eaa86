package org.openkcl.shard;

import java.time.Duration;

/**
 * A rate that must not be exceeded for long, as a bucket of tokens that fills at that rate up to one
 * second's worth. Immutable: a reservation gives the bucket after it.
 *
 * <p>An amount is taken at once, even if the bucket has less than that: it goes below zero, and the
 * next amount waits until that debt is paid. So any amount gets through sooner or later, amounts go
 * in the order in which they were reserved, and within any time {@code t} at most {@code (t + 1 s) ×
 * rate} go beside the last one.
 *
 * @param perSecond the rate; infinite lets everything pass
 * @param level tokens in the bucket at {@code atNanos}; negative while there is debt
 * @param atNanos on the monotonic clock
 */
public record TokenBucket(double perSecond, double level, long atNanos) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** What a reservation comes to. */
  public record Reserved(TokenBucket bucket, Duration delay) {}

  /** A full bucket. */
  public static TokenBucket full(double perSecond, long nowNanos) {
    return new TokenBucket(perSecond, perSecond, nowNanos);
  }

  /**
   * Takes an amount; it may go after the delay that comes with it.
   *
   * @param amount 0 or more
   */
  public Reserved reserve(double amount, long nowNanos) {
    if (Double.isInfinite(perSecond)) {
      return new Reserved(this, Duration.ZERO);
    }
    double filled =
        Math.min(perSecond, level + Math.max(0, nowNanos - atNanos) / NANOS_PER_SECOND * perSecond);
    double debt = Math.max(0, -filled);
    Duration delay = Duration.ofNanos((long) Math.ceil(debt / perSecond * NANOS_PER_SECOND));
    return new Reserved(new TokenBucket(perSecond, filled - amount, nowNanos), delay);
  }
}
