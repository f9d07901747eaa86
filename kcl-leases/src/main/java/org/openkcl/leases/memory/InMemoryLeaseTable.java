package org.openkcl.leases.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.IndexStatus;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.OwnedLeases;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WorkerRecord;
import org.openkcl.leases.WriteResult;

/**
 * A lease table in memory that decides races as DynamoDB does. Every stage is complete when it is
 * returned; latency and faults are a wrapper's business.
 *
 * <p>Confined to one thread: use it from a single event loop or test. Reads no clock; rows come back
 * in the order of their keys, so a run can be repeated.
 */
public final class InMemoryLeaseTable implements LeaseTable {
  private final String name;
  private final SortedMap<LeaseKey, Lease> leases = new TreeMap<>();
  private final SortedMap<LeaseKey, TableView.Malformed> malformed = new TreeMap<>();
  private final InMemoryCoordinationTable coordination;
  private IndexStatus index = IndexStatus.ABSENT;
  private long leaseBytes;
  private Watcher watcher = (before, now) -> {};

  /** An empty table without an index. */
  public InMemoryLeaseTable(String name) {
    this.name = name;
    this.coordination = new InMemoryCoordinationTable(name, this::isLease, true);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CompletionStage<Void> ensureExists() {
    return done();
  }

  @Override
  public CompletionStage<TableView> scan() {
    return CompletableFuture.completedFuture(new TableView(
        new ArrayList<>(leases.values()),
        coordination.view(0),
        new ArrayList<>(malformed.values()),
        ReadCost.ofScan(leaseBytes, workers().values())));
  }

  @Override
  public CompletionStage<Optional<Lease>> read(LeaseKey key) {
    TableView.Malformed bad = malformed.get(key);
    return bad == null
        ? CompletableFuture.completedFuture(Optional.ofNullable(leases.get(key)))
        : CompletableFuture.failedFuture(new LeaseTableException(
            Kind.MALFORMED,
            "Lease '" + key + "' in table '" + name + "' cannot be understood: " + bad.reason(),
            null));
  }

  @Override
  public CompletionStage<WriteResult> write(LeaseWrite write) {
    Lease actual = leases.get(write.key());
    if (!holds(write, actual)) {
      return CompletableFuture.completedFuture(
          new WriteResult.LostRace(Optional.ofNullable(actual)));
    }
    Lease written = actual == null ? write.intended() : changed(actual, write);
    store(written);
    return CompletableFuture.completedFuture(new WriteResult.Written(written));
  }

  @Override
  public CompletionStage<Void> delete(LeaseKey key) {
    remove(key);
    return done();
  }

  @Override
  public InMemoryCoordinationTable coordination() {
    return coordination;
  }

  @Override
  public CompletionStage<IndexStatus> indexStatus() {
    return CompletableFuture.completedFuture(index);
  }

  @Override
  public CompletionStage<IndexStatus> createIndex() {
    index = index == IndexStatus.ABSENT ? IndexStatus.ACTIVE : index;
    return indexStatus();
  }

  @Override
  public CompletionStage<Optional<OwnedLeases>> ownedBy(String workerId) {
    if (index != IndexStatus.ACTIVE) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    Set<LeaseKey> keys = new TreeSet<>();
    for (Lease lease : leases.values()) {
      if (workerId.equals(lease.owner())) {
        keys.add(lease.key());
      }
    }
    return CompletableFuture.completedFuture(
        Optional.of(new OwnedLeases(keys, ReadCost.ofKeys(workerId, keys))));
  }

  /** Makes the index one in this status, whatever it was. */
  public void setIndex(IndexStatus status) {
    index = status;
  }

  /** Hears of every change of a lease, as it happens. */
  public interface Watcher {
    /** A lease became another; {@code before} is null for a new one, {@code now} for a deleted one. */
    void changed(@Nullable Lease before, @Nullable Lease now);
  }

  /** Lets {@code newWatcher}, and nobody else, hear of every change from now on. */
  public void watch(Watcher newWatcher) {
    watcher = newWatcher;
  }

  /** The leases as they stand, by key; a view that cannot be written through. */
  public SortedMap<LeaseKey, Lease> rows() {
    return Collections.unmodifiableSortedMap(leases);
  }

  /** The workers as they stand, by id; a view that cannot be written through. */
  public SortedMap<String, WorkerRecord> workers() {
    return coordination.workers();
  }

  /** Puts a lease there, whatever was there: what another library or an operator might do. */
  public void put(Lease lease) {
    malformed.remove(lease.key());
    coordination.remove(lease.key().value());
    store(lease);
  }

  /** Makes a row one that cannot be understood, whatever was there. */
  public void putMalformed(LeaseKey key, String reason) {
    drop(key);
    coordination.remove(key.value());
    malformed.put(key, new TableView.Malformed(key, reason));
  }

  /** Removes a lease, understood or not. */
  public void remove(LeaseKey key) {
    drop(key);
    malformed.remove(key);
  }

  private void store(Lease lease) {
    Lease before = leases.put(lease.key(), lease);
    leaseBytes += ReadCost.bytesOf(lease) - (before == null ? 0 : ReadCost.bytesOf(before));
    watcher.changed(before, lease);
  }

  private void drop(LeaseKey key) {
    Lease before = leases.remove(key);
    if (before != null) {
      leaseBytes -= ReadCost.bytesOf(before);
      watcher.changed(before, null);
    }
  }

  private boolean holds(LeaseWrite write, @Nullable Lease actual) {
    if (write.guard() == LeaseWrite.Guard.ABSENT) {
      return actual == null
          && !malformed.containsKey(write.key())
          && !coordination.has(write.key().value());
    }
    if (actual == null) {
      return false;
    }
    Ownership now = actual.ownership();
    Ownership expected = write.expected().ownership();
    boolean sameCounter = now.counter() == expected.counter();
    boolean sameOwners = Objects.equals(now.owner(), expected.owner())
        && Objects.equals(now.checkpointOwner(), expected.checkpointOwner());
    return switch (write.guard()) {
      case ABSENT -> false;
      case COUNTER -> sameCounter;
      case COUNTER_AND_NO_HANDOFF -> sameCounter && now.checkpointOwner() == null;
      case COUNTER_AND_OWNERS -> sameCounter && sameOwners;
      case OWNERS -> sameOwners;
      case EXISTS -> true;
    };
  }

  /** The row with what the write changes, and everything else as it stands. */
  private static Lease changed(Lease actual, LeaseWrite write) {
    Lease from = write.expected();
    Lease to = write.intended();
    return new Lease(
        actual.key(),
        write.guard() == LeaseWrite.Guard.OWNERS
            ? movedOn(actual.ownership(), from.ownership(), to.ownership())
            : changed(actual.ownership(), from.ownership(), to.ownership()),
        changed(actual.progress(), from.progress(), to.progress()),
        changed(actual.shard(), from.shard(), to.shard()),
        changedOrNull(actual.throughputKBps(), from.throughputKBps(), to.throughputKBps()),
        changedOrNull(actual.lagSeconds(), from.lagSeconds(), to.lagSeconds()));
  }

  private static Ownership changed(Ownership actual, Ownership from, Ownership to) {
    return new Ownership(
        changedOrNull(actual.owner(), from.owner(), to.owner()),
        changedOrNull(actual.checkpointOwner(), from.checkpointOwner(), to.checkpointOwner()),
        changed((Long) actual.counter(), from.counter(), to.counter()),
        changed(
            (Long) actual.switchesSinceCheckpoint(),
            from.switchesSinceCheckpoint(),
            to.switchesSinceCheckpoint()),
        changedOrNull(actual.writer(), from.writer(), to.writer()));
  }

  /** Counts are moved on from where they stand; whoever takes a lease away ends its writer. */
  private static Ownership movedOn(Ownership actual, Ownership from, Ownership to) {
    long counted = to.counter() - from.counter();
    return new Ownership(
        changedOrNull(actual.owner(), from.owner(), to.owner()),
        changedOrNull(actual.checkpointOwner(), from.checkpointOwner(), to.checkpointOwner()),
        actual.counter() + counted,
        actual.switchesSinceCheckpoint()
            + to.switchesSinceCheckpoint()
            - from.switchesSinceCheckpoint(),
        counted == 0 ? actual.writer() : to.writer());
  }

  private static Progress changed(Progress actual, Progress from, Progress to) {
    return new Progress(
        changed(actual.checkpoint(), from.checkpoint(), to.checkpoint()),
        changedOrNull(actual.pending(), from.pending(), to.pending()));
  }

  private static ShardFacts changed(ShardFacts actual, ShardFacts from, ShardFacts to) {
    return new ShardFacts(
        changed(actual.parentShardIds(), from.parentShardIds(), to.parentShardIds()),
        changed(actual.childShardIds(), from.childShardIds(), to.childShardIds()),
        changedOrNull(actual.hashKeyRange(), from.hashKeyRange(), to.hashKeyRange()),
        changedOrNull(actual.startAt(), from.startAt(), to.startAt()),
        changedOrNull(actual.streamShard(), from.streamShard(), to.streamShard()),
        changedOrNull(actual.streamCreatedAt(), from.streamCreatedAt(), to.streamCreatedAt()));
  }

  private static <T> T changed(T actual, T from, T to) {
    return from.equals(to) ? actual : to;
  }

  private static <T> @Nullable T changedOrNull(
      @Nullable T actual, @Nullable T from, @Nullable T to) {
    return Objects.equals(from, to) ? actual : to;
  }

  private boolean isLease(String key) {
    LeaseKey leaseKey = new LeaseKey(key);
    return leases.containsKey(leaseKey) || malformed.containsKey(leaseKey);
  }

  private static CompletionStage<Void> done() {
    return CompletableFuture.completedFuture(null);
  }
}
