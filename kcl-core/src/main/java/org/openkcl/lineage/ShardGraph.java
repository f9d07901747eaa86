package org.openkcl.lineage;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/**
 * The shards of one listing and how they descend from each other. Immutable.
 *
 * <p>A listing is no snapshot: parents may be gone from it, and a faulty one may even name a shard
 * as its own ancestor. Parents that are not listed are left out of every answer, and no question
 * runs for ever.
 */
public final class ShardGraph {
  private static final Comparator<Shard> BY_AGE = Comparator.<Shard, BigInteger>comparing(
          s -> new BigInteger(s.startingSequenceNumber()))
      .thenComparing(Shard::shardId);

  /** Parents before children, otherwise oldest first. */
  private final Map<String, Shard> shards;

  /** By parent, also by parents that are not listed. */
  private final Map<String, List<Shard>> children;

  private ShardGraph(Map<String, Shard> shards, Map<String, List<Shard>> children) {
    this.shards = shards;
    this.children = children;
  }

  /** The graph of a listing. If a shard is listed twice, the later entry counts. */
  public static ShardGraph of(Collection<Shard> listing) {
    Map<String, Shard> byId = new TreeMap<>();
    listing.forEach(shard -> byId.put(shard.shardId(), shard));
    Map<String, List<Shard>> children = new HashMap<>();
    for (Shard shard : byId.values().stream().sorted(BY_AGE).toList()) {
      for (String parent : shard.parentShardIds()) {
        children.computeIfAbsent(parent, p -> new ArrayList<>()).add(shard);
      }
    }
    return new ShardGraph(ordered(byId, children), children);
  }

  /** Parents before children; of those that could be next, the oldest. */
  private static Map<String, Shard> ordered(
      Map<String, Shard> byId, Map<String, List<Shard>> children) {
    Map<String, Integer> parentsMissing = new HashMap<>();
    PriorityQueue<Shard> next = new PriorityQueue<>(BY_AGE);
    for (Shard shard : byId.values()) {
      int parents =
          (int) shard.parentShardIds().stream().filter(byId::containsKey).count();
      parentsMissing.put(shard.shardId(), parents);
      if (parents == 0) {
        next.add(shard);
      }
    }
    Map<String, Shard> ordered = new LinkedHashMap<>();
    for (Shard shard = next.poll(); shard != null; shard = next.poll()) {
      ordered.put(shard.shardId(), shard);
      for (Shard child : children.getOrDefault(shard.shardId(), List.of())) {
        if (parentsMissing.merge(child.shardId(), -1, Integer::sum) == 0) {
          next.add(child);
        }
      }
    }
    // What is left belongs to a cycle or descends from one: any order will do.
    byId.values().stream().sorted(BY_AGE).forEach(s -> ordered.putIfAbsent(s.shardId(), s));
    return ordered;
  }

  /** Every shard, parents before children, otherwise oldest first. */
  public Collection<Shard> shards() {
    return Collections.unmodifiableCollection(shards.values());
  }

  /** A shard of the listing. */
  public Optional<Shard> shard(String shardId) {
    return Optional.ofNullable(shards.get(shardId));
  }

  /** Whether the listing has the shard. */
  public boolean contains(String shardId) {
    return shards.containsKey(shardId);
  }

  /** The listed parents of a shard; none if it is not listed itself. */
  public List<Shard> parentsOf(String shardId) {
    Shard shard = shards.get(shardId);
    return shard == null
        ? List.of()
        : shard.parentShardIds().stream().flatMap(id -> shard(id).stream()).toList();
  }

  /** The listed children of a shard, oldest first, whether or not it is listed itself. */
  public List<Shard> childrenOf(String shardId) {
    return Collections.unmodifiableList(children.getOrDefault(shardId, List.of()));
  }

  /** The shards that still take records. */
  public List<Shard> open() {
    return shards.values().stream().filter(Shard::isOpen).toList();
  }

  /** The ids of the listed parents, their listed parents and so on; never the shard itself. */
  public Set<String> ancestorsOf(String shardId) {
    Set<String> ancestors = new LinkedHashSet<>();
    Deque<String> toVisit = new ArrayDeque<>(List.of(shardId));
    for (String id = toVisit.poll(); id != null; id = toVisit.poll()) {
      for (Shard parent : parentsOf(id)) {
        if (ancestors.add(parent.shardId())) {
          toVisit.add(parent.shardId());
        }
      }
    }
    ancestors.remove(shardId);
    return ancestors;
  }

  /** The first hash keys that no shard of this listing takes, in words. */
  public Optional<String> firstHole() {
    return HashKeyCoverage.firstHole(
        shards.values().stream().map(Shard::hashKeyRange).toList());
  }

  /**
   * The first contradiction of the listing, in words: a shard that has a child cannot be open, and
   * no shard descends from itself. List again when there is one.
   */
  public Optional<String> firstContradiction() {
    Set<String> seen = new HashSet<>();
    for (Shard shard : shards.values()) {
      for (Shard parent : parentsOf(shard.shardId())) {
        if (parent.isOpen()) {
          return Optional.of("Shard "
              + shard.shardId()
              + " is listed while its parent "
              + parent.shardId()
              + " is still open");
        }
        if (!seen.contains(parent.shardId())) {
          return Optional.of("The ancestry of shard " + shard.shardId() + " runs in a circle");
        }
      }
      seen.add(shard.shardId());
    }
    return Optional.empty();
  }
}
