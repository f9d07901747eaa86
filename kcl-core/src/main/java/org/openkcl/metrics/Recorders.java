package org.openkcl.metrics;

/**
 * Where recorders come from: a {@link StatisticBuffer} for what is published at intervals, or something
 * of the application's own that takes each value.
 */
@FunctionalInterface
public interface Recorders {

  /**
   * Where the values of a series go. To be closed when there are no more. Called on a worker's event
   * loop, once per series: must be quick, and must not block.
   */
  Recorder recorder(MetricIdentity identity);

  /** How many values were never passed on, since the start. From any thread. */
  default long dropped() {
    return 0;
  }
}
