package org.openkcl.samples.demo;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Chooses which shards to split and to merge. */
final class Resharding {
  private Resharding() {}

  /**
   * A shard that takes records.
   *
   * @param from first hash key
   * @param to last hash key
   * @param records how many it has taken
   */
  record OpenShard(String shardId, BigInteger from, BigInteger to, long records) {}

  /** The busiest shard and the hash key in its middle, where the second child begins. */
  record Split(String shardId, BigInteger at) {}

  /** Two shards side by side. */
  record Merge(String shardId, String neighbour) {}

  /** Splits the busiest shard in half; empty if none can be split. */
  static Optional<Split> split(List<OpenShard> shards) {
    return shards.stream()
        .filter(shard -> shard.from().compareTo(shard.to()) < 0)
        .max(Comparator.comparingLong(OpenShard::records))
        .map(shard -> new Split(
            shard.shardId(), shard.from().add(shard.to()).add(BigInteger.ONE).shiftRight(1)));
  }

  /**
   * Merges the two neighbours that took the fewest records; empty if there are none.
   *
   * @param except shards to leave alone
   */
  static Optional<Merge> merge(List<OpenShard> shards, Set<String> except) {
    List<OpenShard> byRange =
        shards.stream().sorted(Comparator.comparing(OpenShard::from)).toList();
    return IntStream.range(1, byRange.size())
        .mapToObj(i -> List.of(byRange.get(i - 1), byRange.get(i)))
        .filter(pair -> pair.get(0).to().add(BigInteger.ONE).equals(pair.get(1).from()))
        .filter(pair -> pair.stream().noneMatch(shard -> except.contains(shard.shardId())))
        .min(
            Comparator.comparingLong(pair -> pair.get(0).records() + pair.get(1).records()))
        .map(pair -> new Merge(pair.get(0).shardId(), pair.get(1).shardId()));
  }
}
