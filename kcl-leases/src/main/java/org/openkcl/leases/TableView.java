package org.openkcl.leases;

import java.util.List;

/**
 * What one scan of the table saw. Not a snapshot: items are read one after the other.
 *
 * @param leases every item that is a lease
 * @param coordination everything else that is known: lock, workers, migrations
 * @param malformed lease items that cannot be understood; nobody reads their shards
 * @param readUnits what the scan cost, in DynamoDB read units
 */
public record TableView(
    List<Lease> leases,
    CoordinationView coordination,
    List<Malformed> malformed,
    double readUnits) {
  public TableView {
    leases = List.copyOf(leases);
    malformed = List.copyOf(malformed);
  }

  /** OpenKCL's workers. */
  public List<WorkerRecord> workers() {
    return coordination.workers();
  }

  /** This view without a lock. */
  public TableView withoutLock() {
    return new TableView(leases, coordination.withoutLock(), malformed, readUnits);
  }

  /** This view with what was found in a table beside this one. */
  public TableView with(CoordinationView beside) {
    return new TableView(
        leases, beside.and(coordination), malformed, readUnits + beside.readUnits());
  }

  /**
   * A lease item that cannot be read.
   *
   * @param reason which attribute is wrong, and how
   */
  public record Malformed(LeaseKey key, String reason) {}
}
