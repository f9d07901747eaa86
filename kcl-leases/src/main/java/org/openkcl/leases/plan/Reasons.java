package org.openkcl.leases.plan;

import java.util.Locale;
import org.openkcl.leases.plan.FleetView.Member;
import org.openkcl.leases.plan.LeasePlan.Cause;

/** Why a plan is as it is, for people. Numbers are those before the plan. */
final class Reasons {
  private final Objective objective;
  private final double fairLevel;

  Reasons(Draft draft) {
    this.objective = draft.settings().objective();
    this.fairLevel = draft.fairLevel();
  }

  static String claim(Share taker, Objective objective) {
    String has = taker.count() + (taker.count() == 1 ? " lease" : " leases");
    return objective == Objective.COUNT
        ? "nobody reads it, and " + taker.id() + " has " + has
        : "nobody reads it, and " + taker.id() + " has room: " + has + ", "
            + amount(taker.cost(), objective);
  }

  static String unplaced(FleetView view) {
    long receivers =
        view.workers().stream().filter(worker -> worker.standing().receives()).count();
    if (receivers == 0) {
      return "no worker is there that may be given leases. Start one.";
    }
    long most = view.workers().stream()
        .filter(worker -> worker.standing().receives())
        .mapToLong(Member::maxLeases)
        .sum();
    return "all " + receivers + " workers have as many leases as they may have, " + most
        + " together. Raise maxLeases, or start more workers.";
  }

  String move(CostedLease lease, Share from, Share to, Cause cause) {
    return switch (cause) {
      case LIMIT ->
        "%s has %d leases and may have %d"
            .formatted(from.id(), from.countBefore(), from.member().maxLeases());
      case SHARE ->
        from.id() + " has " + from.countBefore() + " leases, " + to.id() + " has "
            + to.countBefore();
      case LOAD ->
        "%s does %s (fair: %s), %s does %s (fair: %s); this lease is %s"
            .formatted(
                from.id(),
                amount(from.levelBefore() * from.weight(), objective),
                amount(fairLevel * from.weight(), objective),
                to.id(),
                amount(to.levelBefore() * to.weight(), objective),
                amount(fairLevel * to.weight(), objective),
                amount(lease.cost(), objective));
    };
  }

  private static String amount(double cost, Objective objective) {
    return switch (objective) {
      case COUNT -> number(cost) + " leases";
      case LAG -> number(cost) + " s to catch up";
      case THROUGHPUT, UTILIZATION -> number(cost) + " KB/s";
    };
  }

  private static String number(double value) {
    return value >= 10
        ? Long.toString(Math.round(value))
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
