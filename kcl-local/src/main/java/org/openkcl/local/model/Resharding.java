package org.openkcl.local.model;

import java.io.Serializable;
import java.math.BigInteger;

/** Splits and merges shards (API reference: SplitShard, MergeShards, UpdateShardCount). */
final class Resharding implements Serializable {
  private static final int COUNT_UPDATES_A_DAY_MAX = 10;

  private final PresentStreams streams;

  Resharding(PresentStreams streams) {
    this.streams = streams;
  }

  void split(String streamName, String shardId, BigInteger newStartingHashKey) {
    Stream stream = streams.changeable(streamName);
    OnDemandRules.requireProvisioned(stream, "SplitShard");
    Shard shard = ReshardRules.openShard(stream, shardId);
    ReshardRules.checkSplit(stream, shard, newStartingHashKey);
    streams.requireRoomForShards(1);
    reshard(stream, at -> stream.split(shard, newStartingHashKey, at));
  }

  void merge(String streamName, String shardId, String adjacentShardId) {
    Stream stream = streams.changeable(streamName);
    OnDemandRules.requireProvisioned(stream, "MergeShards");
    Shard shard = ReshardRules.openShard(stream, shardId);
    Shard adjacent = ReshardRules.openShard(stream, adjacentShardId);
    ReshardRules.checkMerge(stream, shard, adjacent);
    reshard(stream, at -> stream.merge(shard, adjacent, at));
  }

  void updateShardCount(String streamName, int target) {
    Stream stream = streams.changeable(streamName);
    OnDemandRules.requireProvisioned(stream, "UpdateShardCount");
    int current = stream.openShardCount();
    ReshardRules.checkTarget(current, target);
    streams.requireRoomForShards(target - current);
    long now = streams.nowMillis();
    RollingCount updates = stream.control.shardCountUpdates;
    ReshardRules.checkUpdates(
        stream, streams.limitsRates() && updates.hasReached(COUNT_UPDATES_A_DAY_MAX, now));
    updates.add(now);
    reshard(stream, at -> stream.reshardEvenly(target, at));
  }

  private void reshard(Stream stream, StreamLife.Effect effect) {
    streams.change(stream, streams.delays().reshard(), effect);
  }
}
