package org.openkcl.samples.demo.proof;

import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openkcl.samples.demo.proof.LineageCheck.Premature;
import org.openkcl.samples.demo.proof.ShardCheck.ShardFindings;

/**
 * Compares what the stream acknowledged to the producer with what the workers' processors wrote
 * down, and the statistics that follow from the latter with those of the data file. The rules:
 *
 * <ol>
 *   <li>every record put is delivered at least once, with the key and the payload that were put;
 *   <li>each processor gets its shard's records one after the other from where it started, none
 *       twice and none left out;
 *   <li>a later processor of a shard may start further back (those deliveries count as duplicates),
 *       but not beyond what was delivered before;
 *   <li>no processor of a child shard starts before its parents' last record was first delivered and
 *       their end announced;
 *   <li>the deliveries, each record counted once, give the file's statistics.
 * </ol>
 *
 * <p>Moments of different workers are compared by the wall clock, so they must run on one machine.
 */
public final class Verifier {
  private static final int EXAMPLES_MAX = 3;

  private Verifier() {}

  /** Looks at everything; {@code expected} is computed from the data file. */
  public static Verdict verify(
      Production production, List<Incarnation> incarnations, DelayStatistics expected) {
    Map<String, List<PutRecord>> puts =
        production.puts().stream().collect(groupingBy(PutRecord::shardId));
    Map<String, List<Incarnation>> lives =
        incarnations.stream().collect(groupingBy(Incarnation::shardId));
    Set<String> shardIds = new TreeSet<>(puts.keySet());
    shardIds.addAll(lives.keySet());
    Map<String, ShardFindings> shards = new TreeMap<>();
    for (String shardId : shardIds) {
      shards.put(
          shardId,
          new ShardCheck(shardId, puts.getOrDefault(shardId, List.of()))
              .check(lives.getOrDefault(shardId, List.of())));
    }
    List<Premature> premature = LineageCheck.check(production.parents(), shards, lives);

    List<String> reasons = new ArrayList<>();
    shards.values().forEach(shard -> reasons.addAll(shard.reasons()));
    premature.forEach(child -> reasons.add(child.reason()));
    reasons.addAll(statisticsReasons(expected, statistics(incarnations)));
    return new Verdict(
        production.puts().size(),
        shards.values().stream().mapToLong(ShardFindings::delivered).sum(),
        shards.values().stream().mapToLong(ShardFindings::duplicates).sum(),
        shards.values().stream().mapToLong(ShardFindings::lost).sum(),
        shards.values().stream().mapToLong(ShardFindings::outOfOrder).sum()
            + premature.stream().mapToLong(Premature::deliveries).sum(),
        premature.size(),
        reasons);
  }

  /** The statistics of the union of all ledgers, each record counted once. */
  public static DelayStatistics statistics(List<Incarnation> incarnations) {
    Set<String> counted = new HashSet<>();
    return DelayStatistics.of(incarnations.stream()
        .flatMap(life -> life.deliveries().stream()
            .filter(delivery -> counted.add(life.shardId() + " " + delivery.sequenceNumber()))));
  }

  private static List<String> statisticsReasons(DelayStatistics expected, DelayStatistics actual) {
    List<String> differences = expected.differences(actual);
    if (differences.isEmpty()) {
      return List.of();
    }
    String more = differences.size() > EXAMPLES_MAX
        ? "; and " + (differences.size() - EXAMPLES_MAX) + " more"
        : "";
    return List.of("The statistics of %d airports differ: %s%s"
        .formatted(
            differences.size(),
            String.join("; ", differences.subList(0, Math.min(EXAMPLES_MAX, differences.size()))),
            more));
  }
}
