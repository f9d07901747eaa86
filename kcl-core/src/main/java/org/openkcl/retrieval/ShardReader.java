package org.openkcl.retrieval;

import java.util.concurrent.CompletionStage;

/**
 * Reads the shards of one stream. Every method returns at once; stages complete on a thread of the
 * adapter's choosing, within the adapter's time-out, and fail with {@link
 * org.openkcl.lineage.StreamFailure} only.
 *
 * <p>Thread-safe.
 */
public interface ShardReader {

  /**
   * Opens an iterator, which is good for one read within five minutes.
   *
   * @return fails with kind NOT_FOUND when the stream or the shard does not exist
   */
  CompletionStage<String> openIterator(String shardId, ReadPosition position);

  /**
   * Reads from an iterator.
   *
   * @param maxRecords the most records to return, 1 to 10,000; the service returns at most 10 MB
   *     whatever the number
   * @return fails with kind EXPIRED_ITERATOR when another one has to be opened
   */
  CompletionStage<ReadReply> read(String iterator, int maxRecords);
}
