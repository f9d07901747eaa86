package org.openkcl.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A worker's cold start: no lease table yet, a record on every shard. Then the worker has nothing
 * to do, and its threads are counted.
 */
final class StartScenario implements Scenario {
  private static final Metric FIRST = Metric.seconds("firstRecordSeconds").atMost(3);
  private static final Metric EVERY = Metric.seconds("everyShardSeconds");
  private static final Metric FROM_LAUNCH = Metric.seconds("firstRecordFromLaunchSeconds");
  private static final Metric CPU = Metric.seconds("firstRecordCpuSeconds");
  private static final Metric IDLE = Metric.count("idleThreads", "threads").atMost(25);
  private static final Metric PEAK = Metric.count("peakThreads", "threads");
  private static final int IDLE_SECONDS = 8;

  @Override
  public List<Metric> metrics() {
    return List.of(FIRST, EVERY, FROM_LAUNCH, CPU, IDLE, PEAK);
  }

  @Override
  public Map<Metric, Double> measure(Run run) throws InterruptedException {
    run.stream().putOnEveryShard();
    long launched = Stamp.nowMicros();
    run.startAlone("a");
    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
    run.workers().ask("a", WorkerMain.THREADS);
    Timeline timeline = run.workers()
        .await(
            "the worker tells its threads",
            Run.PATIENCE,
            t -> t.first("a", WorkerEvent.Kind.THREADS).isPresent());
    WorkerEvent threads = event(timeline, WorkerEvent.Kind.THREADS);
    run.notes().println("  threads: " + String.join(", ", threads.items()));
    long started = event(timeline, WorkerEvent.Kind.STARTING).fromMicros();
    List<Long> processed = timeline.shardsReadBy("a").stream()
        .map(shard -> timeline
            .firstAfter(0, "a", WorkerEvent.Kind.BATCH, shard)
            .orElseThrow()
            .toMicros())
        .sorted()
        .toList();
    long first = processed.get(0);
    return Map.of(
        FIRST,
        (first - started) / 1e6,
        EVERY,
        (processed.get(processed.size() - 1) - started) / 1e6,
        FROM_LAUNCH,
        (first - launched) / 1e6,
        CPU,
        cpuSeconds(timeline),
        IDLE,
        Double.valueOf(threads.subject()),
        PEAK,
        Double.valueOf(event(timeline, WorkerEvent.Kind.THREADS_PEAK).subject()));
  }

  /** From the call of {@code start()} to the first record, all threads of the JVM together. */
  private static double cpuSeconds(Timeline timeline) {
    long before = Long.parseLong(event(timeline, WorkerEvent.Kind.STARTING).subject());
    long after = Long.parseLong(event(timeline, WorkerEvent.Kind.FIRST_RECORD).subject());
    return (after - before) / 1e6;
  }

  private static WorkerEvent event(Timeline timeline, WorkerEvent.Kind kind) {
    return timeline.first("a", kind).orElseThrow();
  }
}
