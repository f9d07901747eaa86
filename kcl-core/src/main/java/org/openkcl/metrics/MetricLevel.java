package org.openkcl.metrics;

/** How much is measured, with the levels of Amazon's library. */
public enum MetricLevel {
  /** Nothing. */
  NONE,
  /** What dashboards and alarms are made of. */
  SUMMARY,
  /** Single calls of services as well. */
  DETAILED;

  /**
   * Whether a metric is measured when this level is set.
   *
   * @param declared the metric's own level; one that is declared NONE is never measured
   */
  public boolean includes(MetricLevel declared) {
    return declared != NONE && declared.compareTo(this) <= 0;
  }
}
