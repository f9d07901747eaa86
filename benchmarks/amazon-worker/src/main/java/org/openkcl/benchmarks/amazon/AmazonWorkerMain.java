package org.openkcl.benchmarks.amazon;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openkcl.benchmarks.probe.Probe;
import org.openkcl.benchmarks.probe.WorkerOptions;
import software.amazon.kinesis.coordinator.Scheduler;

/**
 * One worker of Amazon's library in a JVM of its own; arguments are {@link WorkerOptions}. Stops
 * gracefully on SIGTERM.
 */
public final class AmazonWorkerMain {
  private static final int GRACE_SECONDS = 60;

  private AmazonWorkerMain() {}

  public static void main(String[] args) throws IOException {
    WorkerOptions options = WorkerOptions.ofArguments(args);
    Probe probe = new Probe(options);
    Scheduler scheduler = new AmazonWorker(options, probe).scheduler();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(scheduler), "stop-gracefully"));
    probe.starting();
    new Thread(scheduler, "worker").start();
    probe.answer();
  }

  private static void stop(Scheduler scheduler) {
    try {
      scheduler.startGracefulShutdown().get(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException notGraceful) {
      System.err.println("The worker did not stop gracefully: " + notGraceful);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
