package org.openkcl.leases;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a lease knows of its shard.
 *
 * @param parentShardIds bare shard ids, 0 to 2
 * @param childShardIds bare shard ids, known once the shard has ended
 * @param hashKeyRange null when not known
 * @param startAt what the sentinel LATEST or AT_TIMESTAMP meant when the lease was created (an
 *     attribute of ours: Amazon's library does not keep it), in whole milliseconds (finer parts are
 *     dropped); null otherwise
 * @param streamShard where the shard belongs in multi-stream mode; null in single-stream mode
 * @param streamCreatedAt when the stream was created that the lease was made for (an attribute of
 *     ours), in whole seconds (finer parts are dropped): tells it from a stream of the same name
 *     that was deleted; null when not known
 */
public record ShardFacts(
    Set<String> parentShardIds,
    Set<String> childShardIds,
    @Nullable HashKeyRange hashKeyRange,
    @Nullable Instant startAt,
    @Nullable StreamShard streamShard,
    @Nullable Instant streamCreatedAt) {

  /** Nothing known: a shard without parents in single-stream mode. */
  public static final ShardFacts NONE = new ShardFacts(Set.of(), Set.of(), null, null, null);

  public ShardFacts {
    parentShardIds = Collections.unmodifiableSet(new TreeSet<>(parentShardIds));
    childShardIds = Collections.unmodifiableSet(new TreeSet<>(childShardIds));
    startAt = startAt == null ? null : startAt.truncatedTo(ChronoUnit.MILLIS);
    streamCreatedAt =
        streamCreatedAt == null ? null : streamCreatedAt.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Facts of a shard whose stream's creation time is not known. */
  public ShardFacts(
      Set<String> parentShardIds,
      Set<String> childShardIds,
      @Nullable HashKeyRange hashKeyRange,
      @Nullable Instant startAt,
      @Nullable StreamShard streamShard) {
    this(parentShardIds, childShardIds, hashKeyRange, startAt, streamShard, null);
  }

  /** The same facts with these children. */
  public ShardFacts withChildren(Set<String> children) {
    return new ShardFacts(
        parentShardIds, children, hashKeyRange, startAt, streamShard, streamCreatedAt);
  }

  /** The same facts with this meaning of the sentinel. */
  public ShardFacts withStartAt(Instant instant) {
    return new ShardFacts(
        parentShardIds, childShardIds, hashKeyRange, instant, streamShard, streamCreatedAt);
  }

  /** The same facts with this hash key range. */
  public ShardFacts withRange(HashKeyRange range) {
    return new ShardFacts(
        parentShardIds, childShardIds, range, startAt, streamShard, streamCreatedAt);
  }

  /** The same facts of a stream that was created then. */
  public ShardFacts withStreamCreatedAt(Instant instant) {
    return new ShardFacts(
        parentShardIds, childShardIds, hashKeyRange, startAt, streamShard, instant);
  }

  /**
   * A shard of one of several streams.
   *
   * @param streamIdentifier {@code account:stream:creationEpoch}
   * @param shardId the bare shard id
   */
  public record StreamShard(String streamIdentifier, String shardId) {}
}
