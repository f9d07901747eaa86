package org.openkcl.lineage;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.openkcl.InitialPosition;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.leases.Lease;
import org.openkcl.leases.ShardFacts;
import org.openkcl.processor.ChildShard;

/**
 * Which leases a stream's shards need. Functions of values; leases are given by bare shard id.
 *
 * <p>An application without leases begins with one per shard that was open at its initial position.
 * From then on leases beget leases: at a shard's end its children get theirs, starting at their
 * first record. So a shard without a lease is nothing unusual. It is only missing if no lease will
 * lead to it, because seeding was interrupted or somebody deleted a lease.
 *
 * <p>The rules for missing leases are those of Amazon's library, as both may work on one table,
 * with one addition: a child whose lease is missing although its parent's is finished is created,
 * where Amazon's audit sees the hole and leaves it.
 */
public final class SeedingRules {
  private SeedingRules() {}

  /**
   * The leases to create, parents before children; write them in this order.
   *
   * @param graph when there are no leases: the listing of {@link ShardSelection#openAt}, which must
   *     have no {@linkplain ShardGraph#firstHole() hole}. Otherwise: the listing of all shards,
   *     which must have no {@linkplain ShardGraph#firstContradiction() contradiction}
   * @param leases all leases of the stream
   */
  public static List<Lease> leasesToCreate(
      ShardGraph graph, Map<String, Lease> leases, Seeding seeding) {
    return leases.isEmpty()
        ? graph.shards().stream().map(seeding::atInitialPosition).toList()
        : missing(graph, leases, seeding);
  }

  private static List<Lease> missing(ShardGraph graph, Map<String, Lease> leases, Seeding seeding) {
    Map<String, Lease> created = new HashMap<>();
    startOfUnreached(graph, leases, seeding.position())
        .forEach(shard -> created.put(shard.shardId(), seeding.atInitialPosition(shard)));
    Set<String> passed = passed(graph, leases);
    for (Shard shard : graph.shards()) {
      String id = shard.shardId();
      if (!leases.containsKey(id)
          && !created.containsKey(id)
          && !passed.contains(id)
          && isDueAfterParents(shard, graph, leases, created)) {
        created.put(id, seeding.atFirstRecord(id, shard.parentShardIds(), shard.hashKeyRange()));
      }
    }
    List<Lease> ordered = new ArrayList<>();
    for (Shard shard : graph.shards()) {
      Lease lease = created.get(shard.shardId());
      if (lease != null) {
        ordered.add(lease);
      }
    }
    return List.copyOf(ordered);
  }

  /**
   * Amazon's rules: an open shard must have a lease or descend from one. If it does not, it begins
   * at the initial position: itself for LATEST, its oldest listed ancestors otherwise. If only one
   * side of a merge descends from a lease, the other side begins at the initial position.
   */
  private static List<Shard> startOfUnreached(
      ShardGraph graph, Map<String, Lease> leases, InitialPosition position) {
    boolean readsPast = position.kind() != InitialPosition.Kind.LATEST;
    Set<String> asked = unleasedAncestry(graph, leases);
    Set<String> reached = new HashSet<>(leases.keySet());
    Map<String, Shard> starts = new LinkedHashMap<>();
    for (Shard shard : graph.shards()) { // parents first, so that no recursion is needed
      if (!asked.contains(shard.shardId())) {
        continue;
      }
      List<Shard> parents = graph.parentsOf(shard.shardId());
      if (parents.stream().anyMatch(parent -> reached.contains(parent.shardId()))) {
        reached.add(shard.shardId());
        parents.stream()
            .filter(parent -> !reached.contains(parent.shardId()))
            .forEach(parent -> starts.put(parent.shardId(), parent));
      } else if (shard.isOpen() || (readsPast && parents.isEmpty())) {
        reached.add(shard.shardId());
        starts.put(shard.shardId(), shard);
      }
    }
    return List.copyOf(starts.values());
  }

  /** Open shards without leases and their ancestors, up to the first that has a lease. */
  private static Set<String> unleasedAncestry(ShardGraph graph, Map<String, Lease> leases) {
    Set<String> seen = new HashSet<>();
    Deque<Shard> toVisit = new ArrayDeque<>(graph.open());
    for (Shard shard = toVisit.poll(); shard != null; shard = toVisit.poll()) {
      if (!leases.containsKey(shard.shardId()) && seen.add(shard.shardId())) {
        toVisit.addAll(graph.parentsOf(shard.shardId()));
      }
    }
    return seen;
  }

  /** Shards with a descendant that the application has begun: they are done, lease or not. */
  private static Set<String> passed(ShardGraph graph, Map<String, Lease> leases) {
    Set<String> passed = new HashSet<>();
    List<Shard> childrenFirst = new ArrayList<>(graph.shards());
    Collections.reverse(childrenFirst);
    for (Shard shard : childrenFirst) {
      Lease lease = leases.get(shard.shardId());
      if (passed.contains(shard.shardId()) || (lease != null && hasBegun(lease))) {
        passed.addAll(shard.parentShardIds());
      }
    }
    return passed;
  }

  /**
   * Our addition: some parent's lease is finished, or unfinished for a shard that is not kept any
   * more and so cannot beget children. All listed parents must have leases, or else this shard's
   * lease must wait for theirs: Amazon's workers take a parent without lease for a finished one.
   */
  private static boolean isDueAfterParents(
      Shard shard, ShardGraph graph, Map<String, Lease> leases, Map<String, Lease> created) {
    boolean due = false;
    for (String parent : shard.parentShardIds()) {
      Lease lease = leases.get(parent);
      if (lease == null && !created.containsKey(parent) && graph.contains(parent)) {
        return false;
      }
      due |= lease != null && (lease.isFinished() || !graph.contains(parent));
    }
    return due;
  }

  /**
   * The leases of an ended shard's children: they start at their first record. Write them before
   * the shard's own end; leases that exist already stay as they are.
   *
   * @param ended the ended shard's lease
   * @param children from the last reply of the shard; may be empty if the stream is gone
   * @throws IllegalArgumentException if the reply contradicts itself: a child does not name the
   *     ended shard as its parent, or an only child does not name two parents
   */
  public static List<Lease> childLeases(
      Lease ended, Collection<ChildShard> children, Seeding seeding) {
    List<Lease> leases = new ArrayList<>();
    for (ChildShard child : children) {
      Set<String> parents = new TreeSet<>(child.parentShards());
      if (!parents.contains(ended.shardId()) || (children.size() == 1 && parents.size() != 2)) {
        throw new IllegalArgumentException(
            "Kinesis must name an ended shard as its children's parent, and two parents of an only"
                + " child: got shard " + ended.shardId() + ", children " + children);
      }
      ChildShard.HashKeyRange range = child.hashKeyRange();
      leases.add(seeding.atFirstRecord(
          child.shardId(),
          parents,
          HashKeyRange.of(range.startingHashKey(), range.endingHashKey())));
    }
    return List.copyOf(leases);
  }

  /** Whether a shard may be started or its children's leases be created. */
  public enum Readiness {
    /** Now. */
    READY,
    /** Not before the leases it waits for have finished or come into being. */
    WAITING,
    /** The answer needs a listing of all shards, because some parent has no lease. */
    LISTING_NEEDED
  }

  /**
   * Whether a shard may be started as far as the leases tell. A shard that was begun goes on; any
   * other waits for its parents' leases to finish.
   *
   * @param leases at least the leases of the shard's parents; read a missing one consistently
   *     before believing that it is missing
   */
  public static Readiness mayStart(Lease lease, Map<String, Lease> leases) {
    if (hasBegun(lease)) {
      return Readiness.READY;
    }
    Readiness readiness = Readiness.READY;
    for (String parent : lease.shard().parentShardIds()) {
      Lease parentLease = leases.get(parent);
      if (parentLease == null) {
        readiness = Readiness.LISTING_NEEDED;
      } else if (!parentLease.isFinished()) {
        return Readiness.WAITING;
      }
    }
    return readiness;
  }

  /**
   * Whether a shard may be started, when some of its parents have no lease. Such a parent counts as
   * done if it is not listed any more, or if nothing would ever create its lease: no unfinished
   * lease among its ancestors leads to it, and {@link #leasesToCreate} would create none for it or
   * its ancestors.
   *
   * @param graph the listing of all shards
   * @param leases all leases of the stream
   */
  public static boolean mayStart(
      Lease lease, ShardGraph graph, Map<String, Lease> leases, Seeding seeding) {
    return switch (mayStart(lease, leases)) {
      case READY -> true;
      case WAITING -> false;
      case LISTING_NEEDED -> {
        Set<String> parents = lease.shard().parentShardIds();
        yield !predates(lease.shardId(), parents, graph)
            && areDoneOrLeased(parents, graph, leases, seeding);
      }
    };
  }

  /**
   * Whether the listing was taken before the shard came into being. A shard that is merely not kept
   * any more is missing too, but its parents went before it.
   */
  private static boolean predates(String shardId, Collection<String> parents, ShardGraph graph) {
    return !graph.contains(shardId) && parents.stream().anyMatch(graph::contains);
  }

  /**
   * Whether the children of an ended shard may get their leases as far as the leases tell. A merged
   * child must not have a lease while its other parent has yet to get one: Amazon's workers would
   * take that parent for finished and start the child too early.
   *
   * @param leases at least the leases of all parents of the children
   */
  public static Readiness mayCreateChildren(
      Collection<ChildShard> children, Map<String, Lease> leases) {
    return children.stream().allMatch(child -> leases.keySet().containsAll(child.parentShards()))
        ? Readiness.READY
        : Readiness.LISTING_NEEDED;
  }

  /**
   * Whether the children of an ended shard may get their leases, when another parent of theirs has
   * none. If not, create what {@link #leasesToCreate} says and ask again later.
   *
   * @param graph the listing of all shards
   * @param leases all leases of the stream
   */
  public static boolean mayCreateChildren(
      Collection<ChildShard> children,
      ShardGraph graph,
      Map<String, Lease> leases,
      Seeding seeding) {
    Set<String> parents = new TreeSet<>();
    children.forEach(child -> parents.addAll(child.parentShards()));
    return children.stream().noneMatch(c -> predates(c.shardId(), c.parentShards(), graph))
        && areDoneOrLeased(parents, graph, leases, seeding);
  }

  private static boolean areDoneOrLeased(
      Set<String> parents, ShardGraph graph, Map<String, Lease> leases, Seeding seeding) {
    Set<String> waitedFor = new HashSet<>();
    for (String parent : parents) {
      if (!leases.containsKey(parent) && graph.contains(parent)) {
        waitedFor.add(parent);
        waitedFor.addAll(graph.ancestorsOf(parent));
      }
    }
    boolean comes = waitedFor.stream().map(leases::get).anyMatch(l -> l != null && !l.isFinished());
    return !comes
        && (waitedFor.isEmpty()
            || leasesToCreate(graph, leases, seeding).stream()
                .noneMatch(lease -> waitedFor.contains(lease.shardId())));
  }

  /**
   * Whether a lease has done its service and may be deleted: it is finished, none of its parents
   * has a lease any more (so that leases go from the oldest on), and the application has
   * checkpointed inside every child. Safer than Amazon's rule, which takes a child that waits at
   * LATEST for one that was begun. A child that has neither a lease nor records any more does not
   * count.
   *
   * @param graph the listing of all shards
   * @param leases all leases of the stream
   */
  public static boolean deletable(Lease lease, ShardGraph graph, Map<String, Lease> leases) {
    if (!lease.isFinished()
        || lease.shard().parentShardIds().stream().anyMatch(leases::containsKey)) {
      return false;
    }
    Set<String> children = new TreeSet<>(lease.shard().childShardIds());
    graph.childrenOf(lease.shardId()).forEach(child -> children.add(child.shardId()));
    boolean isKept = graph.contains(lease.shardId());
    return (!children.isEmpty() || !isKept)
        && children.stream().allMatch(id -> {
          Lease child = leases.get(id);
          return child == null ? !graph.contains(id) : hasBegun(child);
        });
  }

  /**
   * A lease's facts with what Kinesis says where they do not say it: Amazon's workers do not keep
   * the stream's creation time, and older ones no hash key range.
   *
   * @param listed the shard; empty if it is not listed any more
   */
  public static ShardFacts completed(
      ShardFacts facts, StreamIdentity stream, Optional<Shard> listed) {
    ShardFacts completed = facts;
    Instant createdAt = stream.createdAt();
    if (facts.streamCreatedAt() == null && createdAt != null) {
      completed = completed.withStreamCreatedAt(createdAt);
    }
    if (facts.hashKeyRange() == null && listed.isPresent()) {
      completed = completed.withRange(listed.get().hashKeyRange());
    }
    return completed;
  }

  private static boolean hasBegun(Lease lease) {
    Checkpoint checkpoint = lease.checkpoint();
    return !checkpoint.isSentinel() || checkpoint.isShardEnd();
  }
}
