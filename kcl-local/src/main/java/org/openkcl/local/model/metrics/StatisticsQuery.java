package org.openkcl.local.model.metrics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A question about one metric over time.
 *
 * @param start the first moment asked for
 * @param end the first moment not asked for; after {@code start}
 * @param periodSeconds how long each period is; at least 1. Periods begin at its multiples since the
 *     epoch
 * @param unit only points of this unit; null for any
 */
public record StatisticsQuery(
    MetricKey metric,
    Instant start,
    Instant end,
    int periodSeconds,
    @Nullable String unit) {
  public StatisticsQuery {
    if (!start.isBefore(end)) {
      throw MetricException.invalidValue(
          "The parameter StartTime must be less than the parameter EndTime: got StartTime="
              + start
              + ", EndTime="
              + end);
    }
    if (periodSeconds < 1) {
      throw MetricException.invalidValue(
          "The parameter Period must be greater than or equal to 1: got " + periodSeconds);
    }
  }

  boolean takes(DataPoint point) {
    return !point.timestamp().isBefore(start)
        && point.timestamp().isBefore(end)
        && (unit == null || unit.equals(point.unit()));
  }

  Instant periodOf(Instant timestamp) {
    long seconds = timestamp.getEpochSecond();
    return Instant.ofEpochSecond(seconds - Math.floorMod(seconds, (long) periodSeconds));
  }
}
