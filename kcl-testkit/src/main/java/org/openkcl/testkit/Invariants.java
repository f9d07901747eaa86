package org.openkcl.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseWriter;
import org.openkcl.leases.memory.InMemoryLeaseTable;

/**
 * The rules that a fleet keeps at every moment, checked from outside with knowledge that no worker
 * has: the whole table, every record put, every call into user code.
 *
 * <p>What user code and the table do is noted here as it happens; the first broken rule is thrown
 * after the event in which it was broken, because what is thrown inside a processor counts as the
 * processor's own failure.
 */
final class Invariants {
  private final Simulation world;
  private final InMemoryLeaseTable table;
  private final StreamHistory stream;
  private final Trace trace;
  private final Launcher launcher;
  private final List<Delivery> deliveries = new ArrayList<>();
  private @Nullable String broken;
  private boolean duplicatesForbidden;
  private int duplicates;
  private int moves;

  Invariants(
      Simulation world,
      InMemoryLeaseTable table,
      StreamHistory stream,
      Trace trace,
      Launcher launcher) {
    this.world = world;
    this.table = table;
    this.stream = stream;
    this.trace = trace;
    this.launcher = launcher;
    table.watch(this::written);
  }

  List<Delivery> deliveries() {
    return deliveries;
  }

  int duplicates() {
    return duplicates;
  }

  /** How often a lease went from one worker to another. */
  int moves() {
    return moves;
  }

  StreamHistory stream() {
    return stream;
  }

  void forbidDuplicates() {
    duplicatesForbidden = true;
  }

  void breach(String rule) {
    if (broken == null) {
      broken = rule;
      trace.note("BROKEN: " + rule);
    }
  }

  /** The rule that was broken, or null. */
  @Nullable
  String broken() {
    return broken;
  }

  // Deliveries. These run on the thread of user code.

  /** Records are about to be handed to user code. */
  void delivering(ObservedProcessor to, int from, int until, long token) {
    ShardHistory shard = to.shard();
    Delivery delivery =
        new Delivery(Duration.ofNanos(world.nanoTime()), to.workerId(), shard.shardId, from, until);
    deliveries.add(delivery);
    trace.note(() -> delivery + " under token " + token);
    checkOwnership(to, shard, token);
    if (from > shard.delivered) {
      breach("%s skips records %d to %d".formatted(delivery, shard.delivered, from - 1));
    }
    int again = Math.min(until, shard.delivered) - from;
    if (again > 0 && !to.isRetrying()) {
      duplicates += again;
      if (duplicatesForbidden) {
        breach(delivery + " although records before " + shard.delivered + " were delivered");
      }
    }
    shard.delivered = Math.max(shard.delivered, until);
  }

  private void checkOwnership(ObservedProcessor to, ShardHistory shard, long token) {
    Lease row = table.rows().get(new LeaseKey(shard.shardId));
    if (row == null || !to.processName().equals(Launcher.processOf(row))) {
      breach("%s delivers %s, but the table says %s"
          .formatted(to.processName(), shard.shardId, row == null ? null : row.ownership()));
      return;
    }
    long ageNanos = world.nanoTime() - shard.writtenNanos;
    if (ageNanos >= launcher.fleetSettings("any").deliveryTime().toNanos()) {
      breach("%s delivers %s %s after its last renewal"
          .formatted(to.processName(), shard.shardId, Duration.ofNanos(ageNanos)));
    }
    if (token < shard.token || token > row.counter()) {
      breach("%s delivers %s under token %d, but acquired it at %d"
          .formatted(to.processName(), shard.shardId, token, shard.token));
    }
    if (token < shard.deliveredToken || (to.isFirstDelivery() && token == shard.deliveredToken)) {
      breach("%s delivers %s under token %d after %d"
          .formatted(to.processName(), shard.shardId, token, shard.deliveredToken));
    }
    shard.deliveredToken = token;
  }

  /** A processor is about to be initialized. */
  void initializing(ObservedProcessor processor) {
    ShardHistory shard = processor.shard();
    int next = processor.next();
    trace.note(() -> processor.processName() + " begins " + shard.shardId + " at " + next);
    List<ShardHistory> parents = new ArrayList<>();
    shard.parents.stream().map(stream::shard).filter(Objects::nonNull).forEach(parents::add);
    if (parents.stream().anyMatch(parent -> parent.leased)) { // else the application begins here
      parents.stream()
          .filter(parent -> !parent.ended)
          .forEach(parent -> breach(
              "%s begins before its parent %s has ended".formatted(shard.shardId, parent.shardId)));
    }
  }

  void acknowledged(ShardHistory shard, int before) {
    shard.acknowledged = Math.max(shard.acknowledged, before);
  }

  // The table. Each write is looked at as it happens.

  private void written(@Nullable Lease before, @Nullable Lease now) {
    if (now != null) {
      changed(before, now);
    } else if (before != null) {
      trace.note(() -> "Lease " + before.key() + " is deleted");
    }
  }

  private void changed(@Nullable Lease before, Lease now) {
    ShardHistory shard = stream.shard(now.shardId());
    if (shard == null) {
      breach("A lease of unknown shard " + now.key() + " was written");
      return;
    }
    if (!shard.leased) {
      firstLease(shard, now);
    }
    if (before != null && before.counter() >= now.counter()) {
      breach("The counter of %s went from %d to %d"
          .formatted(now.key(), before.counter(), now.counter()));
    }
    boolean progressed = before != null && !before.progress().equals(now.progress());
    if (progressed) {
      checkAuthor(shard, now);
    }
    checkCheckpoint(shard, now.checkpoint());
    noteOwnership(shard, now);
    shard.writtenNanos = world.nanoTime();
  }

  private static void firstLease(ShardHistory shard, Lease now) {
    shard.leased = true;
    if (now.shard().startAt() != null) {
      shard.firstDue = shard.firstAt(now.shard().startAt().toEpochMilli());
      shard.delivered = shard.firstDue;
      shard.acknowledged = shard.firstDue;
    }
  }

  /** Progress may be written by the owner, who keeps the lease or gives it up by the same write. */
  private void checkAuthor(ShardHistory shard, Lease now) {
    String writer = LeaseWriter.processOnly(now.ownership().writer());
    if (shard.writer == null || (writer != null && !writer.equals(shard.writer))) {
      breach("Progress of %s was written by %s, but %s owned it"
          .formatted(now.key(), writer, shard.writer));
    }
  }

  private void checkCheckpoint(ShardHistory shard, Checkpoint now) {
    Checkpoint before = shard.checkpoint;
    if (now.equals(before)) {
      return;
    }
    if (before != null && now.compareTo(before) < 0) {
      breach("The checkpoint of %s went back from %s to %s"
          .formatted(shard.shardId, position(before), position(now)));
    }
    shard.checkpoint = now;
    trace.note(() -> "Checkpoint of " + shard.shardId + ": " + position(now));
    if (now.isShardEnd()) {
      checkEnd(shard);
    } else if (!now.isSentinel()) {
      Integer index = stream.indexOf(now.sequenceNumber());
      if (index == null || index >= shard.acknowledged) {
        breach("The checkpoint of %s is %s, but user code has acknowledged only %d records"
            .formatted(shard.shardId, position(now), shard.acknowledged));
      }
    }
  }

  private void checkEnd(ShardHistory shard) {
    if (!shard.closed || shard.acknowledged < shard.size()) {
      breach("%s was ended with %d of %d records acknowledged, %s"
          .formatted(
              shard.shardId, shard.acknowledged, shard.size(), shard.closed ? "closed" : "open"));
    }
    for (String childId : shard.children) {
      ShardHistory child = stream.shard(childId);
      if (child != null && !child.leased && !table.rows().containsKey(new LeaseKey(childId))) {
        breach("%s was ended before its child %s had a lease".formatted(shard.shardId, childId));
      }
    }
    shard.ended = true;
  }

  private void noteOwnership(ShardHistory shard, Lease now) {
    String owner = now.owner();
    if (owner != null && !owner.equals(shard.owner)) {
      String formerOwner = shard.owner;
      trace.note(() -> owner + " owns " + shard.shardId + ", before " + formerOwner);
      if (shard.owner != null && !shard.ended) {
        moves++; // a finished lease may still change hands: nobody reads by it
      }
      shard.owner = owner;
    }
    String writer = LeaseWriter.processOnly(now.ownership().writer());
    if (writer != null && !writer.equals(shard.writer)) {
      if (now.counter() <= shard.token) {
        breach("%s was acquired at counter %d after %d"
            .formatted(now.key(), now.counter(), shard.token));
      }
      shard.token = now.counter();
    }
    if (!Objects.equals(writer, shard.writer)) {
      shard.writer = writer;
    }
  }

  private String position(Checkpoint checkpoint) {
    Integer index = stream.indexOf(checkpoint.sequenceNumber());
    return index == null ? checkpoint.toString() : "record " + index;
  }
}
