package org.openkcl.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openkcl.benchmarks.probe.Stamp;

/**
 * A rolling restart: of two workers that share the shards, each in turn is told to stop by SIGTERM,
 * ends, and is replaced; the next goes when all shards are read again and the library says that the
 * new worker has started. Gaps are each shard's longest silence during it, from the return of a call
 * to the next call, wherever.
 */
final class DeployScenario implements Scenario {
  private static final Metric GAP_P50 = Metric.seconds("gapP50Seconds").ratioAtLeast(40);
  private static final Metric GAP_WORST = Metric.seconds("gapMaxSeconds").ratioAtLeast(40);
  private static final Metric STEADY = Metric.seconds("steadyGapP50Seconds");
  private static final Metric STOP = Metric.seconds("stopSeconds");
  private static final Metric WHOLE = Metric.seconds("deploySeconds");
  private static final Metric DUPLICATES = Metric.count("duplicates", "records").atMost(0);
  private static final Metric LOST = Metric.count("lost", "records").atMost(0);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(90);

  @Override
  public List<Library> libraries() {
    return ALL;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(GAP_P50, GAP_WORST, STEADY, STOP, WHOLE, DUPLICATES, LOST);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    run.stream().startProducer();
    run.startTogether(List.of("a", "b"));
    Samples samples = new Samples();
    Timeline before = run.workers().timeline();
    samples.add(STEADY, Summary.of(before.steadyGapsSeconds()).median());
    long begin = Stamp.nowMicros();
    replace(run, "a", "c", List.of("b", "c"), samples);
    replace(run, "b", "d", List.of("c", "d"), samples);
    long done = Stamp.nowMicros();
    samples.add(WHOLE, (done - begin) / 1e6);
    TimeUnit.SECONDS.sleep(2);
    Timeline end = run.awaitAllProcessed();
    Summary gaps = Summary.of(new ArrayList<>(end.longestSilences(begin, done).values()));
    run.notes().println("  gaps " + end.longestSilences(begin, done));
    return samples
        .add(GAP_P50, gaps.median())
        .add(GAP_WORST, gaps.highest())
        .add(DUPLICATES, end.duplicates())
        .add(LOST, run.lost(end));
  }

  private static void replace(
      Run run, String old, String young, List<String> others, Samples samples)
      throws InterruptedException {
    Set<String> left = run.workers().timeline().shardsOf(old);
    long asked = Stamp.nowMicros();
    samples.add(STOP, run.stop(old, STOPPED_WITHIN));
    run.start(young);
    run.awaitReadBy(others, left, asked);
    run.awaitRunning(young);
  }
}
