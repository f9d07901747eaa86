package org.openkcl.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openkcl.benchmarks.probe.WorkerEvent;

/**
 * One worker, a record on every shard: a cold start, with no lease table yet; and a warm one, by a
 * worker of another name on the table that the first has left behind, long enough after it stopped
 * for its leases to have run out.
 */
final class StartScenario implements Scenario {
  private static final Metric COLD_FIRST =
      Metric.seconds("coldFirstRecordSeconds").atMost(3).ratioAtLeast(20);
  private static final Metric COLD_EVERY =
      Metric.seconds("coldEveryShardSeconds").ratioAtLeast(20);
  private static final Metric COLD_CPU = Metric.seconds("coldFirstRecordCpuSeconds");
  private static final Metric STOP = Metric.seconds("stopSeconds");
  private static final Metric WARM_FIRST = Metric.seconds("warmFirstRecordSeconds");
  private static final Metric WARM_EVERY = Metric.seconds("warmEveryShardSeconds");
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(90);

  /** The failover time, and something. */
  private static final Duration LEASES_RUN_OUT = Duration.ofSeconds(12);

  @Override
  public List<Library> libraries() {
    return ALL;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(COLD_FIRST, COLD_EVERY, COLD_CPU, STOP, WARM_FIRST, WARM_EVERY);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    Samples samples = new Samples();
    run.stream().putOnEveryShard();
    run.startAlone("cold");
    Timeline cold = run.workers().timeline();
    List<Double> first = secondsToEachShard(cold, "cold");
    samples.add(COLD_FIRST, first.get(0)).add(COLD_EVERY, first.get(first.size() - 1));
    samples.add(COLD_CPU, cpuSeconds(cold));
    samples.add(STOP, run.stop("cold", STOPPED_WITHIN));
    run.stream().putOnEveryShard();
    TimeUnit.MILLISECONDS.sleep(LEASES_RUN_OUT.toMillis());
    run.startAlone("warm");
    List<Double> again = secondsToEachShard(run.workers().timeline(), "warm");
    return samples.add(WARM_FIRST, again.get(0)).add(WARM_EVERY, again.get(again.size() - 1));
  }

  /** From the call that starts the library to each shard's first record, in order. */
  private static List<Double> secondsToEachShard(Timeline timeline, String worker) {
    long started = event(timeline, worker, WorkerEvent.Kind.STARTING).fromMicros();
    return timeline.shardsReadBy(worker).stream()
        .map(shard -> timeline
            .firstAfter(0, List.of(worker), WorkerEvent.Kind.RECORDS, shard)
            .orElseThrow()
            .fromMicros())
        .map(micros -> (micros - started) / 1e6)
        .sorted()
        .toList();
  }

  /** From the start to the first record, all threads of the JVM together. */
  private static double cpuSeconds(Timeline timeline) {
    long before =
        Long.parseLong(event(timeline, "cold", WorkerEvent.Kind.STARTING).subject());
    long after =
        Long.parseLong(event(timeline, "cold", WorkerEvent.Kind.FIRST_RECORD).subject());
    return (after - before) / 1e6;
  }

  private static WorkerEvent event(Timeline timeline, String worker, WorkerEvent.Kind kind) {
    return timeline.first(worker, kind).orElseThrow();
  }
}
