package org.openkcl.leases.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.plan.FleetView.Holding;
import org.openkcl.leases.plan.FleetView.Member;

/**
 * A plan while it is being made: who would have what, and what is free. Mutable, for one plan.
 *
 * <p>A lease whose measurement is missing or cannot be true costs what the others cost on average.
 * Costs are coarse on purpose: workers whose views differ by next to nothing must find the same
 * giver, since only the giver acts, and would otherwise wait for each other.
 */
final class Draft {
  private static final double MOST_WEIGHT_BY_UTILIZATION = 4;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final PlanSettings settings;
  private final List<Share> shares = new ArrayList<>();
  private final List<CostedLease> free = new ArrayList<>();
  private double totalCost;
  private double totalVariable;
  private int totalCount;
  private double totalWeight;
  private int movedLately;
  private boolean movedWhileMeasured;

  private Draft(PlanSettings settings) {
    this.settings = settings;
  }

  static Draft of(FleetView view, PlanSettings settings, long nowNanos) {
    Draft draft = new Draft(settings);
    Map<String, Share> byId = new HashMap<>();
    for (Member member : view.workers()) {
      if (member.standing().gives() || member.standing().receives()) {
        Share share = new Share(member);
        byId.put(member.id(), share);
        draft.shares.add(share);
      }
    }
    draft.takeIn(view.leases(), byId, nowNanos);
    draft.weigh();
    draft.free.sort(
        Comparator.comparingDouble(CostedLease::cost).reversed().thenComparing(CostedLease::key));
    return draft;
  }

  private void takeIn(List<Holding> leases, Map<String, Share> byId, long nowNanos) {
    double[] variable = new double[leases.size()];
    double known = 0;
    int measured = 0;
    for (int i = 0; i < variable.length; i++) {
      variable[i] = settings.objective().variableCost(leases.get(i));
      if (variable[i] >= 0) {
        known += variable[i];
        measured++;
      }
    }
    double mean = measured == 0 ? 0 : known / measured;
    for (int i = 0; i < variable.length; i++) {
      Holding holding = leases.get(i);
      double costs = settings.objective().coarse(variable[i] >= 0 ? variable[i] : mean);
      Long moved = holding.movedNanos();
      long ago = moved == null ? Long.MAX_VALUE : Math.max(0, nowNanos - moved);
      movedLately += ago < MINUTE_NANOS ? 1 : 0;
      movedWhileMeasured |= ago < 2 * MINUTE_NANOS;
      take(holding, costs, ago, byId);
    }
  }

  private void take(Holding holding, double variable, long ago, Map<String, Share> byId) {
    String owner = holding.owner();
    Share share = owner == null ? null : byId.get(owner);
    if (owner != null && share == null) {
      return; // somebody's who takes no part: nothing to plan
    }
    CostedLease lease = new CostedLease(
        holding.key(),
        settings.objective().fixedCost() + variable,
        Rendezvous.hash(holding.key().value()),
        ago >= settings.rest().toNanos());
    totalCost += lease.cost();
    totalVariable += variable;
    totalCount++;
    if (share == null) {
      free.add(lease);
    } else {
      share.holds(lease);
    }
  }

  private void weigh() {
    if (settings.objective() == Objective.UTILIZATION) {
      double cost = 0;
      double utilization = 0;
      for (Share share : shares) {
        if (isMeasured(share)) {
          cost += share.cost();
          utilization += utilizationOf(share);
        }
      }
      for (Share share : shares) {
        if (isMeasured(share)) {
          double relative = (share.cost() / utilizationOf(share)) / (cost / utilization);
          share.reweigh(Math.max(
              1 / MOST_WEIGHT_BY_UTILIZATION, Math.min(MOST_WEIGHT_BY_UTILIZATION, relative)));
        }
      }
    }
    shares.forEach(share -> totalWeight += share.weight());
  }

  private static boolean isMeasured(Share share) {
    return share.cost() > 0 && utilizationOf(share) > 0;
  }

  /** In percent, at least 1; 0 when not known. */
  private static double utilizationOf(Share share) {
    @Nullable Double percent = share.member().utilizationPercent();
    return percent == null || !(percent >= 0) ? 0 : Math.max(1, Math.min(100, percent));
  }

  PlanSettings settings() {
    return settings;
  }

  /** Everybody who gives or gets, by id. */
  List<Share> shares() {
    return shares;
  }

  /** The free leases, dearest first. */
  List<CostedLease> free() {
    return free;
  }

  /** The level that would be fair. */
  double fairLevel() {
    return totalWeight == 0 ? 0 : totalCost / totalWeight;
  }

  /** The measured part of it: the part that is never quite still. */
  double fairVariableLevel() {
    return totalWeight == 0 ? 0 : totalVariable / totalWeight;
  }

  /** How many leases would be fair for a worker. */
  double fairCount(Share share) {
    return totalWeight == 0 ? 0 : totalCount * share.weight() / totalWeight;
  }

  double meanCost() {
    return totalCount == 0 ? 0 : totalCost / totalCount;
  }

  /**
   * Whether what is measured cannot show yet what the last moves have brought. Costs move with their
   * leases; how busy a machine is shows only later, and whoever goes on moving meanwhile goes too far.
   */
  boolean isBeingMeasured() {
    return settings.objective() == Objective.UTILIZATION && movedWhileMeasured;
  }

  /** How many leases may still be moved for load's sake now. */
  int budget() {
    return Math.max(0, settings.movesPerMinute(totalCount) - movedLately);
  }
}
