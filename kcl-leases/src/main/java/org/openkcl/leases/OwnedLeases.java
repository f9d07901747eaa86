package org.openkcl.leases;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the index by owner knows of one worker, eventually consistent.
 *
 * @param keys the leases whose {@code owner} is the worker: held, assigned, or coming in a handoff
 * @param readUnits what the answer cost, in DynamoDB read units
 */
public record OwnedLeases(Set<LeaseKey> keys, double readUnits) {
  public OwnedLeases {
    keys = Collections.unmodifiableSet(new TreeSet<>(keys));
  }
}
