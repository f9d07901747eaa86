package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;

/**
 * Since when each handoff of Amazon's kind is under way, so that none lasts for ever: its giver may
 * go on renewing while its application does not let go, and its taker must not begin.
 *
 * <p>Time comes in as arguments; there is no I/O here.
 */
final class HandoffDeadlines {
  /** How long Amazon's giver waits for its application. */
  private static final Duration GIVER_TIMEOUT = Duration.ofSeconds(30);

  private final long limitNanos;
  private final Map<LeaseKey, Handoff> handoffs = new HashMap<>();

  private record Handoff(String giver, String taker, long sinceNanos) {}

  HandoffDeadlines(Duration failoverTime) {
    this.limitNanos = GIVER_TIMEOUT.plus(failoverTime).toNanos();
  }

  /** Takes in the leases as they were seen. */
  void see(List<Lease> leases, long nowNanos) {
    Set<LeaseKey> open = new HashSet<>();
    for (Lease lease : leases) {
      Ownership ownership = lease.ownership();
      String giver = ownership.checkpointOwner();
      String taker = ownership.owner();
      if (giver != null && taker != null) {
        open.add(lease.key());
        Handoff before = handoffs.get(lease.key());
        if (before == null || !before.giver.equals(giver) || !before.taker.equals(taker)) {
          handoffs.put(lease.key(), new Handoff(giver, taker, nowNanos));
        }
      }
    }
    handoffs.keySet().retainAll(open);
  }

  /** Handoffs that have lasted for more than their time and {@code grace}. */
  List<LeaseKey> overdue(Duration grace, long nowNanos) {
    List<LeaseKey> overdue = new ArrayList<>();
    handoffs.forEach((key, handoff) -> {
      if (nowNanos - handoff.sinceNanos > limitNanos + grace.toNanos()) {
        overdue.add(key);
      }
    });
    overdue.sort(null);
    return overdue;
  }

  /** Who is to get a lease that is being handed off. */
  String takerOf(LeaseKey key) {
    return Objects.requireNonNull(handoffs.get(key)).taker;
  }
}
