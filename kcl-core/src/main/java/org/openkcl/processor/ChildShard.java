package org.openkcl.processor;

import java.util.List;
import java.util.Objects;

/**
 * A shard that goes on where an ended shard stopped.
 *
 * @param shardId for example {@code shardId-000000000043}
 * @param parentShards the shards it came from: one after a split, two after a merge
 * @param hashKeyRange the hash keys it takes
 */
public record ChildShard(String shardId, List<String> parentShards, HashKeyRange hashKeyRange) {
  public ChildShard {
    Objects.requireNonNull(shardId, "shardId");
    Objects.requireNonNull(hashKeyRange, "hashKeyRange");
    parentShards = List.copyOf(parentShards);
  }

  /**
   * A range of hash keys as Kinesis writes it.
   *
   * @param startingHashKey decimal digits, 0 or more, included
   * @param endingHashKey decimal digits, at most 2^128 - 1, included
   */
  public record HashKeyRange(String startingHashKey, String endingHashKey) {
    public HashKeyRange {
      Objects.requireNonNull(startingHashKey, "startingHashKey");
      Objects.requireNonNull(endingHashKey, "endingHashKey");
    }
  }
}
