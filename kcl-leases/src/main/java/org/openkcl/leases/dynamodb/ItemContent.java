package org.openkcl.leases.dynamodb;

import java.util.Map;
import java.util.function.Function;
import org.openkcl.leases.Lease;
import org.openkcl.leases.TableView;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What an item of the lease table turned out to be. */
sealed interface ItemContent {

  /** One function per case. */
  <T> T match(
      Function<LeaseItem, T> lease,
      Function<MalformedItem, T> malformed,
      Function<OtherItem, T> other);

  /** A lease. */
  record LeaseItem(Lease lease) implements ItemContent {
    @Override
    public <T> T match(
        Function<LeaseItem, T> lease,
        Function<MalformedItem, T> malformed,
        Function<OtherItem, T> other) {
      return lease.apply(this);
    }
  }

  /** An item that should be a lease and cannot be understood. */
  record MalformedItem(TableView.Malformed malformed) implements ItemContent {
    @Override
    public <T> T match(
        Function<LeaseItem, T> lease,
        Function<MalformedItem, T> malformed,
        Function<OtherItem, T> other) {
      return malformed.apply(this);
    }
  }

  /** An item that is no lease: lock, migration, stream, worker; {@link CoordinationItems} knows. */
  record OtherItem(String key, String entityType, Map<String, AttributeValue> item)
      implements ItemContent {
    @Override
    public <T> T match(
        Function<LeaseItem, T> lease,
        Function<MalformedItem, T> malformed,
        Function<OtherItem, T> other) {
      return other.apply(this);
    }
  }
}
