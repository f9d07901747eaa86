package org.openkcl.environment;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A single thread that owns state: tasks run on it one at a time, in the order in which they were
 * given. State confined to a loop needs no locks.
 *
 * <p>A task that throws is reported through the loop's uncaught handler and does not stop the loop.
 */
public interface EventLoop extends Executor, AutoCloseable {

  /** Runs {@code task} on the loop as soon as its turn comes; ignored once the loop is closed. */
  @Override
  void execute(Runnable task);

  /** Runs {@code task} on the loop once, {@code delay} from now (zero or negative: at once). */
  Timer schedule(Duration delay, Runnable task);

  /** Whether the calling thread is this loop's. */
  boolean inLoop();

  /** Brings the outcome of a stage back to this loop: exactly one of the two runs, on the loop. */
  default <T> void whenDone(
      CompletionStage<T> stage, Consumer<T> onValue, Consumer<Throwable> onFailure) {
    stage.whenComplete((value, failure) -> execute(() -> {
      if (failure == null) {
        onValue.accept(value);
      } else {
        onFailure.accept(
            failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure);
      }
    }));
  }

  /** Ends the loop: nothing that is still queued or scheduled runs. Does not wait. */
  @Override
  void close();

  /** A scheduled task that can be called off. */
  @FunctionalInterface
  interface Timer {
    /** Calls the task off if it has not started; otherwise does nothing. */
    void cancel();
  }
}
