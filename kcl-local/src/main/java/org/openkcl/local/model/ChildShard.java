package org.openkcl.local.model;

import java.util.List;

/**
 * A shard that goes on where a closed one ended (API reference: ChildShard).
 *
 * @param parentShardIds one parent after a split, two after a merge
 */
public record ChildShard(String shardId, List<String> parentShardIds, HashKeyRange hashKeyRange) {
  public ChildShard {
    parentShardIds = List.copyOf(parentShardIds);
  }
}
