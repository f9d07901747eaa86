package org.openkcl.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openkcl.benchmarks.probe.WorkerEvent;

/**
 * One worker reads while every shard is split in two. Gaps are from the return of the parent's last
 * batch to the first record of each of its children; records are put on all of them all the time.
 */
final class ReshardScenario implements Scenario {
  private static final Metric GAP_P50 = Metric.seconds("gapP50Seconds");
  private static final Metric GAP_WORST = Metric.seconds("gapMaxSeconds");
  private static final Metric ENDED = Metric.seconds("fromShardEndP50Seconds");
  private static final Metric DUPLICATES = Metric.count("duplicates", "records").atMost(0);
  private static final Metric LOST = Metric.count("lost", "records").atMost(0);
  private static final int STEADY_SECONDS = 5;

  @Override
  public List<Library> libraries() {
    return ALL;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(GAP_P50, GAP_WORST, ENDED, DUPLICATES, LOST);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    run.stream().startProducer();
    run.startAlone("a", Run.FLEET);
    TimeUnit.SECONDS.sleep(STEADY_SECONDS);
    Map<String, String> parents = run.stream().splitAll();
    run.workers()
        .await(
            "all children are read",
            Run.PATIENCE,
            timeline -> timeline.shardsReadBy("a").containsAll(parents.keySet()));
    TimeUnit.SECONDS.sleep(2);
    Timeline end = run.awaitAllProcessed();
    List<Double> gaps = parents.entrySet().stream()
        .map(child -> first(end, child.getKey())
            - end.lastReturnMicros("a", WorkerEvent.Kind.BATCH, child.getValue())
                .orElseThrow())
        .map(micros -> micros / 1e6)
        .toList();
    List<Double> ended = parents.entrySet().stream()
        .map(child -> first(end, child.getKey())
            - end.lastReturnMicros("a", WorkerEvent.Kind.SHARD_ENDED, child.getValue())
                .orElseThrow())
        .map(micros -> micros / 1e6)
        .toList();
    run.notes().println("  gaps " + gaps);
    return new Samples()
        .add(GAP_P50, Summary.of(gaps).median())
        .add(GAP_WORST, Summary.of(gaps).highest())
        .add(ENDED, Summary.of(ended).median())
        .add(DUPLICATES, end.duplicates())
        .add(LOST, run.lost(end));
  }

  private static long first(Timeline timeline, String shard) {
    return timeline
        .firstAfter(0, List.of("a"), WorkerEvent.Kind.RECORDS, shard)
        .orElseThrow()
        .fromMicros();
  }
}
