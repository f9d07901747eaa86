package org.openkcl.leases.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.plan.FleetView.Member;

/** What one worker would have if the plan so far were carried out. Mutable, for one plan. */
final class Share {
  private final Member member;
  private final long hash;
  private final List<CostedLease> givable = new ArrayList<>();
  private double weight;
  private double cost;
  private double level;
  private int count;
  private double costBefore;
  private int countBefore;
  private boolean sorted;

  Share(Member member) {
    this.member = member;
    this.hash = Rendezvous.hash(member.id());
    this.weight = member.weight();
  }

  String id() {
    return member.id();
  }

  Member member() {
    return member;
  }

  long hash() {
    return hash;
  }

  double weight() {
    return weight;
  }

  void reweigh(double factor) {
    weight = member.weight() * factor;
    level = cost / weight;
  }

  int count() {
    return count;
  }

  double cost() {
    return cost;
  }

  /** How many leases it had before the plan. */
  int countBefore() {
    return countBefore;
  }

  /** What it had to do before the plan, for one of its weight. */
  double levelBefore() {
    return costBefore / weight;
  }

  /** What it has to do, for one of its weight: equal levels are a fair fleet. */
  double level() {
    return level;
  }

  boolean gives() {
    return member.standing().gives();
  }

  boolean hasRoom() {
    return member.standing().receives() && count < member.maxLeases();
  }

  /** Counts a lease that it has already, and that it may be asked to give. */
  void holds(CostedLease lease) {
    givable.add(lease);
    receive(lease);
    costBefore = cost;
    countBefore = count;
  }

  /** Counts a lease that it gets by this plan; a plan moves no lease twice. */
  void receive(CostedLease lease) {
    cost += lease.cost();
    level = cost / weight;
    count++;
  }

  /** Takes a lease away. */
  void give(CostedLease lease) {
    givable.remove(positionOf(lease.cost(), lease));
    cost -= lease.cost();
    level = cost / weight;
    count--;
  }

  /** The lease of at most {@code limit} whose cost is nearest to {@code ideal}. */
  @Nullable
  CostedLease nearest(double ideal, double limit, Predicate<CostedLease> suitable) {
    int above = positionOf(Math.min(ideal, limit), null);
    int below = above - 1;
    while (above < givable.size() && !suitable.test(givable.get(above))) {
      above++;
    }
    while (below >= 0 && !suitable.test(givable.get(below))) {
      below--;
    }
    boolean fits = above < givable.size() && givable.get(above).cost() <= limit;
    CostedLease dearer = fits ? givable.get(above) : null;
    if (below < 0 || dearer == null) {
      return below < 0 ? dearer : givable.get(below);
    }
    CostedLease cheaper = givable.get(below);
    return dearer.cost() - ideal <= ideal - cheaper.cost() ? dearer : cheaper;
  }

  /** Where {@code lease} stands in order of cost, or the first that costs at least so much. */
  private int positionOf(double atLeast, @Nullable CostedLease lease) {
    if (!sorted) {
      givable.sort(null);
      sorted = true;
    }
    int low = 0;
    int high = givable.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      CostedLease there = givable.get(middle);
      boolean before = lease == null ? there.cost() < atLeast : there.compareTo(lease) < 0;
      if (before) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
