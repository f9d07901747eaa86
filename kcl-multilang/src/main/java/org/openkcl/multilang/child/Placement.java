package org.openkcl.multilang.child;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many shards each of the shared children has. A shard goes to a new child until there are as
 * many as wanted, then to the child with the fewest shards; a child without shards is let go.
 * Immutable; a child is anything with an identity.
 *
 * @param <C> a child
 */
record Placement<C>(int childrenMax, Map<C, Integer> shards) {

  /** A placement, and the child that a shard got. */
  record Placed<C>(Placement<C> placement, C child) {}

  Placement {
    shards = new LinkedHashMap<>(shards);
  }

  static <C> Placement<C> empty(int childrenMax) {
    return new Placement<>(childrenMax, Map.of());
  }

  /**
   * With one more shard.
   *
   * @param fresh the child that it gets if there is to be another one
   */
  Placed<C> enter(C fresh) {
    C child = shards.size() < childrenMax
        ? fresh
        : shards.entrySet().stream()
            .min(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(fresh);
    Map<C, Integer> next = new LinkedHashMap<>(shards);
    next.merge(child, 1, Integer::sum);
    return new Placed<>(new Placement<>(childrenMax, next), child);
  }

  /** With one shard less in a child; unchanged if that was let go already. */
  Placement<C> leave(C child) {
    Map<C, Integer> next = new LinkedHashMap<>(shards);
    next.computeIfPresent(child, (same, count) -> count == 1 ? null : count - 1);
    return new Placement<>(childrenMax, next);
  }

  /** Without a child: it is gone, or of no use to several shards. */
  Placement<C> without(C child) {
    Map<C, Integer> next = new LinkedHashMap<>(shards);
    next.remove(child);
    return new Placement<>(childrenMax, next);
  }

  boolean has(C child) {
    return shards.containsKey(child);
  }
}
