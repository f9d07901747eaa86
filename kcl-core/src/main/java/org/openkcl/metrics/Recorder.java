package org.openkcl.metrics;

/**
 * Where the values of one series go: asked for once, then called with each value from any thread.
 */
@FunctionalInterface
public interface Recorder {
  /** Takes values and does nothing with them. */
  Recorder NONE = value -> {};

  /** Adds a value; one that is not finite is left out. Thread-safe, does not wait. */
  void record(double value);

  /**
   * Says that no more values come from here. Those recorded are kept. On the loop of the {@link
   * StatisticBuffer} only; may be called repeatedly.
   */
  default void close() {}
}
