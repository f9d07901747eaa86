package org.openkcl.leases.fleet;

import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;

/** Hears what happens to this worker's leases, on the event loop. */
public interface LeaseListener {

  /** What this worker thinks of a lease of its table. */
  enum Interest {
    /** It takes its part of such leases. */
    WANTED,
    /** It leaves them to others, and passes on what it is given. */
    UNWANTED,
    /** It cannot tell yet: it neither takes them nor passes them on. */
    UNDECIDED
  }

  /** Asked whenever the fleet's leases are planned; must answer at once. Default: all are wanted. */
  default Interest interest(Lease lease) {
    return Interest.WANTED;
  }

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
