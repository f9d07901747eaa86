package org.openkcl.local.model;

import org.jspecify.annotations.Nullable;

/**
 * A shard as ListShards tells it (API reference: Shard).
 *
 * @param shardId {@code shardId-} and twelve digits
 * @param parentShardId the shard it came from; null for a stream's first shards. The parent itself
 *     is no longer listed once all its records have expired.
 * @param adjacentParentShardId the other parent of a merge, else null
 * @param hashKeyRange the hash keys it takes, or took
 * @param startingSequenceNumber smaller than every sequence number in the shard
 * @param endingSequenceNumber null while the shard is open; else at least every sequence number in it
 */
public record ShardInfo(
    String shardId,
    @Nullable String parentShardId,
    @Nullable String adjacentParentShardId,
    HashKeyRange hashKeyRange,
    String startingSequenceNumber,
    @Nullable String endingSequenceNumber) {

  /** Whether the shard takes records. */
  public boolean isOpen() {
    return endingSequenceNumber == null;
  }
}
