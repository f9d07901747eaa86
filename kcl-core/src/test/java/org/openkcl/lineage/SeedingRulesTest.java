package org.openkcl.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.InitialPosition;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
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

  @Test
  void aNewLeaseKnowsItsShardOwnerAndStart() {
    History history = History.drawn(MERGE);
    Seeding seeding = new Seeding(
        StreamIdentity.SINGLE,
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
            StreamIdentity.SINGLE,
            InitialPosition.latest(),
            null,
            id -> new Ownership(null, null, 1, 0, null)))
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

  @Test
  void leasesOfSeveralStreamsBearTheirStreamInKeyAndFacts() {
    Instant created = Instant.ofEpochSecond(1_700_000_000L);
    StreamIdentity orders = new StreamIdentity("123456789012:orders:1700000000", created);
    Seeding seeding = new Seeding(
        orders, InitialPosition.trimHorizon(), null, id -> new Ownership(null, null, 1, 0, null));
    Lease lease = SeedingRules.leasesToCreate(
            ShardGraph.of(History.drawn(MERGE).openAt(5)), Map.of(), seeding)
        .get(0);
    assertThat(lease.key().value()).isEqualTo("123456789012:orders:1700000000:C");
    assertThat(lease.shardId()).isEqualTo("C");
    assertThat(lease.shard().streamShard())
        .isEqualTo(new ShardFacts.StreamShard("123456789012:orders:1700000000", "C"));
    assertThat(lease.shard().parentShardIds()).containsExactly("A", "B"); // bare, as Amazon's
    assertThat(lease.shard().streamCreatedAt()).isEqualTo(created);
    assertThat(orders.owns(lease)).isTrue();
    assertThat(StreamIdentity.SINGLE.names(lease)).isFalse();
  }

  @Test
  void aStreamThatWasCreatedAgainDoesNotOwnTheLeasesOfTheFormerOne() {
    Instant then = Instant.ofEpochSecond(1_700_000_000L);
    Lease unsaid = Leases.get(Leases.of(History.drawn(MERGE), "A=10"), "A");
    Lease former = new Lease(
        unsaid.key(),
        unsaid.ownership(),
        unsaid.progress(),
        unsaid.shard().withStreamCreatedAt(then));
    StreamIdentity now = new StreamIdentity(null, then.plusSeconds(60));
    assertThat(now.names(former)).isTrue();
    assertThat(now.owns(former)).isFalse();
    assertThat(now.follows(former)).isTrue();
    StreamIdentity older = new StreamIdentity(null, then.minusSeconds(60));
    assertThat(older.owns(former)).isFalse();
    assertThat(older.follows(former)).isFalse(); // that stream is younger
    assertThat(now.follows(unsaid)).isFalse();
    assertThat(now.owns(unsaid)).isTrue(); // as Amazon's workers leave it
    assertThat(new StreamIdentity(null, then.plusMillis(300)).owns(former)).isTrue();
    StreamIdentity orders = new StreamIdentity("1:orders:1700000060", then.plusSeconds(60));
    assertThat(orders.sharesNameWith(ofStream("1:orders:1700000000"))).isTrue();
    assertThat(orders.sharesNameWith(ofStream("1:orders:1700000060"))).isFalse();
    assertThat(orders.sharesNameWith(ofStream("2:orders:1700000000"))).isFalse();
    assertThat(orders.sharesNameWith(unsaid)).isFalse();
  }

  private static Lease ofStream(String identifier) {
    return new Lease(
        new LeaseKey(identifier + ":A"),
        new Ownership(null, null, 1, 0, null),
        Progress.at(Checkpoint.LATEST),
        new ShardFacts(
            Set.of(), Set.of(), null, null, new ShardFacts.StreamShard(identifier, "A")));
  }

  @Test
  void whatALeaseDoesNotSayIsCompletedAndNothingElseIsChanged() {
    Instant created = Instant.ofEpochSecond(1_700_000_000L);
    StreamIdentity stream = new StreamIdentity(null, created);
    Shard shard = History.drawn(SPLIT).shard("A");
    ShardFacts bare = new ShardFacts(Set.of("P"), Set.of("B"), null, NOW, null);
    ShardFacts completed = SeedingRules.completed(bare, stream, Optional.of(shard));
    assertThat(completed)
        .isEqualTo(
            new ShardFacts(Set.of("P"), Set.of("B"), shard.hashKeyRange(), NOW, null, created));
    assertThat(SeedingRules.completed(completed, stream, Optional.empty())).isEqualTo(completed);
    assertThat(SeedingRules.completed(bare, StreamIdentity.SINGLE, Optional.empty()))
        .isEqualTo(bare);
  }
}
