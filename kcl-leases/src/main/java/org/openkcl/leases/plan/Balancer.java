package org.openkcl.leases.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.plan.LeasePlan.Cause;
import org.openkcl.leases.plan.LeasePlan.Move;

/**
 * The moves of one plan, in three rounds.
 *
 * <ol>
 *   <li><b>Limits</b>: who has more leases than it may have gives the surplus away.
 *   <li><b>Shares</b>: who has clearly too few leases <em>and</em> too little to do, as a newcomer,
 *       gets its whole share in this plan, of leases that are neither all quiet nor all busy.
 *   <li><b>Load</b>: who is outside of the tolerance around its fair share gives or gets leases,
 *       rested ones only, until it is half way inside or the budget is spent.
 * </ol>
 *
 * <p>Why it comes to rest. A lease of cost c goes from A to B only if A's level is above B's by at
 * least three quarters of what the lease weighs on both together (1.5 c for equal workers). Each
 * move then lowers the sum over workers of cost² / weight, so a plan ends; and the same lease could
 * come back only if the measurements swung by at least c. Below that, noise moves nothing.
 */
final class Balancer {
  private static final double GAIN = 0.75;
  private static final double HARDLY_WORTH = 0.01;
  private static final Comparator<Share> LEVEL = Balancer::compareLevels;
  private static final Comparator<Share> HIGHEST = (one, other) -> one.level() == other.level()
      ? one.id().compareTo(other.id())
      : Double.compare(other.level(), one.level());

  private final Draft draft;
  private final Reasons reasons;
  private final double tolerance;
  private final double fairLevel;
  private final List<Move> moves = new ArrayList<>();
  private int budget;

  Balancer(Draft draft) {
    this.draft = draft;
    this.reasons = new Reasons(draft);
    this.tolerance = draft.settings().tolerance();
    this.fairLevel = draft.fairLevel();
    this.budget = draft.budget();
  }

  List<Move> moves() {
    keepLimits();
    evenOutShares();
    if (!draft.isBeingMeasured()) {
      evenOutLoad();
    }
    return moves;
  }

  private static int compareLevels(Share one, Share other) {
    return one.level() == other.level()
        ? one.id().compareTo(other.id())
        : Double.compare(one.level(), other.level());
  }

  // Limits

  private void keepLimits() {
    for (Share from : draft.shares()) {
      while (from.gives() && from.count() > from.member().maxLeases()) {
        Share to = lowestWithRoom(from);
        CostedLease lease =
            to == null ? null : from.nearest(idealFor(to), Double.MAX_VALUE, l -> true);
        if (to == null || lease == null) {
          break;
        }
        move(lease, from, to, Cause.LIMIT);
      }
    }
  }

  private @Nullable Share lowestWithRoom(Share except) {
    Share lowest = null;
    for (Share share : draft.shares()) {
      if (share != except
          && share.hasRoom()
          && (lowest == null || LEVEL.compare(share, lowest) < 0)) {
        lowest = share;
      }
    }
    return lowest;
  }

  // Shares

  private void evenOutShares() {
    NavigableSet<Share> wanting = new TreeSet<>(LEVEL);
    for (Share share : draft.shares()) {
      boolean mayWant = !draft.isBeingMeasured() || share.count() == 0;
      if (mayWant && share.hasRoom() && isShort(share)) {
        wanting.add(share);
      }
    }
    NavigableSet<Share> busiestFirst = new TreeSet<>(HIGHEST);
    if (!wanting.isEmpty()) {
      busiestFirst.addAll(draft.shares());
    }
    while (!wanting.isEmpty()) {
      Share to = wanting.first();
      wanting.remove(to); // out of the orders while its level changes
      if (to.hasRoom() && giveOne(to, wanting, busiestFirst)) {
        wanting.add(to);
      }
    }
  }

  /** Whether somebody has clearly more leases and more to do, by more than noise can explain. */
  private boolean isShort(Share to) {
    double noise = 2 * tolerance * draft.fairVariableLevel();
    for (Share from : draft.shares()) {
      if (from != to
          && from.gives()
          && hasMore(from, to)
          && from.level() - to.level() >= weight(draft.meanCost(), from, to) + noise) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code from} has so many more leases that it still has as many after giving one. */
  private static boolean hasMore(Share from, Share to) {
    return (from.count() - 1) / from.weight() >= (to.count() + 1) / to.weight();
  }

  /** Gives one lease of the busiest that may give any to {@code to}, which is not in {@code wanting}. */
  private boolean giveOne(Share to, NavigableSet<Share> wanting, NavigableSet<Share> busiestFirst) {
    double ideal = idealFor(to);
    for (Share from : busiestFirst) {
      if (from.level() <= to.level()) {
        return false;
      }
      CostedLease lease = from.gives() && hasMore(from, to)
          ? from.nearest(ideal, dearest(from, to), l -> true)
          : null;
      if (lease != null) {
        boolean fromWants = wanting.remove(from);
        busiestFirst.remove(from);
        busiestFirst.remove(to);
        move(lease, from, to, Cause.SHARE);
        busiestFirst.add(from);
        busiestFirst.add(to);
        if (fromWants) {
          wanting.add(from);
        }
        return true;
      }
    }
    return false;
  }

  /** What a lease for {@code to} should cost so that its share of leases is its share of load. */
  private double idealFor(Share to) {
    double missing = fairLevel * to.weight() - to.cost();
    long leases = Math.max(1, Math.round(draft.fairCount(to)) - to.count());
    return missing / leases;
  }

  // Load

  private void evenOutLoad() {
    int before = -1;
    while (budget > 0 && moves.size() > before) { // what one gives may be what another gets next
      before = moves.size();
      relieveTheBusy();
      fillTheIdle();
    }
  }

  private void relieveTheBusy() {
    for (Share from : sorted(HIGHEST)) {
      if (from.gives() && from.level() > fairLevel * (1 + tolerance)) {
        while (from.level() > fairLevel * (1 + tolerance / 2) && relieve(from)) {
          // until it is well inside of the tolerance
        }
      }
    }
  }

  private void fillTheIdle() {
    for (Share to : sorted(LEVEL)) {
      if (to.level() < fairLevel * (1 - tolerance)) {
        while (to.level() < fairLevel * (1 - tolerance / 2) && fill(to)) {
          // until it is well inside of the tolerance
        }
      }
    }
  }

  private boolean relieve(Share from) {
    for (Share to : sorted(LEVEL)) {
      if (to.level() >= from.level() || budget == 0) {
        return false;
      }
      if (to != from && to.hasRoom() && moveForLoad(from, to)) {
        return true;
      }
    }
    return false;
  }

  private boolean fill(Share to) {
    for (Share from : sorted(HIGHEST)) {
      if (to.level() >= from.level() || budget == 0 || !to.hasRoom()) {
        return false;
      }
      if (to != from && from.gives() && moveForLoad(from, to)) {
        return true;
      }
    }
    return false;
  }

  private boolean moveForLoad(Share from, Share to) {
    double surplus = (from.level() - fairLevel) * from.weight();
    double missing = (fairLevel - to.level()) * to.weight();
    double worth = Math.min(draft.meanCost(), HARDLY_WORTH * fairLevel * from.weight());
    Predicate<CostedLease> suitable = lease -> lease.isRested() && lease.cost() >= worth;
    CostedLease lease = from.nearest(Math.min(surplus, missing), dearest(from, to), suitable);
    if (lease == null) {
      return false;
    }
    move(lease, from, to, Cause.LOAD);
    budget--;
    return true;
  }

  // Both

  /** The most that a lease may cost for its move from one to the other to be worth it. */
  private static double dearest(Share from, Share to) {
    return (from.level() - to.level()) / weight(1, from, to);
  }

  /** What a difference of levels must be at least for a lease of that cost to move. */
  private static double weight(double cost, Share from, Share to) {
    return GAIN * (cost / from.weight() + cost / to.weight());
  }

  private void move(CostedLease lease, Share from, Share to, Cause cause) {
    from.give(lease);
    to.receive(lease);
    moves.add(
        new Move(lease.key(), from.id(), to.id(), cause, reasons.move(lease, from, to, cause)));
  }

  private List<Share> sorted(Comparator<Share> order) {
    List<Share> sorted = new ArrayList<>(draft.shares());
    sorted.sort(order);
    return sorted;
  }
}
