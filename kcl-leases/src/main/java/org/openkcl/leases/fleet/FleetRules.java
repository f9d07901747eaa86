package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.plan.LeasePlanner;

/**
 * By whose rules leases change hands now, and what of it falls to this worker. It asks what was
 * seen, time comes in as an argument, and it does nothing itself.
 */
final class FleetRules {
  private static final LeaseKey LEADERSHIP = new LeaseKey("leader");
  private static final LeaseKey AUDIT = new LeaseKey("audit");
  private static final Duration SUCCESSION = Duration.ofSeconds(2);

  private final FleetSettings settings;
  private final LeaseSightings leases;
  private final CoordinationSightings coordination;

  FleetRules(FleetSettings settings, LeaseSightings leases, CoordinationSightings coordination) {
    this.settings = settings;
    this.leases = leases;
    this.coordination = coordination;
  }

  /** Whose workers read the table. */
  FleetKind kind(long nowNanos) {
    return FleetKind.of(
        coordination.version(),
        coordination.showForeignSigns(nowNanos),
        !leases.foreignOwners(nowNanos).isEmpty());
  }

  /**
   * Everybody that leases are planned for: of Amazon's workers those that report, as their leader has
   * it, or in 2.x those that own leases, as their takers have it.
   */
  Set<String> members(Set<String> ours, long nowNanos) {
    Set<String> members = new TreeSet<>(ours);
    switch (kind(nowNanos)) {
      case OURS -> {}
      case LED -> members.addAll(coordination.reporting(nowNanos).keySet());
      case TAKERS -> members.addAll(leases.foreignOwners(nowNanos));
    }
    return members;
  }

  /** Amazon's workers among them. */
  Set<String> foreignMembers(long nowNanos) {
    return members(Set.of(), nowNanos);
  }

  /** Whether our workers move their leases as the plan says; otherwise their leader balances. */
  boolean oursMove(long nowNanos) {
    return switch (kind(nowNanos)) {
      case OURS, TAKERS -> true;
      case LED -> coordination.isLedByOurs(nowNanos);
    };
  }

  /** Whether a lease may be left to one of Amazon's workers, which then has to find it. */
  boolean foreignersFindAssignments(long nowNanos) {
    return kind(nowNanos) == FleetKind.LED;
  }

  /**
   * Whether this worker should take or keep the lock. Amazon's migrations need a leader of theirs;
   * a fleet of only ours needs none.
   */
  boolean wantsToLead(Set<String> ours, boolean leads, long nowNanos) {
    if (kind(nowNanos) != FleetKind.LED || coordination.isMigrating()) {
      return false;
    }
    int rank = LeasePlanner.preference(LEADERSHIP, ours).indexOf(settings.workerId());
    Duration turn = SUCCESSION.multipliedBy(rank);
    return leads || (rank >= 0 && coordination.leaderlessFor(nowNanos).compareTo(turn) >= 0);
  }

  /** Whether this worker compares shards and leases: one does it for all. */
  boolean audits(Set<String> ours, boolean leads, long nowNanos) {
    return switch (kind(nowNanos)) {
      case OURS -> first(AUDIT, ours);
      case LED -> coordination.leader(nowNanos).isPresent() ? leads : first(AUDIT, ours);
      case TAKERS ->
        ShuffleElection.elected(leases.owners())
            .map(settings.workerId()::equals)
            .orElse(true);
    };
  }

  /** How long this worker leaves a handoff that is overdue to those who should end it. */
  Duration handoffGrace(Set<String> ours, boolean leads, LeaseKey key, long nowNanos) {
    if (leads) {
      return Duration.ZERO;
    }
    if (coordination.leader(nowNanos).isPresent()) {
      return settings.failoverTime().multipliedBy(3);
    }
    int rank = LeasePlanner.preference(key, ours).indexOf(settings.workerId());
    return settings.claimPatience().multipliedBy(1 + Math.max(0, rank));
  }

  private boolean first(LeaseKey duty, Set<String> ours) {
    return LeasePlanner.preference(duty, ours).indexOf(settings.workerId()) == 0;
  }
}
