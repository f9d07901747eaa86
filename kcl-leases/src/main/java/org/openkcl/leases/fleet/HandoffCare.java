package org.openkcl.leases.fleet;

import java.util.Map;
import org.openkcl.environment.Environment;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after handoffs of Amazon's kind: lets this worker notice at once that it is to let go, and
 * ends those that nobody ends. Confined to the event loop.
 */
final class HandoffCare {
  private static final Logger log = LoggerFactory.getLogger(HandoffCare.class);

  private final Environment environment;
  private final FleetSettings settings;
  private final LeaseSightings leases;
  private final LeaseClaims claims;
  private final HandoffDeadlines deadlines;

  HandoffCare(HeldLease.Context context, LeaseSightings leases, LeaseClaims claims) {
    this.environment = context.environment();
    this.settings = context.settings();
    this.leases = leases;
    this.claims = claims;
    this.deadlines = new HandoffDeadlines(settings.failoverTime());
  }

  /**
   * Does what is due.
   *
   * @param leads whether this worker leads
   */
  void tend(Map<LeaseKey, HeldLease> held, FleetStanding standing, boolean leads) {
    long now = environment.nanoTime();
    deadlines.see(leases.all(), now);
    for (HeldLease lease : held.values()) {
      leases
          .lease(lease.key())
          .filter(seen -> settings.workerId().equals(seen.ownership().checkpointOwner())
              && lease.lease().ownership().checkpointOwner() == null)
          .ifPresent(seen -> lease.renewNow());
    }
    for (LeaseKey key : deadlines.overdue(now)) {
      if (deadlines.isOverdue(key, standing.handoffGrace(leads, key, settings), now)) {
        log.atInfo()
            .addKeyValue("event", "lease.handoff-overdue")
            .log(
                "Giving {} to {} now: its handoff has taken too long", key, deadlines.takerOf(key));
        leases.lease(key).ifPresent(seen -> end(seen, held.containsKey(key)));
      }
    }
  }

  /** The taker gets the lease; if it is not there any more, this worker. */
  private void end(Lease seen, boolean isHeld) {
    String taker = deadlines.takerOf(seen.key());
    if (taker.equals(settings.workerId()) || (!isHeld && leases.isGone(taker))) {
      claims.claim(seen);
    } else {
      claims.passOn(seen, taker);
    }
  }
}
