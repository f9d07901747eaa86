package org.openkcl.leases.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.ConditionalResult;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.CoordinationView;
import org.openkcl.leases.ForeignWorker;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.LockWrite;
import org.openkcl.leases.Migration;
import org.openkcl.leases.MigrationWrite;
import org.openkcl.leases.StreamNote;
import org.openkcl.leases.WorkerRecord;

/**
 * What is kept beside leases, in memory, with races decided as DynamoDB does. Every stage is
 * complete when it is returned. Confined to one thread.
 */
public final class InMemoryCoordinationTable implements CoordinationTable {
  private final String name;
  private final Predicate<String> takenElsewhere;
  private boolean exists;
  private @Nullable LeaderLock lock;
  private final SortedMap<String, WorkerRecord> workers = new TreeMap<>();
  private final SortedMap<String, ForeignWorker> foreignWorkers = new TreeMap<>();
  private final SortedMap<String, StreamNote> streams = new TreeMap<>();
  private final Map<Migration.Subject, Migration> migrations =
      new EnumMap<>(Migration.Subject.class);

  /** A table of its own that does not exist yet. */
  public InMemoryCoordinationTable(String name) {
    this(name, key -> false, false);
  }

  /**
   * @param takenElsewhere which keys are those of leases in the same table
   */
  InMemoryCoordinationTable(String name, Predicate<String> takenElsewhere, boolean exists) {
    this.name = name;
    this.takenElsewhere = takenElsewhere;
    this.exists = exists;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CompletionStage<Void> ensureExists() {
    exists = true;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Optional<CoordinationView>> look() {
    return CompletableFuture.completedFuture(exists ? Optional.of(view(0.5)) : Optional.empty());
  }

  /** What is there now, with what it cost to see. */
  CoordinationView view(double readUnits) {
    return new CoordinationView(
        lock,
        new ArrayList<>(workers.values()),
        new ArrayList<>(foreignWorkers.values()),
        new ArrayList<>(migrations.values()),
        new ArrayList<>(streams.values()),
        readUnits);
  }

  @Override
  public CompletionStage<Optional<LeaderLock>> readLock() {
    return exists ? done(Optional.ofNullable(lock)) : missing();
  }

  @Override
  public CompletionStage<ConditionalResult<LeaderLock>> writeLock(LockWrite write) {
    if (!exists) {
      return missing();
    }
    if (!holds(write)) {
      return done(new ConditionalResult.LostRace<>(Optional.ofNullable(lock)));
    }
    lock = write.intended();
    return done(new ConditionalResult.Written<>(Optional.ofNullable(lock)));
  }

  @Override
  public CompletionStage<Optional<Migration>> readMigration(Migration.Subject subject) {
    return exists ? done(Optional.ofNullable(migrations.get(subject))) : missing();
  }

  @Override
  public CompletionStage<ConditionalResult<Migration>> writeMigration(MigrationWrite write) {
    if (!exists) {
      return missing();
    }
    Migration actual = migrations.get(write.expected().subject());
    if (actual == null || !actual.state().equals(write.expected().state())) {
      return done(new ConditionalResult.LostRace<>(Optional.ofNullable(actual)));
    }
    put(write.intended());
    return done(new ConditionalResult.Written<>(Optional.of(write.intended())));
  }

  @Override
  public CompletionStage<Void> putWorker(WorkerRecord worker) {
    if (!exists) {
      return missing();
    }
    String id = worker.workerId();
    if (takenElsewhere.test(id) || isOther(id)) {
      return CompletableFuture.failedFuture(new LeaseTableException(
          Kind.REFUSED,
          "Worker id '"
              + id
              + "' is the key of an item in table '"
              + name
              + "' that is no worker's. Give the worker an id that is no shard id",
          null));
    }
    foreignWorkers.remove(id);
    workers.put(id, worker);
    return done();
  }

  @Override
  public CompletionStage<Void> deleteWorker(String workerId) {
    if (!exists) {
      return missing();
    }
    workers.remove(workerId);
    return done();
  }

  @Override
  public CompletionStage<Boolean> deleteStaleWorker(String workerId, Instant writtenAt) {
    if (!exists) {
      return missing();
    }
    WorkerRecord ours = workers.get(workerId);
    ForeignWorker foreign = foreignWorkers.get(workerId);
    boolean moved = (ours != null && !ours.writtenAt().equals(writtenAt))
        || (foreign != null && !foreign.writtenAt().equals(writtenAt));
    if (!moved) {
      remove(workerId);
    }
    return done(!moved);
  }

  /** Puts a lock there, whatever was there; null removes it. What another library might do. */
  public void put(@Nullable LeaderLock newLock) {
    exists = true;
    lock = newLock;
  }

  /** Puts a worker of Amazon's there. */
  public void put(ForeignWorker worker) {
    exists = true;
    workers.remove(worker.workerId());
    foreignWorkers.put(worker.workerId(), worker);
  }

  /** Puts a migration there. */
  public void put(Migration migration) {
    exists = true;
    migrations.put(migration.subject(), migration);
  }

  /** Puts a note of a stream there. */
  public void put(StreamNote stream) {
    exists = true;
    streams.put(stream.streamIdentifier(), stream);
  }

  /** The workers as they stand, by id; a view that cannot be written through. */
  public SortedMap<String, WorkerRecord> workers() {
    return Collections.unmodifiableSortedMap(workers);
  }

  /** Whether a key is that of an item here. */
  boolean has(String key) {
    return workers.containsKey(key) || foreignWorkers.containsKey(key) || isOther(key);
  }

  /** Removes a worker of either library. */
  void remove(String workerId) {
    workers.remove(workerId);
    foreignWorkers.remove(workerId);
  }

  private boolean isOther(String key) {
    return (lock != null && key.equals("Leader"))
        || (migrations.containsKey(Migration.Subject.CLIENT_VERSION) && key.equals("Migration3.0"))
        || (migrations.containsKey(Migration.Subject.TABLES) && key.equals("TableMigration3.5"))
        || streams.containsKey(key);
  }

  private boolean holds(LockWrite write) {
    LeaderLock expected = write.expected();
    if (lock == null || expected == null) {
      return lock == null && write.guard() == LockWrite.Guard.ABSENT;
    }
    return switch (write.guard()) {
      case ABSENT -> false;
      case RELEASED -> lock.released();
      case VERSION -> lock.version().equals(expected.version());
      case VERSION_AND_OWNER ->
        lock.version().equals(expected.version()) && lock.owner().equals(expected.owner());
    };
  }

  private <T> CompletionStage<T> missing() {
    return CompletableFuture.failedFuture(
        new LeaseTableException(Kind.TABLE_MISSING, "There is no table '" + name + "'", null));
  }

  private static CompletionStage<Void> done() {
    return CompletableFuture.completedFuture(null);
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }
}
