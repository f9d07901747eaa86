package org.openkcl.leases.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.CoordinationTableContract;
import org.openkcl.leases.ForeignWorker;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.LeaseTableContract;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.Migration;
import org.openkcl.leases.StreamNote;

class InMemoryCoordinationTableTest {

  @Nested
  class Beside extends Contract {
    @Override
    protected CoordinationTable newCoordination() {
      InMemoryCoordinationTable table = new InMemoryCoordinationTable("orders-app-OpenKCL");
      LeaseTableContract.answer(table.ensureExists());
      return table;
    }
  }

  @Nested
  class InTheLeaseTable extends Contract {
    @Override
    protected CoordinationTable newCoordination() {
      return new InMemoryLeaseTable("orders-app").coordination();
    }
  }

  @Test
  void aTableThatDoesNotExistSaysSo() {
    InMemoryCoordinationTable table = new InMemoryCoordinationTable("orders-app-OpenKCL");

    assertThat(LeaseTableContract.answer(table.look())).isEmpty();
    assertThat(LeaseTableContract.failure(table.readLock()).kind()).isEqualTo(Kind.TABLE_MISSING);
    assertThat(LeaseTableContract.failure(table.deleteWorker("worker-a")).kind())
        .isEqualTo(Kind.TABLE_MISSING);
  }

  private abstract static class Contract extends CoordinationTableContract {
    @Override
    protected void put(CoordinationTable table, LeaderLock lock) {
      ((InMemoryCoordinationTable) table).put(lock);
    }

    @Override
    protected void put(CoordinationTable table, ForeignWorker worker) {
      ((InMemoryCoordinationTable) table).put(worker);
    }

    @Override
    protected void put(CoordinationTable table, Migration migration) {
      ((InMemoryCoordinationTable) table).put(migration);
    }

    @Override
    protected void put(CoordinationTable table, StreamNote stream) {
      ((InMemoryCoordinationTable) table).put(stream);
    }
  }
}
