package org.openkcl.benchmarks;

import java.util.List;
import java.util.Map;

/** Something that is done to workers while they are watched. */
interface Scenario {

  /** What is measured, in the order in which it is shown. */
  List<Metric> metrics();

  /**
   * Does it once.
   *
   * @return a value for each metric
   */
  Map<Metric, Double> measure(Run run) throws InterruptedException;
}
