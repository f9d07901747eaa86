package org.openkcl.leases.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.plan.FleetView.Holding;
import org.openkcl.leases.plan.FleetView.Member;
import org.openkcl.leases.plan.FleetView.Standing;
import org.openkcl.leases.plan.LeasePlan.Cause;
import org.openkcl.leases.plan.LeasePlan.Move;

/** What plans do about load, limits, weights and standings, one rule a test. */
class LoadBalanceTest {
  private static final long NOW = Duration.ofDays(2).toNanos();
  private static final PlanSettings SETTINGS =
      new PlanSettings(Objective.THROUGHPUT, 0.10, 10, Duration.ofMinutes(2));

  private final List<Holding> leases = new ArrayList<>();
  private final List<Member> workers = new ArrayList<>();

  private void worker(String id) {
    workers.add(Member.sharing(id));
  }

  private void owns(@Nullable String owner, double... throughputs) {
    for (double throughput : throughputs) {
      leases.add(new Holding(next(), owner, throughput, null, null));
    }
  }

  private LeaseKey next() {
    return new LeaseKey("shard-%02d".formatted(leases.size()));
  }

  private LeasePlan plan() {
    return plan(SETTINGS);
  }

  private LeasePlan plan(PlanSettings settings) {
    return LeasePlanner.plan(new FleetView(leases, workers), settings, NOW);
  }

  private Map<String, Double> loads(LeasePlan plan) {
    Map<String, Double> loads = new TreeMap<>();
    FleetView after =
        LeasePlannerPropertiesTest.carriedOut(new FleetView(leases, workers), plan, NOW);
    for (Holding lease : after.leases()) {
      if (lease.owner() != null && lease.throughputKBps() != null) {
        loads.merge(lease.owner(), lease.throughputKBps(), Double::sum);
      }
    }
    return loads;
  }

  @Test
  void aBusyWorkerGivesWhatBringsItNearestToItsShare() {
    worker("a");
    worker("b");
    owns("a", 400, 200, 100);
    owns("b", 100, 100, 100);
    LeasePlan plan = plan();
    assertThat(plan.moves()).hasSize(1);
    assertThat(plan.moves().get(0).cause()).isEqualTo(Cause.LOAD);
    assertThat(plan.moves().get(0).reason())
        .isEqualTo("a does 730 KB/s (fair: 530 KB/s), b does 330 KB/s (fair: 530 KB/s);"
            + " this lease is 210 KB/s");
    assertThat(loads(plan)).containsEntry("a", 500.0).containsEntry("b", 500.0);
  }

  @Test
  void whatIsInsideTheToleranceStays() {
    worker("a");
    worker("b");
    owns("a", 105, 105, 105, 105);
    owns("b", 95, 95, 95, 95);
    assertThat(plan().moves()).isEmpty();
  }

  @Test
  void aHotShardStaysAndTheOthersLeaveItsWorker() {
    worker("a");
    worker("b");
    worker("c");
    owns("a", 900, 100, 100);
    owns("b", 100, 100, 100, 100);
    owns("c", 100, 100, 100, 100);
    LeasePlan plan = plan();
    assertThat(plan.moves()).hasSize(2).allMatch(move -> move.from().equals("a"));
    assertThat(loads(plan)).containsEntry("a", 900.0);
    assertThat(plan.moves()).extracting(Move::to).containsExactlyInAnyOrder("b", "c");
  }

  @Test
  void quietStreamsAreSharedOutByCount() {
    worker("a");
    worker("b");
    owns("a", 0.5, 0.1, 0.1, 0.1, 0.1);
    owns("b", 0.4, 1, 0.2);
    assertThat(plan().moves()).hasSize(1).allMatch(move -> move.cause() == Cause.SHARE);
  }

  @Test
  void aNewcomerGetsItsWholeShareAtOnceWhateverTheBudgetAndOfEveryKind() {
    worker("a");
    worker("b");
    for (int i = 0; i < 64; i++) {
      owns("a", i < 32 ? 20 : 180);
    }
    LeasePlan plan = plan(new PlanSettings(Objective.THROUGHPUT, 0.10, 0, Duration.ofDays(1)));
    assertThat(plan.moves()).hasSize(32).allMatch(move -> move.cause() == Cause.SHARE);
    assertThat(plan.moves().get(0).reason()).isEqualTo("a has 64 leases, b has 0");
    assertThat(loads(plan).get("b")).isBetween(2_900.0, 3_500.0);
  }

  @Test
  void theBudgetCountsWhatChangedHandsInTheLastMinute() {
    worker("a");
    worker("b");
    owns("a", 100, 100, 100, 100, 100, 100, 100, 100, 100, 100);
    owns("b", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    assertThat(plan().moves()).hasSize(4);
    PlanSettings three = new PlanSettings(Objective.THROUGHPUT, 0.10, 3, Duration.ZERO);
    assertThat(plan(three).moves()).hasSize(3);
    Holding justMoved = leases.remove(19);
    leases.add(new Holding(
        justMoved.key(), "b", 1.0, null, NOW - Duration.ofSeconds(59).toNanos()));
    assertThat(plan(three).moves()).hasSize(2);
  }

  @Test
  void aLeaseThatHasJustMovedRests() {
    worker("a");
    worker("b");
    leases.add(
        new Holding(next(), "a", 400.0, null, NOW - Duration.ofSeconds(119).toNanos()));
    leases.add(new Holding(next(), "a", 390.0, null, NOW - Duration.ofMinutes(2).toNanos()));
    owns("b", 10, 10);
    LeasePlan plan = plan();
    assertThat(plan.moves()).extracting(Move::key).containsExactly(new LeaseKey("shard-01"));
  }

  @Test
  void twiceTheWeightIsTwiceTheWork() {
    workers.add(Member.sharing("big").with(2, Integer.MAX_VALUE));
    worker("small");
    for (int i = 0; i < 30; i++) {
      owns(null, 100);
    }
    assertThat(loads(plan())).containsEntry("big", 2_000.0).containsEntry("small", 1_000.0);
  }

  @Test
  void aLimitIsKeptAndWhatHasNoPlaceIsSaid() {
    workers.add(Member.sharing("a").with(1, 2));
    workers.add(Member.sharing("b").with(1, 1));
    owns(null, 1, 1, 1, 1, 1);
    LeasePlan plan = plan();
    assertThat(plan.claims()).hasSize(3);
    assertThat(plan.unplaced()).hasSize(2);
    assertThat(plan.unplaced().get(0).reason())
        .isEqualTo("all 2 workers have as many leases as they may have, 3 together."
            + " Raise maxLeases, or start more workers.");
  }

  @Test
  void whoHasMoreThanItsLimitGivesTheSurplusAway() {
    workers.add(Member.sharing("a").with(1, 3));
    worker("b");
    owns("a", 10, 10, 10, 10, 10);
    owns("b", 10, 10, 10, 10, 10, 10, 10);
    LeasePlan plan = plan();
    assertThat(plan.moves()).hasSize(2).allMatch(move -> move.cause() == Cause.LIMIT);
    assertThat(plan.moves().get(0).reason()).isEqualTo("a has 5 leases and may have 3");
  }

  @Test
  void whoIsLeavingFailingOrLedByOthersGetsNothingAndIsNotRobbed() {
    workers.add(Member.sharing("a"));
    workers.add(Member.sharing("failing").asForeign().with(Standing.KEEPING));
    workers.add(Member.sharing("leaving").with(Standing.LEAVING));
    owns("failing", 500, 500, 500);
    owns("leaving", 500, 500);
    owns(null, 1);
    LeasePlan plan = plan();
    assertThat(plan.claims()).extracting(LeasePlan.Claim::worker).containsExactly("a");
    assertThat(plan.moves()).isEmpty();
  }

  @Test
  void nothingIsGivenToAForeignWorkerThatWouldNotNoticeButItsLeasesCanBeTaken() {
    worker("a");
    workers.add(Member.sharing("amazon").asForeign().with(Standing.GIVING));
    owns("amazon", 10, 10, 10, 10);
    owns(null, 10);
    LeasePlan plan = plan();
    assertThat(plan.claims()).extracting(LeasePlan.Claim::worker).containsExactly("a");
    assertThat(plan.moves()).isNotEmpty().allMatch(move -> move.to().equals("a"));
  }

  // Each of two givers would wait for the other for ever if either saw the other as the busier one.
  @Test
  void viewsThatDifferByNextToNothingNameTheSameGiver() {
    List<Move> seenByOne = movesWhen(1e-6, 0.0);
    List<Move> seenByTheOther = movesWhen(0.0, 1e-6);
    assertThat(seenByOne).hasSize(1);
    assertThat(seenByTheOther).isEqualTo(seenByOne);
  }

  private List<Move> movesWhen(double first, double second) {
    leases.clear();
    workers.clear();
    List.of("a", "b", "c", "new").forEach(this::worker);
    owns("a", first, first);
    owns("b", second, second);
    owns("c", 0);
    return plan().moves();
  }

  @Test
  void whatIsNotKnownCostsWhatTheOthersDo() {
    worker("a");
    worker("b");
    owns("a", 100, 100, 100, 100);
    for (int i = 0; i < 4; i++) {
      leases.add(new Holding(next(), "b", null, null, null));
    }
    assertThat(plan().moves()).isEmpty();
  }

  @Test
  void lagIsSpreadOverTheFleet() {
    worker("a");
    worker("b");
    for (int i = 0; i < 8; i++) {
      leases.add(new Holding(next(), i < 4 ? "a" : "b", 50.0, i < 4 ? 3_600.0 : 0.0, null));
    }
    LeasePlan plan = plan(SETTINGS.with(Objective.LAG));
    assertThat(plan.moves()).hasSize(2).allMatch(move -> move.to().equals("b"));
    assertThat(plan.moves().get(0).reason()).contains("s to catch up");
  }

  @Test
  void aSlowMachineIsRelievedUntilAllAreEquallyBusy() {
    double[] percentPerKb = {0.02, 0.01, 0.01};
    for (int i = 0; i < 60; i++) {
      owns("w" + i % 3, 100);
    }
    for (int round = 0; round < 20; round++) {
      workers.clear();
      for (int w = 0; w < 3; w++) {
        double load = loads(LeasePlan.NONE).getOrDefault("w" + w, 0.0);
        workers.add(Member.sharing("w" + w).withUtilization(load * percentPerKb[w]));
      }
      PlanSettings byUse = SETTINGS.with(Objective.UTILIZATION);
      LeasePlan plan = LeasePlanner.plan(
          new FleetView(leases, workers), byUse, NOW + round * SETTINGS.rest().toNanos());
      FleetView after = LeasePlannerPropertiesTest.carriedOut(
          new FleetView(leases, workers), plan, NOW + round * SETTINGS.rest().toNanos());
      leases.clear();
      leases.addAll(after.leases());
    }
    Map<String, Double> loads = loads(LeasePlan.NONE);
    assertThat(loads.get("w0")).isBetween(1_000.0, 1_400.0); // 1,200 would be exact
    assertThat(loads.get("w1")).isBetween(2_100.0, 2_700.0);
  }

  @Test
  void settingsOutOfRangeAreRefusedInTheUsersWords() {
    assertThatThrownBy(() -> new PlanSettings(Objective.COUNT, 0, 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tolerance must be between 0.02 and 1: got 0.0.");
    assertThatThrownBy(() -> new PlanSettings(Objective.COUNT, Double.NaN, 1, Duration.ZERO))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new PlanSettings(Objective.COUNT, 0.1, -2, Duration.ZERO))
        .hasMessageStartingWith("movesPerMinute must be 0 or more");
    assertThatThrownBy(() -> new PlanSettings(Objective.COUNT, 0.1, 1, Duration.ofDays(2)))
        .hasMessageStartingWith("rest must be between 0 and 1 day: got PT48H");
  }
}
