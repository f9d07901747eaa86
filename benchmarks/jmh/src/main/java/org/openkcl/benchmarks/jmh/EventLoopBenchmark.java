package org.openkcl.benchmarks.jmh;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;

/**
 * Dispatch by the worker's event loop: tasks given by another thread, per task; tasks that follow
 * each other from the loop itself; timers that are set and called off, as each batch does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventLoopBenchmark {
  private static final int TASKS = 1_000;
  private static final Duration LATER = Duration.ofMinutes(1);

  private final Environment environment = Environment.system();
  private final EventLoop loop = environment.newEventLoop("measured");

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void executeFromOutside() throws InterruptedException {
    CountDownLatch left = new CountDownLatch(TASKS);
    for (int i = 0; i < TASKS; i++) {
      loop.execute(left::countDown);
    }
    left.await();
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void executeFromLoop() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    loop.execute(() -> follow(TASKS, end));
    end.await();
  }

  private void follow(int left, CountDownLatch end) {
    if (left == 0) {
      end.countDown();
    } else {
      loop.execute(() -> follow(left - 1, end));
    }
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void setAndCancelTimer() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    loop.execute(() -> {
      for (int i = 0; i < TASKS; i++) {
        loop.schedule(LATER, () -> {}).cancel();
      }
      end.countDown();
    });
    end.await();
  }

  @TearDown(Level.Trial)
  public void close() throws Exception {
    loop.close();
    environment.close();
  }
}
