package org.openkcl.leases.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableContract;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;

class InMemoryLeaseTableTest extends LeaseTableContract {

  @Override
  protected LeaseTable newTable() {
    return new InMemoryLeaseTable("orders-app");
  }

  @Override
  protected void putAsIs(LeaseTable table, Lease lease) {
    ((InMemoryLeaseTable) table).put(lease);
  }

  @Override
  protected void putWithoutCounter(LeaseTable table, LeaseKey key) {
    ((InMemoryLeaseTable) table).putMalformed(key, "leaseCounter: found nothing");
  }

  @Test
  void rowsCanBeLookedAtAndAlteredDirectly() {
    InMemoryLeaseTable table = new InMemoryLeaseTable("orders-app");
    Lease lease = new Lease(
        new LeaseKey("shardId-0"),
        new Ownership("a", null, 1, 0, null),
        Progress.at(Checkpoint.LATEST),
        ShardFacts.NONE);
    table.put(lease);

    assertThat(table.rows()).containsOnly(Map.entry(lease.key(), lease));
    assertThatThrownBy(() -> table.rows().clear())
        .isInstanceOf(UnsupportedOperationException.class);

    table.putMalformed(lease.key(), "edited by hand");
    assertThat(table.rows()).isEmpty();
    table.put(lease);
    assertThat(answer(table.scan()).malformed()).isEmpty();
    table.remove(lease.key());
    assertThat(table.rows()).isEmpty();
  }
}
