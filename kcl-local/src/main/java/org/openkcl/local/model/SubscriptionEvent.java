package org.openkcl.local.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription pushes at once (API reference: SubscribeToShardEvent).
 *
 * @param records oldest first; empty when the shard has been idle
 * @param continuationSequenceNumber where the next subscription goes on, with {@code
 *     AFTER_SEQUENCE_NUMBER}; moves on while the shard is idle; null exactly at the end of a closed
 *     shard
 * @param millisBehindLatest 0 when no record is left to push now; else at least 1: the age of the
 *     last record in the event
 * @param childShards the shards that go on after this one; empty unless the shard has ended
 */
public record SubscriptionEvent(
    List<StreamRecord> records,
    @Nullable String continuationSequenceNumber,
    long millisBehindLatest,
    List<ChildShard> childShards) {
  public SubscriptionEvent {
    childShards = List.copyOf(childShards);
  }

  /** The same event with another place to continue at, unless it is the end of the shard. */
  public SubscriptionEvent continuedAt(String sequenceNumber) {
    return continuationSequenceNumber == null
        ? this
        : new SubscriptionEvent(records, sequenceNumber, millisBehindLatest, childShards);
  }
}
