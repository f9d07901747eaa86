package org.openkcl.leases;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one look saw of everything that is no lease. Not a snapshot: items are read one after the
 * other.
 *
 * @param lock the leader's lock, as it stood; null when there is none
 * @param workers OpenKCL's workers
 * @param foreignWorkers workers of Amazon's library that report metrics (3.0 and later)
 * @param migrations Amazon's migrations, at most one per subject
 * @param streams what Amazon's library noted of streams; nobody else's to touch
 * @param readUnits what the look cost, in DynamoDB read units; 0 when it was part of a scan
 */
public record CoordinationView(
    @Nullable LeaderLock lock,
    List<WorkerRecord> workers,
    List<ForeignWorker> foreignWorkers,
    List<Migration> migrations,
    List<StreamNote> streams,
    double readUnits) {

  /** Nothing there. */
  public static final CoordinationView EMPTY =
      new CoordinationView(null, List.of(), List.of(), List.of(), List.of(), 0);

  public CoordinationView {
    workers = List.copyOf(workers);
    foreignWorkers = List.copyOf(foreignWorkers);
    migrations = List.copyOf(migrations);
    streams = List.copyOf(streams);
  }

  /** The migration of that subject, if its item is there. */
  public Optional<Migration> migration(Migration.Subject subject) {
    return migrations.stream().filter(m -> m.subject() == subject).findFirst();
  }

  /** The same without a lock: of one that stands where no lock is kept any more. */
  public CoordinationView withoutLock() {
    return new CoordinationView(null, workers, foreignWorkers, migrations, streams, readUnits);
  }

  /** Whether nothing was found. */
  public boolean isEmpty() {
    return lock == null
        && workers.isEmpty()
        && foreignWorkers.isEmpty()
        && migrations.isEmpty()
        && streams.isEmpty();
  }

  /**
   * Both together. Of a worker that is in both the later item counts; of lock and migrations this
   * one's.
   */
  public CoordinationView and(CoordinationView other) {
    List<Migration> allMigrations = new ArrayList<>(migrations);
    other.migrations.stream()
        .filter(theirs -> migration(theirs.subject()).isEmpty())
        .forEach(allMigrations::add);
    List<StreamNote> allStreams = new ArrayList<>(streams);
    other.streams.stream().filter(note -> !streams.contains(note)).forEach(allStreams::add);
    return new CoordinationView(
        lock != null ? lock : other.lock,
        latest(workers, other.workers, WorkerRecord::workerId, WorkerRecord::beat),
        latest(
            foreignWorkers,
            other.foreignWorkers,
            ForeignWorker::workerId,
            worker -> worker.writtenAt().getEpochSecond()),
        allMigrations,
        allStreams,
        readUnits + other.readUnits);
  }

  /** All of both, in order; of two with one id the later. */
  private static <W> List<W> latest(
      List<W> mine, List<W> others, Function<W, String> id, ToLongFunction<W> moment) {
    Map<String, W> all = new LinkedHashMap<>();
    mine.forEach(worker -> all.put(id.apply(worker), worker));
    for (W worker : others) {
      all.merge(
          id.apply(worker),
          worker,
          (one, two) -> moment.applyAsLong(one) < moment.applyAsLong(two) ? two : one);
    }
    return new ArrayList<>(all.values());
  }
}
