package org.openkcl.leases.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.leases.plan.UglyFleets.NOW;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.plan.FleetView.Holding;
import org.openkcl.leases.plan.FleetView.Member;
import org.openkcl.leases.plan.LeasePlan.Cause;
import org.openkcl.leases.plan.LeasePlan.Claim;
import org.openkcl.leases.plan.LeasePlan.Move;

/** What holds for every plan, whatever the view. */
class LeasePlannerPropertiesTest {
  private static final int ROUNDS = Integer.getInteger("openkcl.seeds", 200) * 3;
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  /** A check of one plan. */
  private interface Property {
    void holds(FleetView view, PlanSettings settings, LeasePlan plan);
  }

  private static void always(boolean ugly, Property property) {
    for (long seed = 0; seed < ROUNDS; seed++) {
      UglyFleets fleets = new UglyFleets(new SplittableRandom(seed), ugly);
      PlanSettings settings = fleets.settings();
      FleetView view = fleets.view();
      try {
        property.holds(view, settings, LeasePlanner.plan(view, settings, NOW));
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError(
            "seed %d with %s: %s".formatted(seed, settings, failure.getMessage()), failure);
      }
    }
  }

  @Test
  void everyFreeLeaseIsPlacedOnceOrSaidToHaveNoPlace() {
    always(true, (view, settings, plan) -> {
      Set<LeaseKey> free = view.leases().stream()
          .filter(lease -> lease.owner() == null)
          .map(Holding::key)
          .collect(Collectors.toSet());
      List<LeaseKey> answered = new ArrayList<>();
      plan.claims().forEach(claim -> answered.add(claim.key()));
      plan.unplaced().forEach(lease -> answered.add(lease.key()));
      assertThat(answered).containsExactlyInAnyOrderElementsOf(free);
      if (!plan.unplaced().isEmpty()) {
        FleetView claimed =
            carriedOut(view, new LeasePlan(plan.claims(), List.of(), List.of()), NOW);
        Map<String, Integer> counts = counts(claimed);
        assertThat(view.workers().stream().filter(worker -> worker.standing().receives()))
            .allMatch(worker -> found(counts, worker.id()) >= worker.maxLeases());
      }
    });
  }

  @Test
  void nobodyIsGivenMoreThanItsLimitNorAnythingItMayNotHave() {
    always(true, (view, settings, plan) -> {
      Map<String, Member> members = new HashMap<>();
      view.workers().forEach(worker -> members.put(worker.id(), worker));
      Map<String, Integer> before = counts(view);
      Map<String, Integer> after = counts(carriedOut(view, plan, NOW));
      for (Member worker : view.workers()) {
        int most = Math.max(worker.maxLeases(), before.getOrDefault(worker.id(), 0));
        assertThat(found(after, worker.id())).isLessThanOrEqualTo(most);
      }
      Set<String> takers = new HashSet<>();
      plan.claims().forEach(claim -> takers.add(claim.worker()));
      plan.moves().forEach(move -> takers.add(move.to()));
      assertThat(takers).allMatch(id -> found(members, id).standing().receives());
      assertThat(plan.moves())
          .allMatch(move -> found(members, move.from()).standing().gives());
    });
  }

  @Test
  void everyMoveIsOfALeaseThatItsGiverHasAndOnlyOnce() {
    always(true, (view, settings, plan) -> {
      Map<LeaseKey, String> owners = new HashMap<>();
      view.leases().forEach(lease -> owners.put(lease.key(), lease.owner()));
      assertThat(plan.moves()).allMatch(move -> move.from().equals(owners.get(move.key())));
      assertThat(plan.moves()).noneMatch(move -> move.from().equals(move.to()));
      assertThat(plan.moves())
          .doesNotHaveDuplicates()
          .extracting(Move::key)
          .doesNotHaveDuplicates();
      assertThat(plan.moves()).extracting(Move::reason).noneMatch(String::isBlank);
      assertThat(plan.claims()).extracting(Claim::reason).noneMatch(String::isBlank);
    });
  }

  @Test
  void movesForLoadKeepToTheBudgetAndToRestedLeases() {
    always(true, (view, settings, plan) -> {
      Map<LeaseKey, Holding> leases = new HashMap<>();
      view.leases().forEach(lease -> leases.put(lease.key(), lease));
      long lately = view.leases().stream()
          .filter(lease -> lease.movedNanos() != null && NOW - lease.movedNanos() < MINUTE)
          .count();
      List<Move> forLoad =
          plan.moves().stream().filter(move -> move.cause() == Cause.LOAD).toList();
      assertThat((long) forLoad.size())
          .isLessThanOrEqualTo(Math.max(0, settings.movesPerMinute(view.leases().size()) - lately));
      for (Move move : forLoad) {
        Long moved = found(leases, move.key()).movedNanos();
        assertThat(moved == null || NOW - moved >= settings.rest().toNanos()).isTrue();
      }
    });
  }

  @Test
  void theOrderInWhichThingsWereSeenDoesNotMatter() {
    always(true, (view, settings, plan) -> {
      List<Holding> leases = new ArrayList<>(view.leases());
      List<Member> workers = new ArrayList<>(view.workers());
      Collections.shuffle(leases, new Random(leases.size()));
      Collections.shuffle(workers, new Random(workers.size()));
      assertThat(LeasePlanner.plan(new FleetView(leases, workers), settings, NOW))
          .isEqualTo(plan);
    });
  }

  /** The sum of cost² / weight: smallest when everybody has its fair share. */
  @Test
  void everyMoveMakesTheFleetMoreEven() {
    always(true, (view, settings, plan) -> {
      FleetView now = carriedOut(view, new LeasePlan(plan.claims(), List.of(), List.of()), NOW);
      Draft draft = Draft.of(view, settings, NOW); // weights by utilization are those of the start
      Map<String, Double> weights = new HashMap<>();
      draft.shares().forEach(share -> weights.put(share.id(), share.weight()));
      double before = unevenness(now, settings, weights);
      for (Move move : plan.moves()) {
        now = carriedOut(now, new LeasePlan(List.of(), List.of(move), List.of()), NOW);
        double after = unevenness(now, settings, weights);
        if (move.cause() != Cause.LIMIT) {
          assertThat(after).as(move.toString()).isLessThan(before);
        }
        before = after;
      }
    });
  }

  @Test
  void aPlanThatWasCarriedOutLeavesNothingToDo() {
    int[] fleets = new int[6];
    always(false, (view, settings, plan) -> fleets[plansUntilCalm(view, settings)]++);
    // A plan moves no lease twice, so one that was given to a bad place waits for the next plan.
    assertThat(fleets[2] + fleets[3] + fleets[4] + fleets[5]).isLessThan(fleets[1] / 8);
  }

  /** Where limits or standings keep leases from going where they should, a second look may help. */
  @Test
  void anyFleetComesToRest() {
    always(
        true,
        (view, settings, plan) ->
            assertThat(plansUntilCalm(view, settings)).isLessThanOrEqualTo(5));
  }

  /**
   * A fleet whose loads do not change, planned for as often as in production, with its budget and
   * its rest: every plan that moves something lowers the sum of cost² / weight, so no lease goes in
   * circles, and after a bounded time nothing moves any more.
   */
  @Test
  void aStillFleetStopsMoving() {
    int[] mostMovesOfALease = {0};
    always(true, (view, settings, plan) -> {
      PlanSettings measured = measured(settings);
      int rounds =
          Math.max(1, view.leases().size()) * 3; // a move a rest would still be done by then
      long pause = Math.max(MINUTE, settings.rest().toNanos());
      Map<LeaseKey, Integer> moves = new HashMap<>();
      FleetView now = view;
      long later = NOW;
      int lastMoved = 0;
      for (int round = 1; round <= rounds + 10; round++) {
        for (int look = 0; look < 3; look++) { // several plans before anything has rested
          later += pause / 3 + 1;
          LeasePlan next = LeasePlanner.plan(now, measured, later);
          next.moves().forEach(move -> moves.merge(move.key(), 1, Integer::sum));
          lastMoved = next.moves().isEmpty() && next.claims().isEmpty() ? lastMoved : round;
          now = carriedOut(now, next, later);
        }
        if (round - lastMoved > 3) {
          break;
        }
      }
      assertThat(lastMoved).as("round of the last move").isLessThanOrEqualTo(rounds);
      int most = moves.values().stream().mapToInt(n -> n).max().orElse(0);
      assertThat(most).as("moves of one lease").isLessThanOrEqualTo(4);
      mostMovesOfALease[0] = Math.max(mostMovesOfALease[0], most);
    });
    assertThat(mostMovesOfALease[0]).isPositive();
  }

  /** The same where costs follow from the view alone: of utilization the machines have their say. */
  private static PlanSettings measured(PlanSettings settings) {
    return settings.objective() == Objective.UTILIZATION
        ? settings.with(Objective.THROUGHPUT)
        : settings;
  }

  private static int plansUntilCalm(FleetView view, PlanSettings settings) {
    PlanSettings hurried = new PlanSettings(
        measured(settings).objective(), settings.tolerance(), 10_000, Duration.ZERO);
    long later = NOW;
    FleetView now = view;
    for (int plans = 0; plans < 100; plans++) {
      later += 2 * MINUTE;
      LeasePlan next = LeasePlanner.plan(now, hurried, later);
      if (next.claims().isEmpty() && next.moves().isEmpty()) {
        return plans;
      }
      now = carriedOut(now, next, later);
    }
    throw new AssertionError("Still moving after 100 plans");
  }

  @Test
  void whatNothingIsMeasuredOfIsSharedOutByCountWithTheFewestMoves() {
    always(false, (view, settings, plan) -> {
      List<Holding> unmeasured = view.leases().stream()
          .map(lease -> new Holding(lease.key(), lease.owner()))
          .toList();
      FleetView quiet = new FleetView(unmeasured, view.workers());
      LeasePlan byCount = LeasePlanner.plan(quiet, settings, NOW);
      Map<String, Integer> counts = counts(carriedOut(quiet, byCount, NOW));
      assertThat(Collections.max(counts.values()) - Collections.min(counts.values()))
          .isLessThanOrEqualTo(1);
      Map<String, Integer> claimed =
          counts(carriedOut(quiet, new LeasePlan(byCount.claims(), List.of(), List.of()), NOW));
      int least = Collections.min(counts.values());
      int missing =
          claimed.values().stream().mapToInt(n -> Math.max(0, least - n)).sum();
      int above =
          claimed.values().stream().mapToInt(n -> Math.max(0, n - least - 1)).sum();
      assertThat(byCount.moves()).hasSize(Math.max(missing, above));
      assertThat(byCount.moves()).allMatch(move -> move.cause() == Cause.SHARE);
    });
  }

  @Test
  void successorsAreOursIfOneOfOursLivesAndNeverTheGiver() {
    always(true, (view, settings, plan) -> {
      if (view.workers().isEmpty()) {
        return;
      }
      String giver = view.workers().get(0).id();
      Set<LeaseKey> given = view.leases().stream()
          .filter(lease -> giver.equals(lease.owner()))
          .map(Holding::key)
          .collect(Collectors.toSet());
      Map<String, Member> members = new HashMap<>();
      view.workers().forEach(worker -> members.put(worker.id(), worker));
      boolean isAnyOurs = view.workers().stream()
          .anyMatch(worker ->
              !worker.id().equals(giver) && worker.standing().receives() && !worker.foreign());
      Map<LeaseKey, String> successors = LeasePlanner.successors(given, giver, view, settings, NOW);
      assertThat(given).containsAll(successors.keySet());
      for (String successor : successors.values()) {
        assertThat(successor).isNotEqualTo(giver);
        assertThat(found(members, successor).standing().receives()).isTrue();
        assertThat(isAnyOurs && found(members, successor).foreign()).isFalse();
      }
    });
  }

  private static <K, V> V found(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key));
  }

  // What a plan leads to

  static FleetView carriedOut(FleetView view, LeasePlan plan, long atNanos) {
    Map<LeaseKey, String> owners = new HashMap<>();
    plan.claims().forEach(claim -> owners.put(claim.key(), claim.worker()));
    plan.moves().forEach(move -> owners.put(move.key(), move.to()));
    List<Holding> leases = view.leases().stream()
        .map(lease -> owners.containsKey(lease.key())
            ? new Holding(
                lease.key(),
                owners.get(lease.key()),
                lease.throughputKBps(),
                lease.lagSeconds(),
                atNanos)
            : lease)
        .toList();
    return new FleetView(leases, view.workers());
  }

  static Map<String, Integer> counts(FleetView view) {
    Map<String, Integer> counts = new HashMap<>();
    view.workers().forEach(worker -> counts.put(worker.id(), 0));
    for (Holding lease : view.leases()) {
      if (lease.owner() != null) {
        counts.computeIfPresent(lease.owner(), (worker, n) -> n + 1);
      }
    }
    return counts;
  }

  private static double unevenness(
      FleetView view, PlanSettings settings, Map<String, Double> weights) {
    double sum = 0;
    for (Share share : Draft.of(view, settings, NOW).shares()) {
      sum += share.cost() / found(weights, share.id()) * share.cost();
    }
    return sum;
  }
}
