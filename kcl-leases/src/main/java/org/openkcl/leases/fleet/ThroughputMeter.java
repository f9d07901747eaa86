package org.openkcl.leases.fleet;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Measures what is processed of one lease as Amazon's library does: bytes per window of one renewal
 * interval, as an exponential moving average in KiB/s in which each window weighs a half, rounded to
 * six decimals. It goes on from what the former owner had measured. Time comes in as arguments.
 */
final class ThroughputMeter {
  private static final double WEIGHT_OF_WINDOW = 0.5;
  private static final double BYTES_PER_KB = 1024;
  private static final int DECIMALS = 6;

  private final long windowNanos;
  private @Nullable Double average;
  private @Nullable Long beganNanos;
  private long bytes;

  /**
   * @param inherited what the item says when the lease is acquired; null when it says nothing
   * @param window how long is measured before the average moves
   */
  ThroughputMeter(@Nullable Double inherited, Duration window) {
    this.average = inherited == null || !(inherited >= 0) ? null : inherited;
    this.windowNanos = window.toNanos();
  }

  /** So many bytes were given to the application; 0 says that it is being read and brings nothing. */
  void processed(long moreBytes, long nowNanos) {
    if (beganNanos == null) {
      beganNanos = nowNanos;
    }
    bytes += moreBytes;
  }

  /** The average now, for the item; null when nothing was ever measured. */
  @Nullable
  Double average(long nowNanos) {
    long measured = beganNanos == null ? 0 : nowNanos - beganNanos;
    // Renewals come a little earlier than their interval.
    if (measured > 0 && measured >= windowNanos - windowNanos / 8) {
      double seconds = measured / 1e9;
      double window = bytes / BYTES_PER_KB / seconds;
      average =
          average == null ? window : WEIGHT_OF_WINDOW * window + (1 - WEIGHT_OF_WINDOW) * average;
      beganNanos = nowNanos;
      bytes = 0;
    }
    return average == null ? null : rounded(average);
  }

  private static double rounded(double value) {
    return BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_UP).doubleValue();
  }
}
