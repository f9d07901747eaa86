package org.openkcl.leases.fleet;

import java.util.Set;

/**
 * Tells by whose rules leases change hands, from what was seen of leases, lock and workers. Asking
 * goes through all leases: ask once for everything that is decided at one moment. Time comes in as an
 * argument.
 */
final class FleetRules {
  private final String self;
  private final LeaseSightings leases;
  private final CoordinationSightings coordination;

  FleetRules(FleetSettings settings, LeaseSightings leases, CoordinationSightings coordination) {
    this.self = settings.workerId();
    this.leases = leases;
    this.coordination = coordination;
  }

  /**
   * How the fleet stands now.
   *
   * @param ours live workers of ours, this one included unless it is leaving
   */
  FleetStanding standing(Set<String> ours, long nowNanos) {
    Set<String> alive = leases.foreigners(nowNanos).alive();
    FleetKind kind = FleetKind.of(
        coordination.version(), coordination.showForeignSigns(nowNanos), !alive.isEmpty());
    Set<String> foreign = switch (kind) {
      case OURS -> Set.of();
      case LED -> coordination.reporting(nowNanos).keySet();
      case TAKERS -> alive;
    };
    return new FleetStanding(
        kind,
        self,
        ours,
        foreign,
        coordination.leader(nowNanos).orElse(null),
        coordination.isLedByOurs(nowNanos),
        coordination.leaderlessFor(nowNanos),
        coordination.isMigrating(),
        kind == FleetKind.TAKERS ? ShuffleElection.elected(leases.owners()).orElse(null) : null);
  }
}
