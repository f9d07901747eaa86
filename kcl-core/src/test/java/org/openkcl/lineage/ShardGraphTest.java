package org.openkcl.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.HashKeyRange;

class ShardGraphTest {
  private static final ShardGraph DIAMOND = ShardGraph.of(History.drawn("""
                  AABBDD
                  AACCDD
                  EEEEEE
                  """).listing());

  @Test
  void parentsComeBeforeChildren() {
    assertThat(ids(DIAMOND.shards().stream().toList())).containsExactly("A", "E", "B", "C", "D");
  }

  @Test
  void relationsAreKnown() {
    assertThat(ids(DIAMOND.parentsOf("D"))).containsExactly("B", "C");
    assertThat(ids(DIAMOND.childrenOf("A"))).containsExactly("B", "C");
    assertThat(ids(DIAMOND.open())).containsExactly("E", "D");
    assertThat(DIAMOND.ancestorsOf("D")).containsExactlyInAnyOrder("A", "B", "C");
    assertThat(DIAMOND.ancestorsOf("A")).isEmpty();
    assertThat(DIAMOND.shard("X")).isEmpty();
    assertThat(DIAMOND.parentsOf("X")).isEmpty();
  }

  @Test
  void parentsThatAreNotListedAreLeftOut() {
    ShardGraph graph = ShardGraph.of(History.drawn("aaBB\naaCC").listing());
    assertThat(graph.parentsOf("B")).isEmpty();
    assertThat(graph.ancestorsOf("B")).isEmpty();
    assertThat(ids(graph.childrenOf("a"))).containsExactly("B", "C");
    assertThat(graph.firstContradiction()).isEmpty();
  }

  @Test
  void everyHashKeyIsTaken() {
    assertThat(DIAMOND.firstHole()).isEmpty();
  }

  @Test
  void aHoleIsNamed() {
    assertThat(HashKeyCoverage.firstHole(List.of()))
        .hasValue("No shard takes the hash keys 0 to " + HashKeyRange.MAX);
    assertThat(HashKeyCoverage.firstHole(List.of(range(0, 9), range(20, 30), range(5, 12))))
        .hasValue("No shard takes the hash keys 13 to 19");
    assertThat(HashKeyCoverage.firstHole(List.of(range(1, 9))))
        .hasValue("No shard takes the hash keys 0 to 0");
    assertThat(HashKeyCoverage.firstHole(List.of(range(0, 9))))
        .hasValue("No shard takes the hash keys 10 to " + HashKeyRange.MAX);
    assertThat(HashKeyCoverage.firstHole(
            List.of(new HashKeyRange(BigInteger.TEN, HashKeyRange.MAX), range(0, 9))))
        .isEmpty();
  }

  @Test
  void aChildOfAnOpenShardIsAContradiction() {
    assertThat(DIAMOND.firstContradiction()).isEmpty();
    ShardGraph graph = ShardGraph.of(List.of(shard("A", null), shard("B", null, "A")));
    assertThat(graph.firstContradiction())
        .hasValue("Shard B is listed while its parent A is still open");
  }

  @Test
  void aCircleIsAContradictionAndEndsEveryQuestion() {
    ShardGraph graph = ShardGraph.of(
        List.of(shard("A", "9", "C"), shard("B", "9", "A"), shard("C", "9", "B", "X")));
    assertThat(graph.firstContradiction())
        .hasValueSatisfying(t -> assertThat(t).contains("circle"));
    assertThat(graph.ancestorsOf("A")).containsExactlyInAnyOrder("B", "C");
    assertThat(graph.shards()).hasSize(3);
  }

  @Test
  void aShardOfItsOwnIsAContradiction() {
    ShardGraph graph = ShardGraph.of(List.of(shard("A", "9", "A")));
    assertThat(graph.firstContradiction()).isPresent();
    assertThat(graph.ancestorsOf("A")).isEmpty();
  }

  @Test
  void aLaterEntryReplacesAnEarlierOne() {
    ShardGraph graph = ShardGraph.of(List.of(shard("A", null), shard("A", "9")));
    assertThat(graph.open()).isEmpty();
  }

  @Test
  void aShardHasAtMostTwoParents() {
    assertThatIllegalArgumentException().isThrownBy(() -> shard("A", null, "B", "C", "D"));
  }

  private static Shard shard(String id, @Nullable String end, String... parents) {
    return new Shard(id, Set.copyOf(Arrays.asList(parents)), range(0, 9), "1", end);
  }

  private static HashKeyRange range(long starting, long ending) {
    return new HashKeyRange(BigInteger.valueOf(starting), BigInteger.valueOf(ending));
  }

  private static List<String> ids(List<Shard> shards) {
    return shards.stream().map(Shard::shardId).toList();
  }
}
