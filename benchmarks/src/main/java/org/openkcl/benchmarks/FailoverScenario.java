package org.openkcl.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Of two workers with half of the shards each, one is killed without a chance to say goodbye. */
final class FailoverScenario implements Scenario {
  /** The library's default failover time, and one second. */
  private static final double LIMIT_SECONDS = 11;

  private static final Metric TAKEOVER = Metric.seconds("takeoverSeconds").atMost(LIMIT_SECONDS);
  private static final Metric TAKEOVER_P50 = Metric.seconds("takeoverP50Seconds");
  private static final Metric INITIALIZE = Metric.seconds("initializeSeconds");
  private static final Metric LOST = Metric.count("lost", "records").atMost(0);

  @Override
  public List<Metric> metrics() {
    return List.of(TAKEOVER, TAKEOVER_P50, INITIALIZE, LOST);
  }

  @Override
  public Map<Metric, Double> measure(Run run) throws InterruptedException {
    run.stream().startProducer();
    run.startAlone("a");
    run.join("b");
    // Both the older and the younger one shall be killed.
    String victim = run.number() % 2 == 0 ? "a" : "b";
    String survivor = run.number() % 2 == 0 ? "b" : "a";
    Set<String> orphans = run.workers().timeline().shardsOf(victim);
    long killed = Stamp.nowMicros();
    run.workers().kill(victim);
    Timeline after = run.awaitReadBy(survivor, orphans, killed);
    List<Double> read = new ArrayList<>();
    List<Double> initialized = new ArrayList<>();
    for (String shard : orphans) {
      read.add(seconds(killed, after, survivor, WorkerEvent.Kind.BATCH, shard));
      initialized.add(seconds(killed, after, survivor, WorkerEvent.Kind.INITIALIZE, shard));
    }
    run.notes().println("  " + victim + " killed, read again after " + read);
    Timeline end = run.awaitAllProcessed();
    Set<String> processed = end.processed();
    long lost =
        run.stream().put().stream().filter(id -> !processed.contains(id)).count();
    return Map.of(
        TAKEOVER, Summary.of(read).worst(),
        TAKEOVER_P50, Summary.of(read).median(),
        INITIALIZE, Summary.of(initialized).worst(),
        LOST, (double) lost);
  }

  private static double seconds(
      long sinceMicros, Timeline timeline, String worker, WorkerEvent.Kind kind, String shard) {
    WorkerEvent event = timeline.firstAfter(sinceMicros, worker, kind, shard).orElseThrow();
    return (event.fromMicros() - sinceMicros) / 1e6;
  }
}
