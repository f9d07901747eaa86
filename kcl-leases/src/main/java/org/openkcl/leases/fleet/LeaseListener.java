package org.openkcl.leases.fleet;

import org.openkcl.leases.LeaseKey;

/** Hears what happens to this worker's leases, on the event loop. */
public interface LeaseListener {

  /** The lease is held now; reading may begin. */
  void acquired(HeldLease lease);

  /** The lease is gone: another worker has it, or its item was deleted. Stop at once. */
  void lost(LeaseKey key, String reason);

  /**
   * The lease should go to another worker: finish what is under way, store the last progress, and
   * {@linkplain HeldLease#release release} it.
   */
  void drainWanted(LeaseKey key, String reason);

  /** The table was looked at: {@link FleetMember#sighted()} has fresh answers. */
  void tableSeen();
}
