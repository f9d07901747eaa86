package org.openkcl.testkit;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.model.ListShardsQuery;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.PutEntry;
import org.openkcl.local.model.PutResult;
import org.openkcl.local.model.ShardFilter;
import org.openkcl.local.model.ShardInfo;

/** The fleet's stream: what was done to it, and what became of every shard. */
final class StreamHistory {
  static final String NAME = "stream";
  private static final byte[] PAYLOAD = {42};
  private static final int MOST_PER_REQUEST = 500;

  private final LocalStreams streams;
  private final Map<String, ShardHistory> shards = new TreeMap<>();
  private final Map<String, Integer> indexes = new HashMap<>();
  private int records;

  StreamHistory(LocalStreams streams) {
    this.streams = streams;
  }

  void create(int shardCount) {
    streams.createStream(NAME, shardCount);
    learnShards();
  }

  Collection<ShardHistory> shards() {
    return shards.values();
  }

  @Nullable
  ShardHistory shard(String shardId) {
    return shards.get(shardId);
  }

  int records() {
    return records;
  }

  /** A record's place in its shard. */
  @Nullable
  Integer indexOf(String sequenceNumber) {
    return indexes.get(sequenceNumber);
  }

  void put(int count, SplittableRandom chance) {
    for (int left = count; left > 0; left -= MOST_PER_REQUEST) {
      putSome(Math.min(left, MOST_PER_REQUEST), chance);
    }
  }

  private void putSome(int count, SplittableRandom chance) {
    List<PutEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      BigInteger hashKey = BigInteger.valueOf(chance.nextInt(1 << 30)).shiftLeft(98);
      entries.add(new PutEntry("key", hashKey.toString(), PAYLOAD));
    }
    long now = streams.now().toEpochMilli();
    for (PutResult result : streams.putAll(NAME, entries)) {
      ShardHistory shard = shards.get(result.shardId());
      if (shard != null) {
        indexes.put(result.sequenceNumber(), shard.put(result.sequenceNumber(), now));
        records++;
      }
    }
  }

  /** Splits an open shard in the middle; says which. */
  String splitOne(SplittableRandom chance) {
    List<ShardInfo> open = open();
    ShardInfo shard = open.get(chance.nextInt(open.size()));
    split(shard);
    return "Split " + shard.shardId();
  }

  /** Merges two open shards that adjoin; says which. Empty when there is only one. */
  Optional<String> mergeTwo(SplittableRandom chance) {
    List<ShardInfo> open = new ArrayList<>(open());
    if (open.size() < 2) {
      return Optional.empty();
    }
    open.sort((one, other) ->
        one.hashKeyRange().start().compareTo(other.hashKeyRange().start()));
    int first = chance.nextInt(open.size() - 1);
    ShardInfo one = open.get(first);
    ShardInfo other = open.get(first + 1);
    merge(one, other);
    return Optional.of("Merge " + one.shardId() + " and " + other.shardId());
  }

  private List<ShardInfo> open() {
    return streams
        .listShards(ListShardsQuery.of(NAME).with(ShardFilter.of(ShardFilter.Type.AT_LATEST)))
        .shards();
  }

  private void split(ShardInfo shard) {
    BigInteger start = shard.hashKeyRange().start();
    BigInteger half = shard.hashKeyRange().end().subtract(start).shiftRight(1);
    streams.split(NAME, shard.shardId(), start.add(half).add(BigInteger.ONE));
    learnShards();
  }

  private void merge(ShardInfo one, ShardInfo other) {
    streams.merge(NAME, one.shardId(), other.shardId());
    learnShards();
  }

  private void learnShards() {
    for (ShardInfo info : streams.listShards(ListShardsQuery.of(NAME)).shards()) {
      ShardHistory known = shards.get(info.shardId());
      if (known == null) {
        known = new ShardHistory(info.shardId(), parentsOf(info));
        shards.put(info.shardId(), known);
        for (String parent : known.parents) {
          ShardHistory of = shards.get(parent);
          if (of != null) {
            of.children.add(info.shardId());
          }
        }
      }
      known.closed = !info.isOpen();
    }
  }

  private static Set<String> parentsOf(ShardInfo info) {
    Set<String> parents = new TreeSet<>();
    if (info.parentShardId() != null) {
      parents.add(info.parentShardId());
    }
    if (info.adjacentParentShardId() != null) {
      parents.add(info.adjacentParentShardId());
    }
    return parents;
  }
}
