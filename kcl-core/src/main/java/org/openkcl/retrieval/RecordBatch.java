package org.openkcl.retrieval;

import java.time.Instant;
import java.util.List;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.KinesisClientRecord;

/**
 * What goes to a processor in one call. Built once, on arrival; once more if it holds aggregates.
 *
 * @param records oldest first; may be empty
 * @param millisBehindLatest how far the batch is behind the shard's tip, in milliseconds; 0 when
 *     caught up
 * @param atShardEnd whether nothing follows in this shard
 * @param childShards at the end of the shard those that follow it, else empty; empty also when the
 *     service did not name them, then a listing of the stream does
 * @param bytes size of all data and partition keys together, as they came
 * @param fetchedAt when the batch arrived in this process
 */
public record RecordBatch(
    List<KinesisClientRecord> records,
    long millisBehindLatest,
    boolean atShardEnd,
    List<ChildShard> childShards,
    long bytes,
    Instant fetchedAt) {

  public RecordBatch {
    records = List.copyOf(records);
    childShards = List.copyOf(childShards);
  }
}
