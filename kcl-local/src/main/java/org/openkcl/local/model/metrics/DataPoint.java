package org.openkcl.local.model.metrics;

import java.time.Instant;
import java.util.List;

/**
 * A data point as it was received.
 *
 * @param timestamp what the publisher said, or else when it arrived; to the millisecond
 * @param unit {@code None} when the publisher said none
 * @param statistics of all its values
 * @param values each value; empty when only statistics were published
 * @param counts how often each value occurred, in the same order
 */
public record DataPoint(
    MetricKey metric,
    Instant timestamp,
    String unit,
    Statistics statistics,
    List<Double> values,
    List<Double> counts) {
  public DataPoint {
    values = List.copyOf(values);
    counts = List.copyOf(counts);
  }
}
