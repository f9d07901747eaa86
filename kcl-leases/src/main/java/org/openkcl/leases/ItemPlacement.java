package org.openkcl.leases;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an application's items that are no leases belong, decided from what was found. Workers of
 * Amazon's versions read different tables, and 2.x to 3.4 take every item of the lease table for a
 * lease; so whatever is there already is followed, and nothing of ours goes where it would confuse.
 *
 * @param lock where the leader's lock is kept
 * @param workers where workers write their items; all places that exist are read
 * @param migrations where migrations are kept
 */
public record ItemPlacement(Place lock, Place workers, Place migrations) {
  /** Workers of Amazon's that wrote within this time of each other are alive at the same time. */
  private static final Duration SAME_TIME = Duration.ofSeconds(60);

  /**
   * The least counter of a lease that OpenKCL created: epoch milliseconds of the year 2001. Amazon's
   * counters start at 0 and would take a hundred thousand years.
   */
  private static final long COUNTER_OF_OURS = 1_000_000_000_000L;

  /** A place for items. */
  public enum Place {
    /** The lease table itself, as Amazon's 3.5 does. */
    LEASE_TABLE,
    /** The two side tables of Amazon's 3.0 to 3.4. */
    SIDE_TABLES,
    /** A table of ours beside the lease table. */
    OWN_TABLE
  }

  /** Everything in one place. */
  public static ItemPlacement allIn(Place place) {
    return new ItemPlacement(place, place, place == Place.OWN_TABLE ? Place.LEASE_TABLE : place);
  }

  /**
   * What was found.
   *
   * @param leaseTable a scan of the lease table alone
   * @param sideTables what is in the side tables of 3.0 to 3.4; null when there are none
   * @param ownTable whether there is a table of ours beside the lease table
   */
  public record Found(
      TableView leaseTable, @Nullable CoordinationView sideTables, boolean ownTable) {}

  /**
   * The placement that fits what was found.
   *
   * @param preferred for a table that says nothing: LEASE_TABLE or OWN_TABLE
   */
  public static ItemPlacement of(Found found, Place preferred) {
    if (found.sideTables() != null) {
      return besideAmazons(found.sideTables(), found.leaseTable().coordination());
    }
    CoordinationView inLeaseTable = found.leaseTable().coordination();
    if (hasAmazonsItems(inLeaseTable)) {
      return allIn(Place.LEASE_TABLE);
    }
    if (found.ownTable() || isOnlyAmazonsLeases(found.leaseTable())) {
      return allIn(Place.OWN_TABLE);
    }
    return allIn(preferred);
  }

  private static ItemPlacement besideAmazons(CoordinationView side, CoordinationView leaseTable) {
    TableMigrationStatus status = side.migration(Migration.Subject.TABLES)
        .map(Migration::tableStatus)
        .orElse(TableMigrationStatus.INIT);
    return switch (status) {
      case INIT, UNKNOWN -> allIn(Place.SIDE_TABLES);
      case DEPLOYED ->
        new ItemPlacement(
            Place.SIDE_TABLES,
            hasLiveWorkers(leaseTable, side) ? Place.LEASE_TABLE : Place.SIDE_TABLES,
            Place.SIDE_TABLES);
      case PENDING -> new ItemPlacement(Place.SIDE_TABLES, Place.LEASE_TABLE, Place.LEASE_TABLE);
      case COMPLETE -> allIn(Place.LEASE_TABLE);
    };
  }

  /**
   * Whether a worker of Amazon's has begun to write to the lease table. From then on ours must not
   * write to the side tables, or the migration waits for them; Amazon's read both meanwhile.
   */
  private static boolean hasLiveWorkers(CoordinationView leaseTable, CoordinationView side) {
    Optional<Instant> there = newest(leaseTable.foreignWorkers());
    Optional<Instant> beside = newest(side.foreignWorkers());
    return there.isPresent()
        && (beside.isEmpty() || there.get().plus(SAME_TIME).isAfter(beside.get()));
  }

  private static Optional<Instant> newest(List<ForeignWorker> workers) {
    return workers.stream().map(ForeignWorker::writtenAt).max(Instant::compareTo);
  }

  private static boolean hasAmazonsItems(CoordinationView view) {
    return (view.lock() != null && !view.lock().ofOpenKcl())
        || !view.foreignWorkers().isEmpty()
        || !view.migrations().isEmpty()
        || !view.streams().isEmpty();
  }

  /** Leases that Amazon's library made and no item of anybody's: 2.x may be at work. */
  private static boolean isOnlyAmazonsLeases(TableView leaseTable) {
    return leaseTable.coordination().isEmpty()
        && leaseTable.leases().stream().anyMatch(lease -> lease.counter() < COUNTER_OF_OURS);
  }
}
