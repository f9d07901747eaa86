package org.openkcl.leases.fleet;

import java.time.Duration;
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

  /** Handoffs that have lasted for more than their time. */
  List<LeaseKey> overdue(long nowNanos) {
    return handoffs.keySet().stream()
        .filter(key -> isOverdue(key, Duration.ZERO, nowNanos))
        .sorted()
        .toList();
  }

  /** Whether a handoff has lasted for more than its time and {@code grace}. */
  boolean isOverdue(LeaseKey key, Duration grace, long nowNanos) {
    Handoff handoff = handoffs.get(key);
    return handoff != null && nowNanos - handoff.sinceNanos > limitNanos + grace.toNanos();
  }

  /** Who is to get a lease that is being handed off. */
  String takerOf(LeaseKey key) {
    return Objects.requireNonNull(handoffs.get(key)).taker;
  }
}
