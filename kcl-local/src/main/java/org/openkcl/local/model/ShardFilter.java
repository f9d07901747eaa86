package org.openkcl.local.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which shards to list (API reference: ShardFilter).
 *
 * @param type what the shards have in common
 * @param shardId required for {@link Type#AFTER_SHARD_ID}, else ignored
 * @param timestamp required for the two timestamp types, else ignored
 */
public record ShardFilter(
    Type type, @Nullable String shardId, @Nullable Instant timestamp) {
  /** The filter types. */
  public enum Type {
    /** The shards whose id comes after the given one. */
    AFTER_SHARD_ID,
    /** The shards that were open at the trim horizon: those with no stored parent. */
    AT_TRIM_HORIZON,
    /** All stored shards; what a listing without filter gives. */
    FROM_TRIM_HORIZON,
    /** The open shards. */
    AT_LATEST,
    /** The shards that were open at the time; both sides of a reshard at that very millisecond. */
    AT_TIMESTAMP,
    /** The shards that were open at the time or later. */
    FROM_TIMESTAMP
  }

  /** No filter: every stored shard. */
  public static final ShardFilter ALL = new ShardFilter(Type.FROM_TRIM_HORIZON, null, null);

  public static ShardFilter of(Type type) {
    return new ShardFilter(type, null, null);
  }

  public static ShardFilter atTimestamp(Instant timestamp) {
    return new ShardFilter(Type.AT_TIMESTAMP, null, timestamp);
  }

  public static ShardFilter fromTimestamp(Instant timestamp) {
    return new ShardFilter(Type.FROM_TIMESTAMP, null, timestamp);
  }

  public static ShardFilter afterShardId(String shardId) {
    return new ShardFilter(Type.AFTER_SHARD_ID, shardId, null);
  }

  public ShardFilter {
    if (type == Type.AFTER_SHARD_ID && shardId == null) {
      throw StreamException.invalidArgument(
          "Missing required parameter ShardId for ShardFilter type AFTER_SHARD_ID.");
    }
    if ((type == Type.AT_TIMESTAMP || type == Type.FROM_TIMESTAMP) && timestamp == null) {
      throw StreamException.invalidArgument(
          "Missing required parameter Timestamp for ShardFilter type " + type + ".");
    }
  }

  long timestampMillis() {
    if (timestamp == null) {
      throw new IllegalStateException(type + " has no timestamp");
    }
    return timestamp.toEpochMilli();
  }
}
