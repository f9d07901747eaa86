package org.openkcl.environment;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * One process as OpenKCL sees it: its clocks, its chance, its ids, its event loops and the threads
 * that user code runs on.
 *
 * <p>{@link #system()} is the real one. {@link SimulatedEnvironment} is a seeded, single-threaded
 * one on virtual time in which the same production code runs. Nothing outside this package reads a
 * clock, starts a thread, draws a random number or waits.
 *
 * <p>Thread-safe; built once and passed down.
 */
public interface Environment extends AutoCloseable {

  /** The real environment: system clocks, secure random ids, real threads. */
  static Environment system() {
    return new SystemEnvironment();
  }

  /** Monotonic time in nanoseconds; only differences have a meaning. May stop while suspended. */
  long nanoTime();

  /** Wall-clock time; may jump. Counts the time a machine was suspended. */
  Instant now();

  /** A source of chance for this process. Use on the event loop only. */
  RandomGenerator random();

  /**
   * How busy the CPUs are that this process may use, in percent, since the last call or lately;
   * empty where the system does not tell. Use on the event loop only.
   */
  OptionalDouble cpuPercent();

  /** A new id, unique among all processes. */
  String newId();

  /** Starts an event loop whose thread carries this name. Close it when done. */
  EventLoop newEventLoop(String name);

  /**
   * Runs user code, or anything that may block, away from every event loop: on a virtual thread
   * where the running JVM has them, else on a pool thread that lives only while there is work.
   *
   * @param name what the thread is called while the task runs
   */
  void runBlocking(String name, Runnable task);

  /**
   * Waits for a stage; the only wait there is. Forbidden on an event loop, where it would wait for
   * itself.
   *
   * @return the stage's value
   * @throws ExecutionException with the stage's failure as cause
   * @throws TimeoutException when the stage is not complete after {@code timeout}
   * @throws InterruptedException when the waiting thread is interrupted
   * @throws IllegalStateException when called on an event loop
   */
  <T> T await(CompletionStage<T> stage, Duration timeout)
      throws ExecutionException, TimeoutException, InterruptedException;

  /** Stops the threads of {@link #runBlocking}; tasks under way are interrupted. */
  @Override
  void close();
}
