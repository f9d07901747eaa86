package org.openkcl.leases.fleet;

import org.jspecify.annotations.Nullable;
import org.openkcl.leases.ClientVersion;

/** Whose workers read the table, and so by whose rules leases change hands. */
enum FleetKind {
  /** Only ours: nobody leads, every worker carries out its part of the plan. */
  OURS,
  /** Amazon's 3.x too: whoever holds the lock balances, by handoffs. */
  LED,
  /** Amazon's 2.x too: every worker takes its share; nobody looks for what is assigned to it. */
  TAKERS;

  /**
   * What the table shows.
   *
   * @param version how far the application has come from 2.x to 3.x; null when nothing says so
   * @param foreignSigns Amazon's 3.x workers report metrics, or hold the lock
   * @param foreignOwners workers that are not ours keep leases alive
   */
  static FleetKind of(
      @Nullable ClientVersion version, boolean foreignSigns, boolean foreignOwners) {
    if (!foreignSigns && !foreignOwners) {
      return OURS;
    }
    if (version != null) {
      return version.isLed() ? LED : TAKERS;
    }
    return foreignSigns ? LED : TAKERS;
  }
}
