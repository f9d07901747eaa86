package org.openkcl.leases;

import java.util.List;

/**
 * What one scan of the table saw. Not a snapshot: items are read one after the other.
 *
 * @param leases every item that is a lease
 * @param workers every item that is an OpenKCL worker's sign of life
 * @param malformed lease items that cannot be understood; nobody reads their shards
 * @param readUnits what the scan cost, in DynamoDB read units
 */
public record TableView(
    List<Lease> leases, List<WorkerRecord> workers, List<Malformed> malformed, double readUnits) {
  public TableView {
    leases = List.copyOf(leases);
    workers = List.copyOf(workers);
    malformed = List.copyOf(malformed);
  }

  /**
   * A lease item that cannot be read.
   *
   * @param reason which attribute is wrong, and how
   */
  public record Malformed(LeaseKey key, String reason) {}
}
