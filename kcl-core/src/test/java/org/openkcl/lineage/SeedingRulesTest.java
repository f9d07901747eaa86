package org.openkcl.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openkcl.InitialPosition;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.Ownership;
import org.openkcl.lineage.SeedingRules.Readiness;
import org.openkcl.processor.ChildShard;

class SeedingRulesTest {
  private static final Instant NOW = Instant.ofEpochSecond(100);

  private static final String SPLIT = """
      AAABBB
      AAACCC
      """;
  private static final String MERGE = """
      AAACCC
      BBBCCC
      """;
  private static final String LEFT_SLOW = """
      PPYYYY
      PPBBMM
      AAAAMM
      """;
  private static final String DIAMOND = """
      AABBDD
      AACCDD
      EEEEEE
      """;

  static Stream<Arguments> emptyTable() {
    return Stream.of(
        // picture, column of AT_TIMESTAMP, leases for LATEST | TRIM_HORIZON | AT_TIMESTAMP
        arguments("one shard", "AAAA", 2, "A", "A", "A"),
        arguments("split", SPLIT, 2, "B C", "A", "A"),
        arguments("split, timestamp after it", SPLIT, 3, "B C", "A", "B C"),
        arguments("merge", MERGE, 1, "C", "A B", "A B"),
        arguments("diamond", DIAMOND, 3, "E D", "A E", "E B C"),
        arguments("merge of split", "AABBDD\nAACCDD\nEEEFFF", 5, "F D", "A E", "F D"),
        arguments("parents trimmed away", "aaaBBB\naaaCCC", 4, "B C", "B C", "B C"),
        arguments("one parent trimmed away", "aaaCCC\nBBBCCC", 4, "C", "C", "C"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void emptyTable(
      String name, String picture, int timestamp, String latest, String horizon, String at) {
    History history = History.drawn(picture);
    InitialPosition position = InitialPosition.atTimestamp(Instant.ofEpochSecond(timestamp));
    assertThat(seed(history.openAt(history.columns() - 1), InitialPosition.latest()))
        .isEqualTo(with(latest, "LATEST"));
    assertThat(seed(history.openAt(history.trimHorizon()), InitialPosition.trimHorizon()))
        .isEqualTo(with(horizon, "TRIM_HORIZON"));
    assertThat(seed(history.openAt(timestamp), position)).isEqualTo(with(at, "AT_TIMESTAMP"));
  }

  private static String seed(List<Shard> listing, InitialPosition position) {
    return Leases.text(SeedingRules.leasesToCreate(
        ShardGraph.of(listing), Map.of(), Leases.seeding(position, NOW)));
  }

  private static String with(String ids, String checkpoint) {
    return ids.replaceAll("([A-Z])", "$1=" + checkpoint);
  }

  static Stream<Arguments> populatedTable() {
    return Stream.of(
        // picture, leases, missing for LATEST | TRIM_HORIZON (AT_TIMESTAMP: the same shards)
        arguments("nothing missing", SPLIT, "A=10", "", ""),
        arguments("children exist", SPLIT, "A=SHARD_END B=5 C=TRIM_HORIZON", "", ""),
        arguments("parent deleted as it should", SPLIT, "B=5 C=6", "", ""),
        arguments("a root without lease", "AAAA\nBBBB", "A=10", "B=LATEST", "B=TRIM_HORIZON"),
        arguments(
            "split behind a root without lease",
            "AAAAAA\nBBBCCC\nBBBDDD",
            "A=10",
            "C=LATEST D=LATEST",
            "B=TRIM_HORIZON"),
        arguments(
            "grandparent without lease",
            "AAAAAA\nBBCCDD\nBBEEEE",
            "A=10",
            "E=LATEST D=LATEST",
            "B=TRIM_HORIZON"),
        arguments("one side of a merge without lease", MERGE, "A=10", "B=LATEST", "B=TRIM_HORIZON"),
        arguments(
            "one side of a merge without lease and its parent too",
            "PPQQQQ\nPPBBMM\nAAAAMM",
            "A=10",
            "B=LATEST Q=LATEST",
            "P=TRIM_HORIZON"),
        arguments("parents before the lease of a merge", LEFT_SLOW, "P=10 A=20", "", ""),
        arguments(
            "both sides descend from leases",
            DIAMOND,
            "A=SHARD_END B=5 C=TRIM_HORIZON E=9",
            "",
            ""),
        arguments("parents trimmed away", "aaaBBB\naaaCCC", "B=10", "C=LATEST", "C=TRIM_HORIZON"),
        // ours: a child whose parent is finished
        arguments(
            "a child's lease was deleted",
            SPLIT,
            "A=SHARD_END B=5",
            "C=TRIM_HORIZON",
            "C=TRIM_HORIZON"),
        arguments(
            "both children's leases were deleted",
            SPLIT,
            "A=SHARD_END",
            "B=TRIM_HORIZON C=TRIM_HORIZON",
            "B=TRIM_HORIZON C=TRIM_HORIZON"),
        arguments(
            "a closed child's lease was deleted, its child waits",
            "ABBBCC",
            "A=SHARD_END C=TRIM_HORIZON",
            "B=TRIM_HORIZON",
            "B=TRIM_HORIZON"),
        arguments("a closed child is done", "ABBBCC", "A=SHARD_END C=5", "", ""),
        arguments("a merge waits for a side yet to come", LEFT_SLOW, "P=10 A=SHARD_END", "", ""),
        arguments(
            "a merge's lease was deleted",
            MERGE,
            "A=SHARD_END B=10",
            "C=TRIM_HORIZON",
            "C=TRIM_HORIZON"),
        arguments(
            "a lease's shard is not kept any more",
            "aaaBBB\naaaCCC",
            "a=10",
            "B=LATEST C=LATEST",
            "B=TRIM_HORIZON C=TRIM_HORIZON"),
        arguments(
            "a lease's shard is not kept any more, and its child is closed",
            "aaBBDD\naaCCDD",
            "a=10",
            "B=TRIM_HORIZON C=TRIM_HORIZON D=LATEST",
            "B=TRIM_HORIZON C=TRIM_HORIZON"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void populatedTable(String name, String picture, String leases, String latest, String horizon) {
    History history = History.drawn(picture);
    ShardGraph graph = ShardGraph.of(history.listing());
    Map<String, Lease> existing = Leases.of(history, leases);
    assertThat(missing(graph, existing, InitialPosition.latest())).isEqualTo(latest);
    assertThat(missing(graph, existing, InitialPosition.trimHorizon())).isEqualTo(horizon);
    String at = missing(graph, existing, InitialPosition.atTimestamp(Instant.ofEpochSecond(1)));
    assertThat(at.replace("AT_TIMESTAMP", "TRIM_HORIZON")).isEqualTo(horizon);
  }

  private static String missing(
      ShardGraph graph, Map<String, Lease> leases, InitialPosition position) {
    return Leases.text(SeedingRules.leasesToCreate(graph, leases, Leases.seeding(position, NOW)));
  }

  @Test
  void aNewLeaseKnowsItsShardOwnerAndStart() {
    History history = History.drawn(MERGE);
    Seeding seeding = new Seeding(
        InitialPosition.latest(),
        NOW,
        shardId -> new Ownership("worker-" + shardId, null, 4711, 0, "process"));
    Lease lease = SeedingRules.leasesToCreate(ShardGraph.of(history.openAt(5)), Map.of(), seeding)
        .get(0);
    assertThat(lease.key().value()).isEqualTo("C");
    assertThat(lease.owner()).isEqualTo("worker-C");
    assertThat(lease.counter()).isEqualTo(4711);
    assertThat(lease.ownership().writer()).isEqualTo("process");
    assertThat(lease.checkpoint()).isEqualTo(Checkpoint.LATEST);
    assertThat(lease.shard().startAt()).isEqualTo(NOW);
    assertThat(lease.shard().parentShardIds()).containsExactly("A", "B");
    assertThat(lease.shard().hashKeyRange()).isEqualTo(history.shard("C").hashKeyRange());
  }

  @Test
  void latestIsPinnedOnceAndReusedByRepair() {
    Instant served = Instant.ofEpochSecond(500);
    assertThat(Seeding.startAt(InitialPosition.latest(), served, List.of()))
        .isEqualTo(served.minus(Seeding.LATEST_MARGIN));
    List<Lease> seeded = SeedingRules.leasesToCreate(
        ShardGraph.of(History.drawn(SPLIT).openAt(5)),
        Map.of(),
        Leases.seeding(InitialPosition.latest(), NOW));
    assertThat(Seeding.startAt(InitialPosition.latest(), served, seeded)).isEqualTo(NOW);
    assertThat(Seeding.startAt(InitialPosition.trimHorizon(), served, seeded)).isNull();
    assertThat(Seeding.startAt(InitialPosition.atTimestamp(NOW), served, List.of()))
        .isEqualTo(NOW);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Seeding(
            InitialPosition.latest(), null, id -> new Ownership(null, null, 1, 0, null)))
        .withMessageContaining("position=LATEST, startAt=null");
  }

  @Test
  void childrenStartAtTheirFirstRecord() {
    History history = History.drawn(SPLIT);
    List<Lease> children = SeedingRules.childLeases(
        Leases.get(Leases.of(history, "A=10"), "A"),
        history.childrenOf("A"),
        Leases.seeding(InitialPosition.latest(), NOW));
    assertThat(Leases.text(children)).isEqualTo("B=TRIM_HORIZON C=TRIM_HORIZON");
    assertThat(children.get(1).shard().parentShardIds()).containsExactly("A");
    assertThat(children.get(1).shard().hashKeyRange())
        .isEqualTo(history.shard("C").hashKeyRange());
    assertThat(children.get(1).shard().startAt()).isNull();
  }

  @Test
  void contradictoryChildrenAreRefused() {
    Lease ended = Leases.get(Leases.of(History.drawn(SPLIT), "A=10"), "A");
    Seeding seeding = Leases.seeding(InitialPosition.latest(), NOW);
    ChildShard.HashKeyRange range = new ChildShard.HashKeyRange("0", "1");
    ChildShard stranger = new ChildShard("B", List.of("X", "Y"), range);
    ChildShard halfMerged = new ChildShard("B", List.of("A"), range);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeedingRules.childLeases(ended, List.of(stranger), seeding));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeedingRules.childLeases(ended, List.of(halfMerged), seeding));
  }

  @ParameterizedTest
  @CsvSource({
    "A=10 B=SHARD_END C=TRIM_HORIZON,           WAITING,        false",
    "A=SHARD_END B=SHARD_END C=TRIM_HORIZON,    READY,          true",
    "A=10 B=SHARD_END C=55,                     READY,          true",
    "B=SHARD_END C=TRIM_HORIZON,                LISTING_NEEDED, true",
    "C=TRIM_HORIZON,                            LISTING_NEEDED, true",
    "B=10 C=TRIM_HORIZON,                       WAITING,        false"
  })
  void aMergedShardWaitsForBothParents(String text, Readiness byLeases, boolean byListing) {
    History history = History.drawn(MERGE);
    Map<String, Lease> leases = Leases.of(history, text);
    Lease merged = Leases.get(leases, "C");
    Seeding seeding = Leases.seeding(InitialPosition.trimHorizon(), NOW);
    assertThat(SeedingRules.mayStart(merged, leases)).isEqualTo(byLeases);
    assertThat(SeedingRules.mayStart(merged, ShardGraph.of(history.listing()), leases, seeding))
        .isEqualTo(byListing);
  }

  @Test
  void aParentWhoseLeaseIsStillToComeIsNotDone() {
    History history = History.drawn(LEFT_SLOW);
    ShardGraph graph = ShardGraph.of(history.listing());
    Seeding seeding = Leases.seeding(InitialPosition.trimHorizon(), NOW);
    Map<String, Lease> leases = Leases.of(history, "P=10 A=SHARD_END M=TRIM_HORIZON");
    assertThat(SeedingRules.mayStart(Leases.get(leases, "M"), graph, leases, seeding))
        .isFalse();
  }

  @Test
  void aMergedChildGetsItsLeaseOnlyWhenBothParentsHaveOne() {
    History history = History.drawn(MERGE);
    ShardGraph graph = ShardGraph.of(history.listing());
    List<ChildShard> children = history.childrenOf("A");
    Seeding seeding = Leases.seeding(InitialPosition.trimHorizon(), NOW);
    Map<String, Lease> one = Leases.of(history, "A=10");
    assertThat(SeedingRules.mayCreateChildren(children, one)).isEqualTo(Readiness.LISTING_NEEDED);
    assertThat(SeedingRules.mayCreateChildren(children, graph, one, seeding)).isFalse();
    Map<String, Lease> both = Leases.of(history, "A=10 B=TRIM_HORIZON");
    assertThat(SeedingRules.mayCreateChildren(children, both)).isEqualTo(Readiness.READY);

    History trimmed = History.drawn("AAACCC\nbbbCCC");
    assertThat(SeedingRules.mayCreateChildren(
            trimmed.childrenOf("A"), ShardGraph.of(trimmed.listing()), one, seeding))
        .isTrue();
  }

  @Test
  void aMergedChildWaitsForAListingThatKnowsIt() {
    History history = History.drawn(MERGE);
    ShardGraph old = ShardGraph.of(history.until(2).listing());
    assertThat(SeedingRules.mayCreateChildren(
            history.childrenOf("A"),
            old,
            Leases.of(history, "A=10"),
            Leases.seeding(InitialPosition.latest(), NOW)))
        .isFalse();
  }

  @Test
  void aParentThatAnOldListingDoesNotShowIsYetToCome() {
    History history = History.drawn(LEFT_SLOW);
    ShardGraph old = ShardGraph.of(history.until(1).listing());
    assertThat(old.contains("A")).isTrue();
    assertThat(old.contains("B")).isFalse();
    Seeding seeding = Leases.seeding(InitialPosition.trimHorizon(), NOW);
    Map<String, Lease> leases = Leases.of(history, "P=10 A=20");
    assertThat(SeedingRules.mayCreateChildren(history.childrenOf("A"), old, leases, seeding))
        .isFalse();
    Map<String, Lease> early = Leases.of(history, "P=10 A=SHARD_END M=TRIM_HORIZON");
    assertThat(SeedingRules.mayStart(Leases.get(early, "M"), old, early, seeding))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "A=SHARD_END B=5 C=6,              true",
    "A=SHARD_END B=SHARD_END C=6,      true",
    "A=10 B=5 C=6,                     false",
    "A=SHARD_END B=5 C=TRIM_HORIZON,   false",
    "A=SHARD_END B=5 C=LATEST,         false",
    "A=SHARD_END B=5 C=AT_TIMESTAMP,   false",
    "A=SHARD_END B=5,                  false",
    "A=SHARD_END,                      false"
  })
  void aFinishedLeaseIsDeletedWhenEveryChildHasBegun(String text, boolean expected) {
    History history = History.drawn(SPLIT);
    Map<String, Lease> leases = Leases.of(history, text);
    assertThat(SeedingRules.deletable(
            Leases.get(leases, "A"), ShardGraph.of(history.listing()), leases))
        .isEqualTo(expected);
  }

  @Test
  void leasesAreDeletedFromTheOldestOn() {
    History history = History.drawn("AABBCC");
    ShardGraph graph = ShardGraph.of(history.listing());
    Map<String, Lease> leases = Leases.of(history, "A=SHARD_END B=SHARD_END C=5");
    assertThat(SeedingRules.deletable(Leases.get(leases, "B"), graph, leases)).isFalse();
    assertThat(SeedingRules.deletable(Leases.get(leases, "A"), graph, leases)).isTrue();
    leases.remove("A");
    assertThat(SeedingRules.deletable(Leases.get(leases, "B"), graph, leases)).isTrue();
  }

  @Test
  void aFinishedLeaseWithoutKnownChildrenIsDeletedOnceItsShardIsNotListed() {
    History listed = History.drawn("AA");
    Map<String, Lease> leases = Leases.of(listed, "A=SHARD_END");
    assertThat(SeedingRules.deletable(
            Leases.get(leases, "A"), ShardGraph.of(listed.listing()), leases))
        .isFalse();
    assertThat(SeedingRules.deletable(Leases.get(leases, "A"), ShardGraph.of(List.of()), leases))
        .isTrue();
  }
}
