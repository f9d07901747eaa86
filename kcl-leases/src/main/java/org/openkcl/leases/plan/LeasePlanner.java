package org.openkcl.leases.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.plan.FleetView.Holding;
import org.openkcl.leases.plan.FleetView.Member;
import org.openkcl.leases.plan.LeasePlan.Claim;
import org.openkcl.leases.plan.LeasePlan.Unplaced;

/**
 * Decides which worker should have which lease. Free leases always get somebody, as long as anybody
 * may have one more; whoever has just come gets its share at once; unequal load among settled
 * workers is mended slowly (see {@link Balancer}).
 *
 * <p>Equal views give equal plans, so workers that see the same table agree on who acts without
 * asking each other. Nothing is left to chance: ties are broken by rendezvous hashing.
 */
public final class LeasePlanner {
  private static final double NEARLY_AS_GOOD = 0.5;

  private LeasePlanner() {}

  /**
   * The plan for the whole fleet.
   *
   * @param nowNanos by the same clock as the view's {@link Holding#movedNanos()}
   */
  public static LeasePlan plan(FleetView view, PlanSettings settings, long nowNanos) {
    Draft draft = Draft.of(view, settings, nowNanos);
    List<Claim> claims = new ArrayList<>();
    List<Unplaced> unplaced = new ArrayList<>();
    for (CostedLease lease : draft.free()) {
      Share taker = taker(lease, draft.shares());
      if (taker == null) {
        unplaced.add(new Unplaced(lease.key(), Reasons.unplaced(view)));
      } else {
        claims.add(new Claim(lease.key(), taker.id(), Reasons.claim(taker, settings.objective())));
        taker.receive(lease);
      }
    }
    return new LeasePlan(claims, new Balancer(draft).moves(), unplaced);
  }

  /**
   * Who should get leases that their owner gives up: those of ours that have room, and only if there
   * is none of ours, workers of Amazon's library. Leases that nobody may take are left out.
   *
   * @param given some of {@code giver}'s leases
   */
  public static Map<LeaseKey, String> successors(
      Set<LeaseKey> given, String giver, FleetView view, PlanSettings settings, long nowNanos) {
    boolean isAnyOurs = view.workers().stream()
        .anyMatch(worker ->
            worker.standing().receives() && !worker.foreign() && !worker.id().equals(giver));
    List<Member> others = view.workers().stream()
        .filter(worker -> !worker.id().equals(giver) && !(isAnyOurs && worker.foreign()))
        .toList();
    List<Holding> leases = view.leases().stream()
        .map(lease -> given.contains(lease.key()) ? lease.withOwner(null) : lease)
        .toList();
    Draft draft = Draft.of(new FleetView(leases, others), settings, nowNanos);
    Map<LeaseKey, String> successors = new HashMap<>();
    for (CostedLease lease : draft.free()) {
      Share taker = taker(lease, draft.shares());
      if (taker != null) {
        taker.receive(lease);
        if (given.contains(lease.key())) {
          successors.put(lease.key(), taker.id());
        }
      }
    }
    return successors;
  }

  /** The workers in the order in which they should try for {@code key}, best first. */
  public static List<String> preference(LeaseKey key, Collection<String> workers) {
    long hash = Rendezvous.hash(key.value());
    return workers.stream()
        .sorted(Comparator.comparingLong(
                (String worker) -> -Rendezvous.score(hash, Rendezvous.hash(worker)))
            .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /**
   * Whoever has least to do, and among those who have hardly more the one that the lease prefers:
   * views that differ a little then mostly name the same worker.
   */
  private static @Nullable Share taker(CostedLease lease, List<Share> shares) {
    double lowest = Double.POSITIVE_INFINITY;
    for (Share share : shares) {
      if (share.hasRoom()) {
        lowest = Math.min(lowest, share.level() + lease.cost() / share.weight());
      }
    }
    Share best = null;
    long bestScore = -1;
    for (Share share : shares) {
      double step = lease.cost() / share.weight();
      if (share.hasRoom() && share.level() + step <= lowest + NEARLY_AS_GOOD * step) {
        long score = Rendezvous.score(lease.hash(), share.hash());
        if (score > bestScore) {
          best = share;
          bestScore = score;
        }
      }
    }
    return best;
  }
}
