package org.openkcl.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openkcl.samples.demo.Resharding.Merge;
import org.openkcl.samples.demo.Resharding.OpenShard;
import org.openkcl.samples.demo.Resharding.Split;

class ReshardingTest {
  private static final List<OpenShard> QUARTERS = List.of(
      shard("d", 75, 99, 70),
      shard("a", 0, 24, 50),
      shard("b", 25, 49, 40),
      shard("c", 50, 74, 30));

  @Test
  void splitsTheBusiestInTheMiddle() {
    assertThat(Resharding.split(QUARTERS)).contains(new Split("d", BigInteger.valueOf(87)));
    assertThat(Resharding.split(List.of(shard("a", 0, 1, 1))))
        .contains(new Split("a", BigInteger.ONE));
  }

  @Test
  void doesNotSplitASingleHashKey() {
    assertThat(Resharding.split(List.of(shard("a", 7, 7, 1)))).isEmpty();
  }

  @Test
  void mergesTheQuietestNeighbours() {
    assertThat(Resharding.merge(QUARTERS, Set.of())).contains(new Merge("b", "c"));
  }

  @Test
  void leavesAloneWhatItIsTold() {
    assertThat(Resharding.merge(QUARTERS, Set.of("c"))).contains(new Merge("a", "b"));
    assertThat(Resharding.merge(QUARTERS, Set.of("b", "c"))).isEmpty();
  }

  @Test
  void doesNotMergeAcrossAGap() {
    assertThat(Resharding.merge(List.of(shard("a", 0, 24, 1), shard("c", 50, 74, 1)), Set.of()))
        .isEqualTo(Optional.empty());
  }

  private static OpenShard shard(String shardId, long from, long to, long records) {
    return new OpenShard(shardId, BigInteger.valueOf(from), BigInteger.valueOf(to), records);
  }
}
