package org.openkcl.leases;

import org.jspecify.annotations.Nullable;

/**
 * One item of the lease table: who reads a shard, and how far it is processed.
 *
 * @param throughputKBps the owner's moving average in KiB/s; null when never measured
 * @param lagSeconds how far the owner was behind the shard's tip, in whole seconds; null where it is
 *     not told
 */
public record Lease(
    LeaseKey key,
    Ownership ownership,
    Progress progress,
    ShardFacts shard,
    @Nullable Double throughputKBps,
    @Nullable Long lagSeconds) {

  /** A lease of which nothing was measured. */
  public Lease(LeaseKey key, Ownership ownership, Progress progress, ShardFacts shard) {
    this(key, ownership, progress, shard, null);
  }

  /** A lease whose lag is not told. */
  public Lease(
      LeaseKey key,
      Ownership ownership,
      Progress progress,
      ShardFacts shard,
      @Nullable Double throughputKBps) {
    this(key, ownership, progress, shard, throughputKBps, null);
  }

  public @Nullable String owner() {
    return ownership.owner();
  }

  public long counter() {
    return ownership.counter();
  }

  public Checkpoint checkpoint() {
    return progress.checkpoint();
  }

  /** Whether the shard is completely processed, so that nobody needs to read it. */
  public boolean isFinished() {
    return progress.checkpoint().isShardEnd();
  }

  /** The bare shard id, whatever the mode. */
  public String shardId() {
    ShardFacts.StreamShard streamShard = shard.streamShard();
    return streamShard == null ? key.value() : streamShard.shardId();
  }

  Lease with(Ownership newOwnership) {
    return new Lease(key, newOwnership, progress, shard, throughputKBps, lagSeconds);
  }
}
