package org.openkcl.benchmarks;

import static java.util.Map.entry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A second worker joins and gets half of the shards; then one is told to stop, by SIGTERM. */
final class HandoverScenario implements Scenario {
  private static final Metric READ_AGAIN = Metric.seconds("readAgainSeconds").atMost(1);
  private static final Metric GAP = Metric.seconds("gapSeconds");
  private static final Metric GAP_P50 = Metric.seconds("gapP50Seconds");
  private static final Metric HANDOFF = Metric.seconds("handoffSeconds");
  private static final Metric STEADY = Metric.seconds("steadyGapP50Seconds");
  private static final Metric STEADY_WORST = Metric.seconds("steadyGapMaxSeconds");
  private static final Metric STOP = Metric.seconds("stopSeconds");
  private static final Metric JOIN_GAP = Metric.seconds("joinGapSeconds");
  private static final Metric JOIN = Metric.seconds("joinSeconds");
  private static final Metric DUPLICATES = Metric.count("duplicates", "records").atMost(0);
  private static final Metric LOST = Metric.count("lost", "records").atMost(0);

  @Override
  public List<Metric> metrics() {
    return List.of(
        READ_AGAIN,
        GAP,
        GAP_P50,
        HANDOFF,
        STEADY,
        STEADY_WORST,
        STOP,
        JOIN_GAP,
        JOIN,
        DUPLICATES,
        LOST);
  }

  @Override
  public Map<Metric, Double> measure(Run run) throws InterruptedException {
    run.stream().startProducer();
    run.startAlone("a");
    run.join("b");
    Timeline before = run.workers().timeline();
    Set<String> joined = before.shardsOf("b");
    Set<String> leaving = before.shardsOf("a");
    long asked = Stamp.nowMicros();
    run.workers().terminate("a");
    run.workers().awaitExit("a", Duration.ofSeconds(60));
    double stop = (Stamp.nowMicros() - asked) / 1e6;
    run.awaitReadBy("b", leaving, 0);
    Timeline end = run.awaitAllProcessed();
    List<Double> gaps = end.gapsSeconds(leaving, "a", WorkerEvent.Kind.BATCH, "b");
    List<Double> handoffs = end.gapsSeconds(leaving, "a", WorkerEvent.Kind.SHUTDOWN_REQUESTED, "b");
    run.notes().println("  last return to first call: " + gaps);
    run.notes().println("  shutdownRequested to first call: " + handoffs);
    long started = before.first("b", WorkerEvent.Kind.STARTING).orElseThrow().fromMicros();
    double join = joined.stream()
        .mapToLong(shard -> before
            .firstAfter(0, "b", WorkerEvent.Kind.BATCH, shard)
            .orElseThrow()
            .fromMicros())
        .max()
        .orElseThrow();
    Set<String> processed = end.processed();
    long lost =
        run.stream().put().stream().filter(id -> !processed.contains(id)).count();
    Summary steady = Summary.of(before.steadyGapsSeconds());
    double readAgain = leaving.stream()
        .mapToLong(shard -> end.firstAfter(asked, "b", WorkerEvent.Kind.BATCH, shard)
            .orElseThrow()
            .fromMicros())
        .max()
        .orElseThrow();
    return Map.ofEntries(
        entry(READ_AGAIN, (readAgain - asked) / 1e6),
        entry(GAP, Summary.of(gaps).worst()),
        entry(GAP_P50, Summary.of(gaps).median()),
        entry(HANDOFF, Summary.of(handoffs).worst()),
        entry(STEADY, steady.median()),
        entry(STEADY_WORST, steady.worst()),
        entry(STOP, stop),
        entry(
            JOIN_GAP,
            Summary.of(before.gapsSeconds(joined, "a", WorkerEvent.Kind.BATCH, "b"))
                .worst()),
        entry(JOIN, (join - started) / 1e6),
        entry(DUPLICATES, (double) end.duplicates()),
        entry(LOST, (double) lost));
  }
}
