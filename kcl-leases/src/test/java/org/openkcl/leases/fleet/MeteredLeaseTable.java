package org.openkcl.leases.fleet;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.IndexStatus;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.OwnedLeases;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WriteResult;

/** One worker's way to a lease table, with a meter for what it costs. */
final class MeteredLeaseTable implements LeaseTable {
  private final LeaseTable table;
  double readUnits;
  int writes;
  int lostRaces;

  MeteredLeaseTable(LeaseTable table) {
    this.table = table;
  }

  void reset() {
    readUnits = 0;
    writes = 0;
    lostRaces = 0;
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public CompletionStage<Void> ensureExists() {
    return table.ensureExists();
  }

  @Override
  public CompletionStage<TableView> scan() {
    return table
        .scan()
        .whenComplete((view, failure) -> readUnits += view == null ? 0 : view.readUnits());
  }

  @Override
  public CompletionStage<Optional<Lease>> read(LeaseKey key) {
    readUnits++; // consistent, of an item below 4 KiB
    return table.read(key);
  }

  @Override
  public CompletionStage<WriteResult> write(LeaseWrite write) {
    writes++;
    return table
        .write(write)
        .whenComplete((result, failure) ->
            lostRaces += result == null ? 0 : result.match(written -> 0, lost -> 1));
  }

  @Override
  public CompletionStage<Void> delete(LeaseKey key) {
    return table.delete(key);
  }

  @Override
  public CoordinationTable coordination() {
    return table.coordination();
  }

  @Override
  public CompletionStage<IndexStatus> indexStatus() {
    return table.indexStatus();
  }

  @Override
  public CompletionStage<IndexStatus> createIndex() {
    return table.createIndex();
  }

  @Override
  public CompletionStage<Optional<OwnedLeases>> ownedBy(String workerId) {
    return table.ownedBy(workerId).whenComplete((owned, failure) -> {
      if (owned != null) {
        readUnits += owned.map(OwnedLeases::readUnits).orElse(0.0);
      }
    });
  }
}
