package org.openkcl.metrics;

import java.time.Instant;

/**
 * What was measured of one series between two flushes.
 *
 * @param identity the series
 * @param statistics of all its values
 * @param at when they were collected, after the last of them
 */
public record MetricDatum(MetricIdentity identity, StatisticSet statistics, Instant at) {

  /** Both together, as of the later one. */
  public MetricDatum merge(MetricDatum other) {
    return new MetricDatum(
        identity, statistics.merge(other.statistics), at.isAfter(other.at) ? at : other.at);
  }
}
