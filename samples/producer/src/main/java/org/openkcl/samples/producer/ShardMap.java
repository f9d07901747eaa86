package org.openkcl.samples.producer;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** Which shard takes which hash keys. Immutable; may be out of date after a reshard. */
final class ShardMap {
  private final NavigableMap<BigInteger, Shard> open = new TreeMap<>();
  private final Map<String, Shard> all = new HashMap<>();

  /**
   * @param shards as the stream lists them, closed ones included
   */
  ShardMap(List<Shard> shards) {
    for (Shard shard : shards) {
      all.put(shard.shardId(), shard);
      if (shard.sequenceNumberRange().endingSequenceNumber() == null) {
        open.put(new BigInteger(shard.hashKeyRange().startingHashKey()), shard);
      }
    }
    if (open.isEmpty()) {
      throw new IllegalArgumentException("The stream has no open shard");
    }
  }

  /** The open shard that takes a hash key. */
  String shardOf(BigInteger hashKey) {
    Map.Entry<BigInteger, Shard> found = open.floorEntry(hashKey);
    return (found == null ? open.firstEntry() : found).getValue().shardId();
  }

  boolean knows(String shardId) {
    return all.containsKey(shardId);
  }

  /** Whether a shard is known and takes a hash key. */
  boolean takes(String shardId, BigInteger hashKey) {
    Shard shard = all.get(shardId);
    return shard != null
        && hashKey.compareTo(new BigInteger(shard.hashKeyRange().startingHashKey())) >= 0
        && hashKey.compareTo(new BigInteger(shard.hashKeyRange().endingHashKey())) <= 0;
  }
}
