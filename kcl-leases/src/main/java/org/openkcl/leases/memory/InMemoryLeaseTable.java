package org.openkcl.leases.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.LeaseWrite;
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
  private final SortedMap<String, WorkerRecord> workers = new TreeMap<>();

  /** An empty table. */
  public InMemoryLeaseTable(String name) {
    this.name = name;
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
        new ArrayList<>(workers.values()),
        new ArrayList<>(malformed.values()),
        ReadCost.ofScan(leases.values(), workers.values())));
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
    leases.put(write.key(), written);
    return CompletableFuture.completedFuture(new WriteResult.Written(written));
  }

  @Override
  public CompletionStage<Void> delete(LeaseKey key) {
    remove(key);
    return done();
  }

  /** {@inheritDoc} Fails with kind REFUSED when the id is the key of a lease. */
  @Override
  public CompletionStage<Void> putWorker(WorkerRecord worker) {
    LeaseKey key = new LeaseKey(worker.workerId());
    if (leases.containsKey(key) || malformed.containsKey(key)) {
      return CompletableFuture.failedFuture(new LeaseTableException(
          Kind.REFUSED,
          "Worker id '"
              + worker.workerId()
              + "' is the key of an item in table '"
              + name
              + "' that is no worker's. Give the worker an id that is no shard id",
          null));
    }
    workers.put(worker.workerId(), worker);
    return done();
  }

  @Override
  public CompletionStage<Void> deleteWorker(String workerId) {
    workers.remove(workerId);
    return done();
  }

  /** The leases as they stand, by key; a view that cannot be written through. */
  public SortedMap<LeaseKey, Lease> rows() {
    return Collections.unmodifiableSortedMap(leases);
  }

  /** The workers as they stand, by id; a view that cannot be written through. */
  public SortedMap<String, WorkerRecord> workers() {
    return Collections.unmodifiableSortedMap(workers);
  }

  /** Puts a lease there, whatever was there: what another library or an operator might do. */
  public void put(Lease lease) {
    malformed.remove(lease.key());
    workers.remove(lease.key().value());
    leases.put(lease.key(), lease);
  }

  /** Makes a row one that cannot be understood, whatever was there. */
  public void putMalformed(LeaseKey key, String reason) {
    leases.remove(key);
    workers.remove(key.value());
    malformed.put(key, new TableView.Malformed(key, reason));
  }

  /** Removes a lease, understood or not. */
  public void remove(LeaseKey key) {
    leases.remove(key);
    malformed.remove(key);
  }

  private boolean holds(LeaseWrite write, @Nullable Lease actual) {
    if (write.guard() == LeaseWrite.Guard.ABSENT) {
      return actual == null
          && !malformed.containsKey(write.key())
          && !workers.containsKey(write.key().value());
    }
    if (actual == null || actual.counter() != write.expected().counter()) {
      return false;
    }
    Ownership now = actual.ownership();
    Ownership expected = write.expected().ownership();
    return switch (write.guard()) {
      case COUNTER, ABSENT -> true;
      case COUNTER_AND_NO_HANDOFF -> now.checkpointOwner() == null;
      case COUNTER_AND_OWNERS ->
        Objects.equals(now.owner(), expected.owner())
            && Objects.equals(now.checkpointOwner(), expected.checkpointOwner());
    };
  }

  /** The row with what the write changes, and everything else as it stands. */
  private static Lease changed(Lease actual, LeaseWrite write) {
    Lease from = write.expected();
    Lease to = write.intended();
    return new Lease(
        actual.key(),
        changed(actual.ownership(), from.ownership(), to.ownership()),
        changed(actual.progress(), from.progress(), to.progress()),
        changed(actual.shard(), from.shard(), to.shard()),
        changedOrNull(actual.throughputKBps(), from.throughputKBps(), to.throughputKBps()));
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
        changedOrNull(actual.streamShard(), from.streamShard(), to.streamShard()));
  }

  private static <T> T changed(T actual, T from, T to) {
    return from.equals(to) ? actual : to;
  }

  private static <T> @Nullable T changedOrNull(
      @Nullable T actual, @Nullable T from, @Nullable T to) {
    return Objects.equals(from, to) ? actual : to;
  }

  private static CompletionStage<Void> done() {
    return CompletableFuture.completedFuture(null);
  }
}
