package org.openkcl.leases.plan;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.LeaseKey;

/**
 * What one worker knows of the fleet at one moment.
 *
 * @param leases the unfinished leases
 * @param workers live workers that want leases; those that are leaving are not among them
 */
public record FleetView(List<Holding> leases, Set<String> workers) {
  public FleetView {
    leases = List.copyOf(leases);
    workers = Collections.unmodifiableSet(new TreeSet<>(workers));
  }

  /**
   * One unfinished lease.
   *
   * @param owner who reads it or is about to; null when it is free for anyone to claim, because
   *     nobody owns it or its owner let it expire
   */
  public record Holding(LeaseKey key, @Nullable String owner) {}
}
