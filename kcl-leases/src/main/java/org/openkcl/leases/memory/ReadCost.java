package org.openkcl.leases.memory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.WorkerRecord;

/**
 * What reading rows would cost in DynamoDB, so that budgets hold in a simulation too: the bytes of
 * every attribute's name and value, and half a read unit for each 4 KiB.
 */
final class ReadCost {
  private static final int BYTES_PER_HALF_UNIT = 4096;

  /** Names and fixed-size values of a worker's item: entityType, lut, sts, opr, sup, slu, ours. */
  private static final int WORKER_ATTRIBUTES = 118;

  private ReadCost() {}

  /**
   * Read units of an eventually consistent scan; half a unit at least.
   *
   * @param leaseBytes of all leases together
   */
  static double ofScan(long leaseBytes, Collection<WorkerRecord> workers) {
    long bytes = leaseBytes;
    for (WorkerRecord worker : workers) {
      bytes += WORKER_ATTRIBUTES + bytesOf(worker.workerId()) + number(worker.beat());
    }
    return units(bytes);
  }

  /** Read units of an index query that finds these keys; half a unit at least. */
  static double ofKeys(String owner, Set<LeaseKey> keys) {
    long bytes = 0;
    for (LeaseKey key : keys) {
      bytes += text("leaseOwner", owner) + text("leaseKey", key.value());
    }
    return units(bytes);
  }

  private static double units(long bytes) {
    return Math.max(1, (bytes + BYTES_PER_HALF_UNIT - 1) / BYTES_PER_HALF_UNIT) / 2.0;
  }

  /** What a lease's item takes. */
  static long bytesOf(Lease lease) {
    return text("leaseKey", lease.key().value())
        + text("entityType", "LEASE")
        + bytesOf(lease.ownership())
        + bytesOf(lease.progress())
        + bytesOf(lease.shard())
        + (lease.throughputKBps() == null
            ? 0
            : "throughputKBps".length() + digits(lease.throughputKBps().toString()))
        + (lease.lagSeconds() == null
            ? 0
            : "openkclLagSeconds".length() + number(lease.lagSeconds()));
  }

  private static long bytesOf(Ownership ownership) {
    return text("leaseOwner", ownership.owner())
        + text("checkpointOwner", ownership.checkpointOwner())
        + text("openkclWriter", ownership.writer())
        + "leaseCounter".length()
        + number(ownership.counter())
        + "ownerSwitchesSinceCheckpoint".length()
        + number(ownership.switchesSinceCheckpoint());
  }

  private static long bytesOf(Progress progress) {
    long bytes = text("checkpoint", progress.checkpoint().sequenceNumber())
        + "checkpointSubSequenceNumber".length()
        + number(progress.checkpoint().subSequenceNumber());
    Progress.Pending pending = progress.pending();
    if (pending == null) {
      return bytes;
    }
    ByteBuffer state = pending.applicationState();
    return bytes
        + text("pendingCheckpoint", pending.checkpoint().sequenceNumber())
        + "pendingCheckpointSubSequenceNumber".length()
        + number(pending.checkpoint().subSequenceNumber())
        + (state == null ? 0 : "pendingCheckpointState".length() + state.remaining());
  }

  private static long bytesOf(ShardFacts shard) {
    HashKeyRange range = shard.hashKeyRange();
    ShardFacts.StreamShard streamShard = shard.streamShard();
    return set("parentShardId", shard.parentShardIds())
        + set("childShardIds", shard.childShardIds())
        + text("startingHashKey", range == null ? null : range.starting().toString())
        + text("endingHashKey", range == null ? null : range.ending().toString())
        + text("streamName", streamShard == null ? null : streamShard.streamIdentifier())
        + text("shardId", streamShard == null ? null : streamShard.shardId())
        + (shard.startAt() == null
            ? 0
            : "openkclStartAt".length() + number(shard.startAt().toEpochMilli()))
        + (shard.streamCreatedAt() == null
            ? 0
            : "openkclStreamCreated".length() + number(shard.streamCreatedAt().getEpochSecond()));
  }

  private static long set(String name, Set<String> values) {
    return values.isEmpty()
        ? 0
        : name.length() + values.stream().mapToLong(ReadCost::bytesOf).sum();
  }

  private static long text(String name, @Nullable String value) {
    return value == null ? 0 : name.length() + bytesOf(value);
  }

  private static long bytesOf(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static long number(long value) {
    return digits(Long.toString(value));
  }

  private static long digits(String number) {
    return 1L + (number.length() + 1) / 2;
  }
}
