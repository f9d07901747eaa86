package org.openkcl;

import java.util.concurrent.atomic.LongAdder;
import org.openkcl.metrics.MetricIdentity;
import org.openkcl.metrics.Recorder;
import org.openkcl.metrics.Recorders;

/**
 * Recorders of the application's own, whose exceptions must not reach the shard that is measured:
 * values that were not taken count as dropped. Thread-safe as far as the recorders are.
 */
final class GuardedRecorders implements Recorders {
  private final Recorders own;
  private final LongAdder thrown = new LongAdder();

  GuardedRecorders(Recorders own) {
    this.own = own;
  }

  @Override
  public Recorder recorder(MetricIdentity identity) {
    try {
      return new Guarded(own.recorder(identity));
    } catch (RuntimeException e) {
      return value -> thrown.increment();
    }
  }

  @Override
  public long dropped() {
    return own.dropped() + thrown.sum();
  }

  private final class Guarded implements Recorder {
    private final Recorder recorder;

    private Guarded(Recorder recorder) {
      this.recorder = recorder;
    }

    @Override
    public void record(double value) {
      try {
        recorder.record(value);
      } catch (RuntimeException e) {
        thrown.increment();
      }
    }

    @Override
    public void close() {
      try {
        recorder.close();
      } catch (RuntimeException e) {
        // nothing is lost by it
      }
    }
  }
}
