package org.openkcl.metrics;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Takes what was measured and passes it on. Called with one list after the other: the next one comes
 * when the former is done.
 */
public interface MetricIntake {

  /**
   * Passes data on. Called away from the worker's loop, so it may take its time; after 5 s it is
   * taken for failed. What has failed comes again, merged with what was measured since.
   *
   * @return completes when all are accepted; fails with {@link MetricsRefusedException} when they
   *     never will be, and otherwise when none of them was accepted and a later attempt may help
   */
  CompletionStage<Void> accept(List<MetricDatum> data);

  /**
   * How many of the first of these can be accepted together.
   *
   * @param data not empty
   * @return 1 or more
   */
  default int fitting(List<MetricDatum> data) {
    return data.size();
  }
}
