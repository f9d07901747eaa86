package org.openkcl.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openkcl.InitialPosition;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.lineage.LineageCases.Case;

/** The rules beside the drawn cases, and beside Amazon's on cases that chance draws. */
class LineageCasesTest {
  private static final Instant NOW = Instant.ofEpochSecond(100);

  static List<Case> cases() {
    return LineageCases.all();
  }

  static IntStream seeds() {
    return IntStream.range(0, 1_000);
  }

  @Test
  void thePageHasCases() {
    assertThat(cases()).hasSizeGreaterThan(60);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void leasesAreCreated(Case drawn) {
    History history = History.drawn(drawn.picture());
    Map<String, Lease> leases = Leases.of(history, drawn.leases());
    for (int i = 0; i < 3; i++) {
      InitialPosition position = positions(drawn.timestamp()).get(i);
      List<Lease> created =
          SeedingRules.leasesToCreate(graph(history, leases, position), leases, seeding(position));
      Set<String> marked = created.stream()
          .map(lease -> (isAtFirstRecord(lease, position) ? "*" : "") + lease.shardId())
          .collect(Collectors.toCollection(TreeSet::new));
      assertThat(marked).as("%s, %s", position, drawn).isEqualTo(ids(drawn, i, position));
    }
  }

  /** With TRIM_HORIZON a lease at its first record looks as one at the initial position does. */
  private static Set<String> ids(Case drawn, int column, InitialPosition position) {
    boolean alike = position.kind() == InitialPosition.Kind.TRIM_HORIZON;
    String cell = drawn.created().get(column);
    return set(alike ? cell.replace("*", "") : cell);
  }

  private static boolean isAtFirstRecord(Lease lease, InitialPosition position) {
    return position.kind() != InitialPosition.Kind.TRIM_HORIZON
        && lease.checkpoint().equals(Checkpoint.TRIM_HORIZON);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shardsMayBeRead(Case drawn) {
    History history = History.drawn(drawn.picture());
    Map<String, Lease> leases = Leases.of(history, drawn.leases());
    ShardGraph graph = ShardGraph.of(history.listing());
    Seeding seeding = seeding(InitialPosition.trimHorizon());
    assertThat(which(
            leases.values(),
            lease -> !lease.isFinished() && SeedingRules.mayStart(lease, graph, leases, seeding)))
        .as("%s", drawn)
        .isEqualTo(set(drawn.starts()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void leasesMayGo(Case drawn) {
    History history = History.drawn(drawn.picture());
    Map<String, Lease> leases = Leases.of(history, drawn.leases());
    ShardGraph graph = ShardGraph.of(history.listing());
    assertThat(which(leases.values(), lease -> SeedingRules.deletable(lease, graph, leases)))
        .as("%s", drawn)
        .isEqualTo(set(drawn.goes()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void amazonsRulesAreAsTheLastColumnSays(Case drawn) {
    History history = History.drawn(drawn.picture());
    Map<String, Lease> leases = Leases.of(history, drawn.leases());
    if (leases.isEmpty()) {
      return; // one lease per shard of the filtered listing, in both libraries
    }
    for (int i = 0; i < 3; i++) {
      InitialPosition position = positions(drawn.timestamp()).get(i);
      ShardGraph graph = ShardGraph.of(history.listing());
      assertThat(AmazonRules.created(graph, leases, position.kind()))
          .as("%s, %s", position, drawn)
          .isEqualTo(set(drawn.createdByAmazon().get(i).replace("*", "")));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whateverTheTableWeDoAllThatAmazonsRulesDoAndOnlyWhatIsSafer(int seed) {
    RandomGenerator random = new Random(seed);
    History history = RandomHistory.draw(random, 2 + random.nextInt(6), 3 + random.nextInt(8));
    ShardGraph graph = ShardGraph.of(trimmed(history, random));
    Map<String, Lease> leases = anyLeases(history, random);
    for (InitialPosition position : positions(1)) {
      Set<String> ours =
          which(SeedingRules.leasesToCreate(graph, leases, seeding(position)), created -> true);
      Set<String> theirs = AmazonRules.created(graph, leases, position.kind());
      assertThat(ours).as("%s: %s", position, history).containsAll(theirs);
      ours.removeAll(theirs);
      assertThat(ours)
          .allSatisfy(id -> assertThat(graph.shard(id).orElseThrow().parentShardIds())
              .as("only what follows a lease that is finished, or whose shard is gone: %s", history)
              .anyMatch(parent -> leases.containsKey(parent)
                  && (Leases.get(leases, parent).isFinished() || !graph.contains(parent))));
      for (Lease lease : leases.values()) {
        boolean begun = !lease.checkpoint().isSentinel();
        if (!lease.isFinished()
            && !begun
            && SeedingRules.mayStart(lease, graph, leases, seeding(position))) {
          assertThat(AmazonRules.starts(lease, leases))
              .as("%s: %s", lease, history)
              .isTrue();
        }
        if (SeedingRules.deletable(lease, graph, leases)) {
          assertThat(AmazonRules.goes(lease, graph, leases))
              .as("%s: %s", lease, history)
              .isTrue();
        }
      }
    }
  }

  private static List<Shard> trimmed(History history, RandomGenerator random) {
    int from = random.nextInt(2) == 0 ? 0 : random.nextInt(history.columns());
    return history.listing().stream()
        .filter(shard -> {
          String end = shard.endingSequenceNumber();
          return end == null || Integer.parseInt(end) / 1000 >= from;
        })
        .toList();
  }

  private static Map<String, Lease> anyLeases(History history, RandomGenerator random) {
    List<String> leases = new ArrayList<>();
    for (Shard shard : history.listing()) {
      String checkpoint = List.of("TRIM_HORIZON", "LATEST", "10", "SHARD_END")
          .get(shard.isOpen() ? random.nextInt(3) : random.nextInt(4));
      if (random.nextInt(3) > 0) {
        leases.add(shard.shardId() + "=" + checkpoint);
      }
    }
    if (leases.isEmpty()) {
      leases.add(history.listing().get(0).shardId() + "=10");
    }
    return new LinkedHashMap<>(Leases.of(history, String.join(" ", leases)));
  }

  private static ShardGraph graph(
      History history, Map<String, Lease> leases, InitialPosition position) {
    if (!leases.isEmpty()) {
      return ShardGraph.of(history.listing());
    }
    return ShardGraph.of(history.openAt(
        switch (position.kind()) {
          case LATEST -> history.columns() - 1;
          case TRIM_HORIZON -> history.trimHorizon();
          case AT_TIMESTAMP -> (int) position.timestamp().orElseThrow().getEpochSecond();
        }));
  }

  private static List<InitialPosition> positions(int timestamp) {
    return List.of(
        InitialPosition.latest(),
        InitialPosition.trimHorizon(),
        InitialPosition.atTimestamp(Instant.ofEpochSecond(timestamp)));
  }

  private static Seeding seeding(InitialPosition position) {
    return Leases.seeding(position, NOW);
  }

  private static Set<String> which(Collection<Lease> leases, Predicate<Lease> condition) {
    return leases.stream()
        .filter(condition)
        .map(Lease::shardId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> set(String ids) {
    return Arrays.stream(ids.split("\\s+"))
        .filter(id -> !id.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
