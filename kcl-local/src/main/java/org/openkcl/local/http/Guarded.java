package org.openkcl.local.http;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one lock around a model that is not thread-safe; all that runs beside other threads asks the
 * model here. Whoever asks must not ask another model meanwhile.
 */
public final class Guarded<M> {
  private final ReentrantLock lock = new ReentrantLock();
  private final M model;

  /** From now on nobody else may call {@code model}. */
  public Guarded(M model) {
    this.model = model;
  }

  /** Runs a question, or a change, with the model to itself. */
  public <T extends @Nullable Object> T ask(Function<M, T> question) {
    lock.lock();
    try {
      return question.apply(model);
    } finally {
      lock.unlock();
    }
  }
}
