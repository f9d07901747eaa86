package org.openkcl.benchmarks;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openkcl.benchmarks.probe.Stamp;
import org.openkcl.benchmarks.probe.WorkerEvent;

/**
 * A worker has read all shards for half a minute; a second joins, and is watched until it has half of
 * them or a time has passed. Gaps are those of the shards that moved, from the last return at the one
 * to the first call at the other.
 */
final class RebalanceScenario implements Scenario {
  private static final Metric GAP_P50 = Metric.seconds("gapP50Seconds").ratioAtLeast(20);
  private static final Metric GAP_WORST = Metric.seconds("gapMaxSeconds").ratioAtLeast(20);
  private static final Metric FIRST = Metric.seconds("firstMoveSeconds");
  private static final Metric LAST = Metric.seconds("lastMoveSeconds");
  private static final Metric SHARE = Metric.rate("shareOfJoinerPercent", "%");
  private static final Metric DUPLICATES = Metric.count("duplicates", "records").atMost(0);
  private static final Metric LOST = Metric.count("lost", "records").atMost(0);

  /** The first worker has done with starting by then, which would take the processors of the other. */
  private static final int SECONDS_AT_WORK = 30;

  private final int seconds;

  /**
   * A scenario.
   *
   * @param seconds how long the joiner is watched at most
   */
  RebalanceScenario(int seconds) {
    this.seconds = seconds;
  }

  @Override
  public List<Library> libraries() {
    return ALL;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(GAP_P50, GAP_WORST, FIRST, LAST, SHARE, DUPLICATES, LOST);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    run.stream().startProducer();
    run.startAlone("a", Run.FLEET);
    TimeUnit.SECONDS.sleep(SECONDS_AT_WORK);
    run.start("b");
    long begin = Stamp.nowMicros();
    long enough = begin + TimeUnit.SECONDS.toMicros(seconds);
    run.workers()
        .await(
            "b has half of the shards",
            Run.PATIENCE,
            timeline -> hasHalf(timeline, run.shards())
                || (Stamp.nowMicros() > enough && !timeline.shardsReadBy("b").isEmpty()));
    TimeUnit.SECONDS.sleep(3);
    Timeline end = run.awaitAllProcessed();
    Set<String> moved = end.shardsReadBy("b");
    long started = end.first("b", WorkerEvent.Kind.STARTING).orElseThrow().fromMicros();
    Summary moves = Summary.of(moved.stream()
        .map(shard ->
            end.firstAfter(0, List.of("b"), WorkerEvent.Kind.RECORDS, shard).orElseThrow())
        .map(event -> (event.fromMicros() - started) / 1e6)
        .toList());
    List<Double> gaps = end.gapsSeconds(moved, "a", WorkerEvent.Kind.BATCH, "b");
    run.notes().println("  gaps " + gaps);
    return new Samples()
        .add(GAP_P50, Summary.of(gaps).median())
        .add(GAP_WORST, Summary.of(gaps).highest())
        .add(FIRST, moves.lowest())
        .add(LAST, moves.highest())
        .add(SHARE, 100.0 * end.shardsOf("b").size() / run.shards())
        .add(DUPLICATES, end.duplicates())
        .add(LOST, run.lost(end));
  }

  private static boolean hasHalf(Timeline timeline, int shards) {
    Set<String> mine = timeline.shardsOf("b");
    return mine.size() == shards / 2 && timeline.shardsReadBy("b").containsAll(mine);
  }
}
