package org.openkcl.leases.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.plan.FleetView.Holding;
import org.openkcl.leases.plan.LeasePlan.Claim;
import org.openkcl.leases.plan.LeasePlan.Move;

class LeasePlannerTest {

  private static FleetView view(Set<String> workers, String... owners) {
    List<Holding> holdings = new ArrayList<>();
    for (int i = 0; i < owners.length; i++) {
      String owner = owners[i].equals("-") ? null : owners[i];
      holdings.add(new Holding(new LeaseKey("shard-" + i), owner));
    }
    return FleetView.of(holdings, workers);
  }

  private static LeasePlan plan(FleetView view) {
    return LeasePlanner.plan(view, PlanSettings.DEFAULT, 0);
  }

  @Test
  void freeLeasesAreSharedOutEvenly() {
    LeasePlan plan = plan(view(Set.of("a", "b"), "-", "-", "-", "-"));
    assertThat(plan.claims()).hasSize(4);
    assertThat(plan.claims().stream().filter(claim -> claim.worker().equals("a")))
        .hasSize(2);
    assertThat(plan.moves()).isEmpty();
  }

  @Test
  void aFreeLeaseGoesToWhoeverHasFewest() {
    LeasePlan plan = plan(view(Set.of("a", "b"), "a", "a", "b", "-"));
    assertThat(plan.claims())
        .containsExactly(new Claim(
            new LeaseKey("shard-3"), "b", "nobody reads it, and b has room: 1 lease, 10 KB/s"));
  }

  @Test
  void aNewcomerGetsOneLeaseOfFourFromOneOfTwoOwners() {
    LeasePlan plan = plan(view(Set.of("a", "b", "c"), "a", "a", "b", "b"));
    assertThat(plan.moves()).hasSize(1);
    assertThat(plan.moves().get(0).to()).isEqualTo("c");
    assertThat(plan.moves().get(0).reason()).isEqualTo("a has 2 leases, c has 0");
  }

  @Test
  void aDifferenceOfOneIsLeftAlone() {
    assertThat(plan(view(Set.of("a", "b"), "a", "a", "b")).moves()).isEmpty();
  }

  @Test
  void leasesOfWorkersOutsideThePlanAreNotTouched() {
    LeasePlan plan = plan(view(Set.of("a"), "x", "x", "x", "a"));
    assertThat(plan.claims()).isEmpty();
    assertThat(plan.moves()).isEmpty();
  }

  @Test
  void nobodyAliveMeansNoPlan() {
    assertThat(plan(view(Set.of(), "-", "a")).claims()).isEmpty();
  }

  @Test
  void anyFleetIsBalancedWithTheFewestMovesAndThenLeftAlone() {
    SplittableRandom chance = new SplittableRandom(42);
    for (int round = 0; round < 500; round++) {
      Set<String> workers = new TreeSet<>();
      IntStream.range(0, 1 + chance.nextInt(9)).forEach(i -> workers.add("w" + i));
      List<String> names = new ArrayList<>(workers);
      names.add("-");
      names.add("gone");
      List<Holding> holdings = new ArrayList<>();
      int size = chance.nextInt(60);
      for (int i = 0; i < size; i++) {
        String owner = names.get(chance.nextInt(names.size()));
        holdings.add(new Holding(new LeaseKey("s" + i), owner.equals("-") ? null : owner));
      }
      FleetView before = FleetView.of(holdings, workers);
      LeasePlan plan = plan(before);
      assertThat(plan(before)).isEqualTo(plan);

      FleetView after = carriedOut(before, plan);
      Map<String, Integer> counts = counts(after);
      int most = counts.values().stream().mapToInt(n -> n).max().orElseThrow();
      int least = counts.values().stream().mapToInt(n -> n).min().orElseThrow();
      assertThat(most - least).isLessThanOrEqualTo(1);
      assertThat(plan(after).moves()).isEmpty();
      assertThat(plan(after).claims()).isEmpty();
      assertThat(plan.moves()).hasSize(surplus(before, plan, least));
    }
  }

  /** How many leases stand above the final level before any move: no plan can do with fewer. */
  private static int surplus(FleetView before, LeasePlan plan, int least) {
    Map<String, Integer> counts =
        counts(carriedOut(before, new LeasePlan(plan.claims(), List.of(), List.of())));
    int missing = counts.values().stream().mapToInt(n -> Math.max(0, least - n)).sum();
    int above =
        counts.values().stream().mapToInt(n -> Math.max(0, n - least - 1)).sum();
    return Math.max(missing, above);
  }

  private static FleetView carriedOut(FleetView view, LeasePlan plan) {
    Map<LeaseKey, String> owners = new HashMap<>();
    plan.claims().forEach(claim -> owners.put(claim.key(), claim.worker()));
    for (Move move : plan.moves()) {
      owners.put(move.key(), move.to());
    }
    return new FleetView(
        view.leases().stream()
            .map(h -> new Holding(h.key(), owners.getOrDefault(h.key(), h.owner())))
            .toList(),
        view.workers());
  }

  private static Map<String, Integer> counts(FleetView view) {
    Map<String, Integer> counts = new HashMap<>();
    view.workers().forEach(worker -> counts.put(worker.id(), 0));
    for (Holding holding : view.leases()) {
      if (holding.owner() != null) {
        counts.computeIfPresent(holding.owner(), (worker, n) -> n + 1);
      }
    }
    return counts;
  }
}
