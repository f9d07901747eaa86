package org.openkcl.local.http;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openkcl.local.model.LocalStreams;

/** The one lock around a model; all that runs beside other threads asks the model here. */
public final class GuardedStreams {
  private final ReentrantLock lock = new ReentrantLock();
  private final LocalStreams streams;

  /** From now on nobody else may call {@code streams}. */
  public GuardedStreams(LocalStreams streams) {
    this.streams = streams;
  }

  /** Runs a question with the model to itself. */
  public <T> T ask(Function<LocalStreams, T> question) {
    lock.lock();
    try {
      return question.apply(streams);
    } finally {
      lock.unlock();
    }
  }

  /** Runs a change with the model to itself. */
  public void tell(Consumer<LocalStreams> change) {
    lock.lock();
    try {
      change.accept(streams);
    } finally {
      lock.unlock();
    }
  }
}
