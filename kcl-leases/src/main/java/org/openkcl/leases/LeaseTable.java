package org.openkcl.leases;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The table of an application's leases. Every method returns at once; stages complete on a thread
 * of the adapter's choosing and fail with {@link LeaseTableException} only.
 *
 * <p>After a failure whose {@linkplain LeaseTableException#outcomeUnknown() outcome is unknown} the
 * write may have happened: give the same write again and compare the item in the way with {@link
 * LeaseWrite#isEffectOf}.
 */
public interface LeaseTable {

  /** The table's name. */
  String name();

  /** Creates the table if there is none and completes when it can be used. */
  CompletionStage<Void> ensureExists();

  /** Reads all leases and everything that is kept with them, eventually consistent. */
  CompletionStage<TableView> scan();

  /**
   * Reads one lease, consistently.
   *
   * @return empty when there is no such item; fails with kind MALFORMED when it is not readable
   */
  CompletionStage<Optional<Lease>> read(LeaseKey key);

  /** Writes a lease if the write's guard holds. */
  CompletionStage<WriteResult> write(LeaseWrite write);

  /** Deletes a lease, whatever it says. Deleting nothing is no error. */
  CompletionStage<Void> delete(LeaseKey key);

  /** The place for what is no lease: this table, or one beside it that {@link #scan} sees too. */
  CoordinationTable coordination();

  /** What is known of the index of leases by owner. Nothing ever needs the index to start. */
  CompletionStage<IndexStatus> indexStatus();

  /** Creates the index if there is none, and does not wait for it; its status is returned. */
  CompletionStage<IndexStatus> createIndex();

  /** Asks the index for a worker's leases; empty when the index cannot answer (yet). */
  CompletionStage<Optional<OwnedLeases>> ownedBy(String workerId);
}
