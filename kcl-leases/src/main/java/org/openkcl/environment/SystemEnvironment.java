package org.openkcl.environment;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** The real environment. */
final class SystemEnvironment implements Environment {
  private final SplittableRandom random = new SplittableRandom();
  private final BlockingCalls blockingCalls = BlockingCalls.create();

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public OptionalDouble cpuPercent() {
    // The JDK looks at the container's limits (cgroup 1 or 2) first, then at the machine.
    double load =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getCpuLoad()
            : -1;
    return load >= 0 ? OptionalDouble.of(100 * load) : OptionalDouble.empty();
  }

  @Override
  public String newId() {
    return UUID.randomUUID().toString();
  }

  @Override
  public EventLoop newEventLoop(String name) {
    return new ThreadEventLoop(name);
  }

  @Override
  public void runBlocking(String name, Runnable task) {
    blockingCalls.run(name, task);
  }

  @Override
  public <T> T await(CompletionStage<T> stage, Duration timeout)
      throws ExecutionException, TimeoutException, InterruptedException {
    if (ThreadEventLoop.isLoopThread(Thread.currentThread())) {
      throw new IllegalStateException(
          "await must not be called on an event loop: it would wait for itself. Call it from user"
              + " code only.");
    }
    return stage.toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    blockingCalls.close();
  }
}
