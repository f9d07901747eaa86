package org.openkcl.lineage;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.openkcl.InitialPosition;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;

/**
 * What Amazon's library 3.5.1 does with the same leases and shards, after its documented and
 * observable behaviour: shard sync, waiting for parents, and clean-up of leases.
 */
final class AmazonRules {
  private final ShardGraph graph;
  private final Map<String, Lease> leases;
  private final InitialPosition.Kind position;
  private final Map<String, Boolean> descends = new HashMap<>();
  private final Set<String> marked = new HashSet<>();
  private final Set<String> created = new TreeSet<>();

  private AmazonRules(ShardGraph graph, Map<String, Lease> leases, InitialPosition.Kind position) {
    this.graph = graph;
    this.leases = leases;
    this.position = position;
  }

  /** The shards that a shard sync gives leases, of a table that has some. */
  static Set<String> created(
      ShardGraph graph, Map<String, Lease> leases, InitialPosition.Kind position) {
    AmazonRules rules = new AmazonRules(graph, leases, position);
    for (Shard shard : graph.open()) {
      String id = shard.shardId();
      if (!leases.containsKey(id) && (!rules.descends(id) || rules.marked.contains(id))) {
        rules.created.add(id);
      }
    }
    return rules.created;
  }

  /** Whether some lease leads to the shard; on the way its ancestors get theirs. */
  private boolean descends(String id) {
    Boolean known = descends.get(id);
    if (known == null) {
      known = leases.containsKey(id) || descendsFromParents(id);
      descends.put(id, known);
    }
    return known;
  }

  private boolean descendsFromParents(String id) {
    List<String> parents = graph.parentsOf(id).stream().map(Shard::shardId).toList();
    Set<String> leading = new HashSet<>();
    for (String parent : parents) {
      if (descends(parent)) {
        leading.add(parent);
      }
    }
    if (!leading.isEmpty()) {
      for (String parent : parents) {
        if (!leases.containsKey(parent) && (marked.contains(parent) || !leading.contains(parent))) {
          created.add(parent);
        }
      }
      return true;
    }
    if (position != InitialPosition.Kind.LATEST && parents.isEmpty()) {
      marked.add(id);
      return true;
    }
    return false;
  }

  /** Whether a worker begins to read, as far as the shard's parents are concerned. */
  static boolean starts(Lease lease, Map<String, Lease> leases) {
    return lease.shard().parentShardIds().stream().allMatch(parent -> {
      Lease parentLease = leases.get(parent);
      return parentLease == null || parentLease.isFinished();
    });
  }

  /** Whether a lease may be deleted: it has done its service, or its shard is gone. */
  static boolean goes(Lease lease, ShardGraph graph, Map<String, Lease> leases) {
    if (!graph.contains(lease.shardId())) {
      return true;
    }
    List<Shard> children = graph.childrenOf(lease.shardId());
    return lease.isFinished()
        && !children.isEmpty()
        && lease.shard().parentShardIds().stream().noneMatch(leases::containsKey)
        && children.stream().allMatch(child -> {
          Lease childLease = leases.get(child.shardId());
          return childLease != null
              && !childLease.checkpoint().equals(Checkpoint.TRIM_HORIZON)
              && !childLease.checkpoint().equals(Checkpoint.AT_TIMESTAMP);
        });
  }
}
