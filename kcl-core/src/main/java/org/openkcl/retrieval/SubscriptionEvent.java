package org.openkcl.retrieval;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.KinesisClientRecord;

/**
 * What a subscription brings at once.
 *
 * @param records as they are in the stream, oldest first; none when the shard is idle
 * @param continuation the sequence number behind which the next subscription goes on; null at the
 *     end of the shard
 * @param millisBehindLatest how far the event is behind the shard's tip, in milliseconds; 0 when
 *     caught up
 * @param childShards at the end of the shard those that follow it, else empty
 * @param bytes size of all data and partition keys together
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShardEvent.html">SubscribeToShardEvent</a>
 */
public record SubscriptionEvent(
    List<KinesisClientRecord> records,
    @Nullable String continuation,
    long millisBehindLatest,
    List<ChildShard> childShards,
    long bytes) {

  public SubscriptionEvent {
    records = List.copyOf(records);
    childShards = List.copyOf(childShards);
  }

  /** Whether the event says that the shard has ended and does not say what follows it. */
  boolean endsWithoutChildren() {
    return continuation == null && childShards.isEmpty();
  }
}
