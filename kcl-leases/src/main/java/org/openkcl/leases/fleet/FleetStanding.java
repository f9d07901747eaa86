package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.plan.LeasePlanner;

/**
 * By whose rules leases change hands at one moment, and what of it falls to this worker. {@link
 * FleetRules} makes it from what was seen.
 *
 * @param kind whose workers read the table
 * @param self this worker's id
 * @param ours live workers of ours, this one included unless it is leaving
 * @param foreign Amazon's workers that leases are planned for: those that report, as their leader has
 *     it, or in 2.x those that own leases, as their takers have it
 * @param leader who keeps the lock; null while nobody does
 * @param isLedByOurs whether the one who keeps it is one of ours
 * @param leaderlessFor for how long nobody has kept it
 * @param isMigrating one of Amazon's migrations needs a leader of theirs
 * @param elected whom the election of 2.x names; null where there is none
 */
record FleetStanding(
    FleetKind kind,
    String self,
    Set<String> ours,
    Set<String> foreign,
    @Nullable String leader,
    boolean isLedByOurs,
    Duration leaderlessFor,
    boolean isMigrating,
    @Nullable String elected) {
  private static final LeaseKey LEADERSHIP = new LeaseKey("leader");
  private static final LeaseKey AUDIT = new LeaseKey("audit");
  private static final Duration SUCCESSION = Duration.ofSeconds(2);

  FleetStanding {
    ours = Collections.unmodifiableSet(new TreeSet<>(ours));
    foreign = Collections.unmodifiableSet(new TreeSet<>(foreign));
  }

  /** Everybody that may be given leases. */
  Set<String> members() {
    if (foreign.isEmpty()) {
      return ours;
    }
    Set<String> members = new TreeSet<>(ours);
    members.addAll(foreign);
    return members;
  }

  /**
   * Everybody that a plan is made for. Amazon's 3.x workers take nothing by themselves: they are in
   * it only while a leader of ours lives that gives it to them, or free leases would wait for it.
   *
   * @param leads whether this worker leads
   */
  Set<String> planned(boolean leads) {
    boolean isGiven = leads || (isLedByOurs && leader != null && ours.contains(leader));
    return kind == FleetKind.LED && !isGiven ? ours : members();
  }

  /** Whether our workers move their leases as the plan says; otherwise their leader balances. */
  boolean oursMove() {
    return switch (kind) {
      case OURS, TAKERS -> true;
      case LED -> isLedByOurs;
    };
  }

  /** Whether a lease may be left to one of Amazon's workers, which then has to find it. */
  boolean foreignersFindAssignments() {
    return kind == FleetKind.LED;
  }

  /**
   * Whether this worker should take or keep the lock. Amazon's migrations need a leader of theirs;
   * a fleet of only ours needs none.
   */
  boolean wantsToLead(boolean leads) {
    if (kind != FleetKind.LED || isMigrating) {
      return false;
    }
    int rank = rank(LEADERSHIP);
    return leads || (rank >= 0 && leaderlessFor.compareTo(SUCCESSION.multipliedBy(rank)) >= 0);
  }

  /** Whether this worker compares shards and leases: one does it for all. */
  boolean audits(boolean leads) {
    return switch (kind) {
      case OURS -> rank(AUDIT) == 0;
      case LED -> leader != null ? leads : rank(AUDIT) == 0;
      case TAKERS -> elected == null || elected.equals(self);
    };
  }

  /** How long this worker leaves a handoff that is overdue to those who should end it. */
  Duration handoffGrace(boolean leads, LeaseKey key, FleetSettings settings) {
    if (leads) {
      return Duration.ZERO;
    }
    if (leader != null) {
      return settings.failoverTime().multipliedBy(3);
    }
    return settings.claimPatience().multipliedBy(1 + Math.max(0, rank(key)));
  }

  /** This worker's place among ours for a duty; -1 when it is leaving. */
  private int rank(LeaseKey duty) {
    return LeasePlanner.preference(duty, ours).indexOf(self);
  }
}
