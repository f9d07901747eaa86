package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.openkcl.InitialPosition;
import org.openkcl.Retrieval;
import org.openkcl.Scheduler;
import org.openkcl.local.LocalCloud;

/**
 * One worker with the library's defaults in a JVM of its own. Reports {@link WorkerEvent}s on
 * standard output, answers {@code threads} on standard input, and ends when that is closed, so that
 * no worker outlives the benchmark.
 */
final class WorkerMain {
  /** Asks for the threads. */
  static final String THREADS = "threads";

  private WorkerMain() {}

  /**
   * Arguments: Kinesis endpoint, DynamoDB endpoint, application and stream name, worker id, and
   * {@code fan-out} unless it polls.
   */
  public static void main(String[] args) throws IOException {
    String name = args[2];
    Scheduler scheduler = Scheduler.builder()
        .applicationName(name)
        .streamName(name)
        .workerId(args[3])
        .clients(LocalCloud.clientsFor(URI.create(args[0]), URI.create(args[1])))
        .initialPosition(InitialPosition.trimHorizon())
        .retrieval(
            args.length > 4 && args[4].equals("fan-out") ? Retrieval.fanOut() : Retrieval.polling())
        .processor(ReportingProcessor::new)
        .build();
    scheduler.drainOnSigterm();
    report(WorkerEvent.Kind.STARTING, cpuMicros(), Stamp.nowMicros(), List.of());
    scheduler.start().whenComplete((started, failure) -> {
      if (failure != null) {
        System.err.println("The worker cannot start: " + failure);
        Runtime.getRuntime().halt(1);
      }
    });
    answer();
    Runtime.getRuntime().halt(2);
  }

  /** Reports something that ends now. */
  static void report(WorkerEvent.Kind kind, String subject, long fromMicros, List<String> items) {
    WorkerEvent event = new WorkerEvent(kind, subject, fromMicros, Stamp.nowMicros(), items);
    System.out.println(event.toLine());
  }

  /** The CPU time that this process has spent, all threads together. */
  static String cpuMicros() {
    Duration spent = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    return Long.toString(spent.toNanos() / 1_000);
  }

  private static void answer() throws IOException {
    BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      if (line.equals(THREADS)) {
        reportThreads();
      }
    }
  }

  private static void reportThreads() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long now = Stamp.nowMicros();
    List<String> names = Thread.getAllStackTraces().keySet().stream()
        .map(thread -> thread.getName().replaceAll("[ ,]", "_"))
        .sorted()
        .toList();
    report(
        WorkerEvent.Kind.THREADS_PEAK,
        Integer.toString(threads.getPeakThreadCount()),
        now,
        List.of());
    report(WorkerEvent.Kind.THREADS, Integer.toString(threads.getThreadCount()), now, names);
  }
}
