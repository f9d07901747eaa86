package org.openkcl.retrieval;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.KinesisClientRecord;

/**
 * What one read of a shard brought.
 *
 * @param records as they are in the stream, oldest first; aggregates of the Kinesis Producer
 *     Library are not taken apart
 * @param nextIterator where to read on; null at the end of the shard
 * @param millisBehindLatest how far the reply is behind the shard's tip, in milliseconds; 0 when
 *     caught up
 * @param childShards at the end of the shard those that follow it, else empty
 * @param bytes size of all data and partition keys together
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html">GetRecords</a>
 */
public record ReadReply(
    List<KinesisClientRecord> records,
    @Nullable String nextIterator,
    long millisBehindLatest,
    List<ChildShard> childShards,
    long bytes) {

  public ReadReply {
    records = List.copyOf(records);
    childShards = List.copyOf(childShards);
  }

  /**
   * Whether the reply says that the shard has ended and does not say what follows it, which the
   * service never does: its end is not to be believed at once.
   */
  public boolean endsWithoutChildren() {
    return nextIterator == null && childShards.isEmpty();
  }
}
