package org.openkcl.leases.dynamodb;

import java.util.function.Function;
import org.openkcl.leases.Lease;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WorkerRecord;

/** What an item of the table turned out to be. */
sealed interface ItemContent {

  /** One function per case. */
  <T> T match(
      Function<LeaseItem, T> lease,
      Function<WorkerItem, T> worker,
      Function<MalformedItem, T> malformed,
      Function<OtherItem, T> other);

  /** A lease. */
  record LeaseItem(Lease lease) implements ItemContent {
    @Override
    public <T> T match(
        Function<LeaseItem, T> lease,
        Function<WorkerItem, T> worker,
        Function<MalformedItem, T> malformed,
        Function<OtherItem, T> other) {
      return lease.apply(this);
    }
  }

  /** An OpenKCL worker's sign of life. */
  record WorkerItem(WorkerRecord worker) implements ItemContent {
    @Override
    public <T> T match(
        Function<LeaseItem, T> lease,
        Function<WorkerItem, T> worker,
        Function<MalformedItem, T> malformed,
        Function<OtherItem, T> other) {
      return worker.apply(this);
    }
  }

  /** An item that should be a lease and cannot be understood. */
  record MalformedItem(TableView.Malformed malformed) implements ItemContent {
    @Override
    public <T> T match(
        Function<LeaseItem, T> lease,
        Function<WorkerItem, T> worker,
        Function<MalformedItem, T> malformed,
        Function<OtherItem, T> other) {
      return malformed.apply(this);
    }
  }

  /** An item of Amazon's that is no lease: lock, migration, stream, metrics. Not ours to touch. */
  record OtherItem(String key, String entityType) implements ItemContent {
    @Override
    public <T> T match(
        Function<LeaseItem, T> lease,
        Function<WorkerItem, T> worker,
        Function<MalformedItem, T> malformed,
        Function<OtherItem, T> other) {
      return other.apply(this);
    }
  }
}
