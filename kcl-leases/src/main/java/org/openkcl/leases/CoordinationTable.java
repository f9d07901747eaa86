package org.openkcl.leases;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where an application keeps what is no lease: the leader's lock, the workers' items, migrations.
 * The lease table itself is one such place, a table beside it another.
 *
 * <p>Every method returns at once; stages complete on a thread of the adapter's choosing and fail
 * with {@link LeaseTableException} only. A lost race is a value. After a failure whose {@linkplain
 * LeaseTableException#outcomeUnknown() outcome is unknown} the write may have happened: give the
 * same write again and ask the write whether what stands in the way is its own effect.
 */
public interface CoordinationTable {

  /** The name of the table, or of the first of several. */
  String name();

  /** Creates the table if there is none and it is ours to create; completes when usable. */
  CompletionStage<Void> ensureExists();

  /** Reads everything in it that is no lease, eventually consistent; empty when it is not there. */
  CompletionStage<Optional<CoordinationView>> look();

  /** Reads the leader's lock, consistently. */
  CompletionStage<Optional<LeaderLock>> readLock();

  /** Writes the leader's lock if the write's guard holds. */
  CompletionStage<ConditionalResult<LeaderLock>> writeLock(LockWrite write);

  /** Reads a migration, consistently. */
  CompletionStage<Optional<Migration>> readMigration(Migration.Subject subject);

  /** Moves a migration on if it still stands where it was seen. */
  CompletionStage<ConditionalResult<Migration>> writeMigration(MigrationWrite write);

  /**
   * Writes a worker's item, whether or not there was one. Fails with kind REFUSED when the id is the
   * key of an item that is no worker's.
   */
  CompletionStage<Void> putWorker(WorkerRecord worker);

  /** Removes a worker's item if OpenKCL wrote it. Removing nothing is no error. */
  CompletionStage<Void> deleteWorker(String workerId);

  /**
   * Removes any worker's item, of either library, if it was not written again since.
   *
   * @param writtenAt as last read ({@link WorkerRecord#writtenAt}, {@link ForeignWorker#writtenAt})
   * @return whether it is gone; false when the worker has written it meanwhile
   */
  CompletionStage<Boolean> deleteStaleWorker(String workerId, Instant writtenAt);
}
