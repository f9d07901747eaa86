package org.openkcl.benchmarks.amazon;

import org.openkcl.benchmarks.probe.Probe;
import software.amazon.kinesis.coordinator.WorkerStateChangeListener;

/** Tells the probe when the worker has started, or that it never will. */
final class StartListener implements WorkerStateChangeListener {
  private final Probe probe;

  StartListener(Probe probe) {
    this.probe = probe;
  }

  @Override
  public void onWorkerStateChange(WorkerState state) {
    if (state == WorkerState.STARTED) {
      probe.started();
    }
  }

  @Override
  public void onAllInitializationAttemptsFailed(Throwable failure) {
    probe.cannotStart(failure);
  }
}
