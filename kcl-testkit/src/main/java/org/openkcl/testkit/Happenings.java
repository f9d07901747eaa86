package org.openkcl.testkit;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.openkcl.shard.ShardMachine;

/**
 * What has happened in a run, or in several, and how often: to the fleet, and to its shards by the
 * rows of {@link ShardMachine}. Not thread-safe.
 */
public final class Happenings {
  private final Map<Happening, Long> counts = new EnumMap<>(Happening.class);
  private final Map<ShardMachine.Row, Long> transitions = new HashMap<>();

  /** Nothing has happened yet. */
  public Happenings() {}

  void note(Happening what) {
    counts.merge(what, 1L, Long::sum);
  }

  void note(ShardMachine.Row transition) {
    transitions.merge(transition, 1L, Long::sum);
  }

  /** Adds what happened in another run. */
  public void add(Happenings other) {
    other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
    other.transitions.forEach((row, count) -> transitions.merge(row, count, Long::sum));
  }

  /** How often. */
  public long count(Happening what) {
    return counts.getOrDefault(what, 0L);
  }

  /** How many faults. */
  public long faults() {
    return count(Happening::isFault);
  }

  /** How many splits and merges. */
  public long reshards() {
    return count(Happening::isReshard);
  }

  private long count(Predicate<Happening> which) {
    return counts.entrySet().stream()
        .filter(entry -> which.test(entry.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** How often shards went each way that they went at all. */
  public Map<ShardMachine.Row, Long> transitions() {
    return Collections.unmodifiableMap(transitions);
  }
}
