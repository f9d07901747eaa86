package org.openkcl.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openkcl.benchmarks.probe.Stamp;
import org.openkcl.benchmarks.probe.WorkerEvent;

/**
 * Of three workers that share the shards, one is killed without a chance to say goodbye, and then
 * another: first one that does not lead the fleet, then the one that does, by the leader's item in
 * the lease table. OpenKCL's fleets have no leader, so there the second victim is any. Dark is a
 * shard from the kill to its first record elsewhere.
 */
final class FailoverScenario implements Scenario {
  private static final Metric MEMBER_WORST =
      Metric.seconds("nonLeaderDarkMaxSeconds").atMost(11).ratioAtLeast(5);
  private static final Metric MEMBER_P50 = Metric.seconds("nonLeaderDarkP50Seconds");
  private static final Metric LEADER_WORST =
      Metric.seconds("leaderDarkMaxSeconds").atMost(11).ratioAtLeast(12);
  private static final Metric LEADER_P50 = Metric.seconds("leaderDarkP50Seconds");
  private static final Metric DUPLICATES = Metric.count("duplicates", "records");
  private static final Metric LOST = Metric.count("lost", "records").atMost(0);
  private static final int SETTLED_SECONDS = 15;

  @Override
  public List<Library> libraries() {
    return ALL;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(MEMBER_WORST, MEMBER_P50, LEADER_WORST, LEADER_P50, DUPLICATES, LOST);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    run.stream().startProducer();
    List<String> alive = new ArrayList<>(List.of("a", "b", "c"));
    run.startTogether(alive);
    Samples samples = new Samples();
    String leader = run.leader().orElse("a");
    Timeline before = run.workers().timeline();
    String member = alive.stream()
        .filter(worker -> !worker.equals(leader))
        .max(Comparator.comparing(worker -> before.shardsOf(worker).size()))
        .orElseThrow();
    alive.remove(member);
    Summary dark = kill(run, member, alive);
    samples.add(MEMBER_WORST, dark.highest()).add(MEMBER_P50, dark.median());
    TimeUnit.SECONDS.sleep(SETTLED_SECONDS);
    String head = run.leader().filter(alive::contains).orElse(alive.get(0));
    alive.remove(head);
    dark = kill(run, head, alive);
    samples.add(LEADER_WORST, dark.highest()).add(LEADER_P50, dark.median());
    Timeline end = run.awaitAllProcessed();
    return samples.add(DUPLICATES, end.duplicates()).add(LOST, run.lost(end));
  }

  private static Summary kill(Run run, String victim, List<String> survivors)
      throws InterruptedException {
    Set<String> orphans = run.workers().timeline().shardsOf(victim);
    long killed = Stamp.nowMicros();
    run.workers().kill(victim);
    Timeline after = run.awaitReadBy(survivors, orphans, killed);
    List<Double> dark = orphans.stream()
        .map(shard ->
            after.firstAfter(killed, survivors, WorkerEvent.Kind.RECORDS, shard).orElseThrow())
        .map(event -> (event.fromMicros() - killed) / 1e6)
        .toList();
    run.notes().println("  " + victim + " killed, dark for " + dark);
    return Summary.of(dark);
  }
}
