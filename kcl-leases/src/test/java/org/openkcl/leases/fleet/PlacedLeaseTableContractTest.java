package org.openkcl.leases.fleet;

import org.junit.jupiter.api.Nested;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.CoordinationTableContract;
import org.openkcl.leases.ForeignWorker;
import org.openkcl.leases.ItemPlacement.Place;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableContract;
import org.openkcl.leases.Migration;
import org.openkcl.leases.StreamNote;
import org.openkcl.leases.memory.InMemoryCoordinationTable;
import org.openkcl.leases.memory.InMemoryLeaseTable;

/** Several tables behind one port are one table. */
class PlacedLeaseTableContractTest {

  @Nested
  class Leases extends LeaseTableContract {
    private InMemoryLeaseTable leases = new InMemoryLeaseTable("unset");

    @Override
    protected LeaseTable newTable() {
      leases = new InMemoryLeaseTable("orders-app");
      return placed(leases, side());
    }

    @Override
    protected void putAsIs(LeaseTable table, Lease lease) {
      leases.put(lease);
    }

    @Override
    protected void putWithoutCounter(LeaseTable table, LeaseKey key) {
      leases.putMalformed(key, "leaseCounter: found nothing");
    }
  }

  @Nested
  class InTheLeaseTable extends Contract {
    @Override
    protected CoordinationTable newCoordination() {
      InMemoryLeaseTable leases = new InMemoryLeaseTable("orders-app");
      place = leases.coordination();
      return started(placed(leases, side()));
    }
  }

  @Nested
  class InSideTables extends Contract {
    @Override
    protected CoordinationTable newCoordination() {
      InMemoryCoordinationTable side = side();
      LeaseTableContract.answer(side.ensureExists());
      place = side;
      return started(placed(new InMemoryLeaseTable("orders-app"), side));
    }
  }

  private abstract static class Contract extends CoordinationTableContract {
    InMemoryCoordinationTable place = side();

    static CoordinationTable started(LeaseTable table) {
      LeaseTableContract.answer(table.ensureExists());
      return table.coordination();
    }

    @Override
    protected void put(CoordinationTable table, LeaderLock lock) {
      place.put(lock);
    }

    @Override
    protected void put(CoordinationTable table, ForeignWorker worker) {
      place.put(worker);
    }

    @Override
    protected void put(CoordinationTable table, Migration migration) {
      place.put(migration);
    }

    @Override
    protected void put(CoordinationTable table, StreamNote stream) {
      place.put(stream);
    }
  }

  private static InMemoryCoordinationTable side() {
    return new InMemoryCoordinationTable("orders-app-CoordinatorState");
  }

  private static LeaseTable placed(
      InMemoryLeaseTable leases, InMemoryCoordinationTable sideTables) {
    return new PlacedLeaseTable(
        new DirectLoop(),
        leases,
        sideTables,
        new InMemoryCoordinationTable("orders-app-OpenKCL"),
        Place.LEASE_TABLE);
  }
}
