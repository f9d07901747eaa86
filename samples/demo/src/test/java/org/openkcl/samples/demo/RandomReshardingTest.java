package org.openkcl.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.openkcl.samples.demo.Resharding.Merge;
import org.openkcl.samples.demo.Resharding.OpenShard;
import org.openkcl.samples.demo.Resharding.Split;

class RandomReshardingTest {
  private static final BigInteger LAST = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

  private final List<OpenShard> open =
      new ArrayList<>(List.of(new OpenShard("0", BigInteger.ZERO, LAST, 0)));
  private int next;
  private int splits;
  private int merges;

  @Test
  void splitsAndMergesInTurnAndKeepsWithinItsBounds() {
    RandomResharding resharding = new RandomResharding(2, 12, new SplittableRandom(7));
    for (int i = 0; i < 2_000; i++) {
      resharding.next(List.copyOf(open)).match(this::split, this::merge);
      assertThat(open).hasSizeBetween(2, 12);
    }
    assertThat(splits).isGreaterThan(900);
    assertThat(merges).isGreaterThan(900);
  }

  @Test
  void doesTheSameForTheSameSeed() {
    List<OpenShard> halves = List.of(shard("a", 0, 49), shard("b", 50, 99));
    assertThat(first(halves, 3)).isEqualTo(first(halves, 3));
  }

  private static String first(List<OpenShard> shards, long seed) {
    return new RandomResharding(2, 2, new SplittableRandom(seed))
        .next(shards)
        .match(Split::toString, Merge::toString);
  }

  /** Fails where the service would: a new child must begin within its parent, after the start. */
  private int split(Split split) {
    OpenShard parent = take(split.shardId());
    assertThat(split.at()).isGreaterThan(parent.from()).isLessThanOrEqualTo(parent.to());
    add(parent.from(), split.at().subtract(BigInteger.ONE));
    add(split.at(), parent.to());
    return ++splits;
  }

  private int merge(Merge merge) {
    OpenShard one = take(merge.shardId());
    OpenShard other = take(merge.neighbour());
    assertThat(one.to().add(BigInteger.ONE)).isEqualTo(other.from());
    add(one.from(), other.to());
    return ++merges;
  }

  private OpenShard take(String shardId) {
    OpenShard found = open.stream()
        .filter(shard -> shard.shardId().equals(shardId))
        .min(Comparator.comparing(OpenShard::from))
        .orElseThrow();
    open.remove(found);
    return found;
  }

  private void add(BigInteger from, BigInteger to) {
    open.add(new OpenShard(Integer.toString(++next), from, to, 0));
  }

  private static OpenShard shard(String id, long from, long to) {
    return new OpenShard(id, BigInteger.valueOf(from), BigInteger.valueOf(to), 0);
  }
}
