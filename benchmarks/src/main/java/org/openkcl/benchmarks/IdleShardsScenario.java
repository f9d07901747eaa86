package org.openkcl.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openkcl.benchmarks.probe.Vitals;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.local.LocalCloud;

/**
 * One worker on many shards that nobody writes to, beside a bare loop that sends as many requests:
 * processor time, live heap and threads.
 */
final class IdleShardsScenario implements Scenario {
  /** The figure that counts the shards begun. */
  static final String SHARDS = "shardsBegun";

  private static final Metric THREADS = Metric.count("idleThreads", "threads").atMost(30);
  private static final Metric CPU = Metric.count("cpuOverBareLoop", "times").atMost(1.3);
  private static final Metric HEAP = Metric.count("heapMoreThanBareLoop", "MiB").atMost(64);
  private static final Metric WORKER_CPU = Metric.count("workerCpuPercent", "%");
  private static final Metric BARE_CPU = Metric.count("bareCpuPercent", "%");
  private static final Metric WORKER_HEAP = Metric.count("workerHeap", "MiB");
  private static final Metric WORKER_CALLS = Metric.count("workerCallsPerSecond", "calls");
  private static final Metric BARE_CALLS = Metric.count("bareCallsPerSecond", "calls");

  /** A worker has more code to compile than a bare loop; this is to leave compiling out. */
  private static final Duration WARM_UP = Duration.ofMinutes(3);

  private static final double MIB = 1024 * 1024;
  private static final double MICROS = 1e6;

  private final int seconds;

  IdleShardsScenario(int seconds) {
    this.seconds = seconds;
  }

  @Override
  public LocalCloud cloud() {
    return LocalCloud.start();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(THREADS, CPU, HEAP, WORKER_CPU, BARE_CPU, WORKER_HEAP, WORKER_CALLS, BARE_CALLS);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    Vital worker = watch(run, "worker", IdleWorkerMain.class);
    long intervalMicros = Math.round(MICROS * run.shards() / worker.callsPerSecond());
    Vital bare = watch(run, "bare", IdleLoopMain.class, Long.toString(intervalMicros));
    return Samples.of(Map.of(
        THREADS,
        worker.threads(),
        CPU,
        worker.cpu() / worker.callsPerSecond() / (bare.cpu() / bare.callsPerSecond()),
        HEAP,
        (worker.heapBytes() - bare.heapBytes()) / MIB,
        WORKER_CPU,
        100 * worker.cpu(),
        BARE_CPU,
        100 * bare.cpu(),
        WORKER_HEAP,
        worker.heapBytes() / MIB,
        WORKER_CALLS,
        worker.callsPerSecond(),
        BARE_CALLS,
        bare.callsPerSecond()));
  }

  /**
   * What a JVM took while it was watched.
   *
   * @param cpu processors kept busy
   */
  private record Vital(double cpu, double callsPerSecond, double heapBytes, double threads) {}

  private Vital watch(Run run, String id, Class<?> main, String... more)
      throws InterruptedException {
    run.workers().start(id, Workers.HEAP, main, more);
    run.workers()
        .await(
            id + " has begun all shards",
            Run.PATIENCE,
            timeline -> figures(timeline, id, SHARDS).size() == run.shards());
    TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
    Timeline before = ask(run, id, 1);
    TimeUnit.SECONDS.sleep(seconds);
    Timeline after = ask(run, id, 2);
    run.workers().kill(id);
    double cpuMicros = last(after, id, Vitals.CPU_BEFORE).value()
        - last(before, id, Vitals.CPU_AFTER).value();
    Figure callsBefore = last(before, id, Vitals.CALLS);
    Figure callsAfter = last(after, id, Vitals.CALLS);
    double elapsed = (callsAfter.atMicros() - callsBefore.atMicros()) / MICROS;
    return new Vital(
        cpuMicros / MICROS / elapsed,
        (callsAfter.value() - callsBefore.value()) / elapsed,
        last(after, id, Vitals.HEAP).value(),
        last(after, id, Vitals.THREADS).value());
  }

  private static Timeline ask(Run run, String id, int answers) throws InterruptedException {
    run.workers().ask(id, Vitals.QUESTION);
    return run.workers()
        .await(
            id + " tells its vitals",
            Run.PATIENCE,
            timeline -> figures(timeline, id, Vitals.CPU_AFTER).size() == answers);
  }

  private record Figure(double value, long atMicros) {}

  private static List<Figure> figures(Timeline timeline, String id, String name) {
    return timeline.entries().stream()
        .filter(entry -> entry.worker().equals(id) && entry.is(WorkerEvent.Kind.FIGURE, name))
        .map(Timeline.Entry::event)
        .map(event -> new Figure(Double.parseDouble(event.items().get(0)), event.toMicros()))
        .toList();
  }

  private static Figure last(Timeline timeline, String id, String name) {
    List<Figure> all = figures(timeline, id, name);
    return all.get(all.size() - 1);
  }
}
