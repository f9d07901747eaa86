package org.openkcl.worker;

import java.util.HashSet;
import java.util.Set;
import org.openkcl.StreamShard;
import org.openkcl.processor.StreamIdentifier;

/**
 * What this worker delivers nothing of: everything, some streams, some shards. Three switches that do
 * not touch each other. Confined to the event loop.
 */
final class Pauses {
  private final Set<StreamIdentifier> streams = new HashSet<>();
  private final Set<StreamShard> shards = new HashSet<>();
  private boolean all;

  void all(boolean paused) {
    all = paused;
  }

  void stream(StreamIdentifier stream, boolean paused) {
    if (paused) {
      streams.add(stream);
    } else {
      streams.remove(stream);
    }
  }

  void shard(StreamShard shard, boolean paused) {
    if (paused) {
      shards.add(shard);
    } else {
      shards.remove(shard);
    }
  }

  boolean contains(StreamShard shard) {
    return all || streams.contains(shard.stream()) || shards.contains(shard);
  }
}
