package org.openkcl.local.http;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.openkcl.local.model.metrics.LocalMetrics;

/** The one lock around the metrics. */
public final class GuardedMetrics {
  private final ReentrantLock lock = new ReentrantLock();
  private final LocalMetrics metrics;

  /** From now on nobody else may call {@code metrics}. */
  public GuardedMetrics(LocalMetrics metrics) {
    this.metrics = metrics;
  }

  /** Runs a question or a change with the metrics to itself. */
  public <T> T ask(Function<LocalMetrics, T> question) {
    lock.lock();
    try {
      return question.apply(metrics);
    } finally {
      lock.unlock();
    }
  }
}
