package org.openkcl.local.model;

import java.math.BigInteger;

/** What may be split, merged and resized (API reference: SplitShard, MergeShards, UpdateShardCount). */
final class ReshardRules {
  private ReshardRules() {}

  static Shard openShard(Stream stream, String shardId) {
    Shard shard = stream.find(shardId);
    if (shard == null) {
      throw StreamException.notFound("Could not find shard " + in(stream, shardId) + ".");
    }
    if (!shard.isOpen()) {
      throw StreamException.invalidArgument(
          "Shard " + in(stream, shardId) + " is closed: only an open shard can be resharded.");
    }
    return shard;
  }

  static StreamException noShard(Stream stream, String shardId) {
    return StreamException.notFound("Shard " + in(stream, shardId) + " does not exist");
  }

  static void checkSplit(Stream stream, Shard shard, BigInteger newStartingHashKey) {
    HashKeyRange range = shard.range;
    boolean inside = newStartingHashKey.compareTo(range.start().add(BigInteger.ONE)) > 0
        && newStartingHashKey.compareTo(range.end()) < 0;
    if (!inside) {
      throw StreamException.invalidArgument("NewStartingHashKey "
          + newStartingHashKey
          + " used in SplitShard() on shard "
          + in(stream, shard.id)
          + " is not both greater than one plus the shard's StartingHashKey "
          + range.start()
          + " and less than the shard's EndingHashKey "
          + range.end()
          + ".");
    }
  }

  static void checkMerge(Stream stream, Shard shard, Shard adjacent) {
    if (!shard.range.endsJustBefore(adjacent.range)
        && !adjacent.range.endsJustBefore(shard.range)) {
      throw StreamException.invalidArgument("Shards "
          + shard.id
          + " and "
          + in(stream, adjacent.id)
          + " are not an adjacent pair of shards eligible for merging");
    }
  }

  static void checkTarget(int current, int target) {
    if (target < 1) {
      throw StreamException.validation(
          target, "targetShardCount", "have value greater than or equal to 1");
    }
    boolean tooMany = target > 2L * current;
    if (tooMany || 2L * target < current) {
      throw StreamException.invalidArgument("UpdateShardCount cannot scale "
          + (tooMany ? "up over double" : "down below half")
          + " your current open shard count. Current open shard count: "
          + current
          + " Target shard count: "
          + target);
    }
  }

  static void checkUpdates(Stream stream, boolean limitReached) {
    if (limitReached) {
      throw StreamException.limitExceeded("UpdateShardCount can be used 10 times within 24 hours:"
          + " limit reached for "
          + StreamNames.inAccount(stream.name));
    }
  }

  private static String in(Stream stream, String shardId) {
    return shardId + " in stream " + stream.name + " under account " + StreamNames.ACCOUNT;
  }
}
