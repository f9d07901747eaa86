package org.openkcl.benchmarks;

import java.util.List;
import java.util.Map;
import org.openkcl.local.LocalCloud;

/** Something that is done to workers while they are watched. */
interface Scenario {

  /** The service that it is done on: by default without limits. */
  default LocalCloud cloud() {
    return LocalCloud.start();
  }

  /** What is measured, in the order in which it is shown. */
  List<Metric> metrics();

  /**
   * Does it once.
   *
   * @return a value for each metric
   */
  Map<Metric, Double> measure(Run run) throws InterruptedException;
}
