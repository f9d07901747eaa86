package org.openkcl.multilang.child;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;

/** A real environment whose monotonic clock the test turns; timers and waits are real. */
record ClockedEnvironment(Environment real, LongSupplier clock) implements Environment {

  @Override
  public long nanoTime() {
    return clock.getAsLong();
  }

  @Override
  public Instant now() {
    return real.now();
  }

  @Override
  public RandomGenerator random() {
    return real.random();
  }

  @Override
  public OptionalDouble cpuPercent() {
    return real.cpuPercent();
  }

  @Override
  public String newId() {
    return real.newId();
  }

  @Override
  public EventLoop newEventLoop(String name) {
    return real.newEventLoop(name);
  }

  @Override
  public void runBlocking(String name, Runnable task) {
    real.runBlocking(name, task);
  }

  @Override
  public <T> T await(CompletionStage<T> stage, Duration timeout)
      throws ExecutionException, TimeoutException, InterruptedException {
    return real.await(stage, timeout);
  }

  @Override
  public void close() {
    real.close();
  }
}
