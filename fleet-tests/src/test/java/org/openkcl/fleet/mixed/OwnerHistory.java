package org.openkcl.fleet.mixed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who owned what when, as the lease table said. Not thread-safe. */
final class OwnerHistory {
  private final Map<String, List<OwnerChange>> byLease = new TreeMap<>();

  /** Adds what was seen, if it is news. */
  void see(OwnerChange seen) {
    List<OwnerChange> changes = byLease.computeIfAbsent(seen.lease(), key -> new ArrayList<>());
    if (changes.isEmpty() || !changes.get(changes.size() - 1).sameAs(seen)) {
      changes.add(seen);
    }
  }

  /** What is so now, by lease. */
  Map<String, OwnerChange> now() {
    Map<String, OwnerChange> now = new TreeMap<>();
    byLease.forEach((lease, changes) -> now.put(lease, changes.get(changes.size() - 1)));
    return now;
  }

  /** How many unfinished leases each owner has now, those without one under {@code nobody}. */
  Map<String, Integer> shares() {
    Map<String, Integer> shares = new TreeMap<>();
    now().values().stream()
        .filter(lease -> !lease.finished())
        .forEach(lease -> shares.merge(lease.owner().orElse("nobody"), 1, Integer::sum));
    return shares;
  }

  /** Whether a handoff is under way. */
  boolean handingOver() {
    return now().values().stream().map(OwnerChange::checkpointOwner).anyMatch(Optional::isPresent);
  }

  Map<String, List<OwnerChange>> changes() {
    Map<String, List<OwnerChange>> copy = new TreeMap<>();
    byLease.forEach((lease, changes) -> copy.put(lease, List.copyOf(changes)));
    return copy;
  }
}
