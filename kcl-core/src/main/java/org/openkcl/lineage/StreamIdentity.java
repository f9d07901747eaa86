package org.openkcl.lineage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.ShardFacts;

/**
 * Which stream leases belong to: by their keys, and by the creation time that they carry, since a
 * stream may be deleted and made again under its name.
 *
 * @param identifier {@code account:name:creationEpoch}, which the leases of applications with several
 *     streams begin with; null for the stream of an application that reads one
 * @param createdAt the stream's creation time in whole seconds; null when not known
 */
public record StreamIdentity(
    @Nullable String identifier, @Nullable Instant createdAt) {

  /** The stream of an application that reads one, created nobody knows when. */
  public static final StreamIdentity SINGLE = new StreamIdentity(null, null);

  public StreamIdentity {
    createdAt = createdAt == null ? null : createdAt.truncatedTo(ChronoUnit.SECONDS);
  }

  /** The key of a shard's lease. */
  public LeaseKey keyOf(String shardId) {
    return new LeaseKey(identifier == null ? shardId : identifier + ":" + shardId);
  }

  /** Whether a lease is kept under this stream's name, whichever stream of that name it is of. */
  public boolean names(Lease lease) {
    ShardFacts.StreamShard shard = lease.shard().streamShard();
    return shard == null
        ? identifier == null
        : Objects.equals(shard.streamIdentifier(), identifier);
  }

  /**
   * Whether a lease is this stream's: not one of a stream that had its name before. A lease that
   * does not say counts as this stream's, as those of Amazon's library do.
   */
  public boolean owns(Lease lease) {
    Instant made = lease.shard().streamCreatedAt();
    return names(lease) && (createdAt == null || made == null || made.equals(createdAt));
  }

  /**
   * Whether a lease was made for a stream that had this one's name before. One of a stream that is
   * younger is not: then this is the one that is gone.
   */
  public boolean follows(Lease lease) {
    Instant made = lease.shard().streamCreatedAt();
    return names(lease) && createdAt != null && made != null && made.isBefore(createdAt);
  }

  /** Whether a lease is that of another stream of several, with the same account and name. */
  public boolean sharesNameWith(Lease lease) {
    ShardFacts.StreamShard shard = lease.shard().streamShard();
    return shard != null
        && identifier != null
        && !shard.streamIdentifier().equals(identifier)
        && withoutEpoch(shard.streamIdentifier()).equals(withoutEpoch(identifier));
  }

  /** Whether it is the stream that Kinesis describes. */
  public boolean isOf(StreamState state) {
    return state.creationTime().truncatedTo(ChronoUnit.SECONDS).equals(createdAt);
  }

  private static String withoutEpoch(String identifier) {
    return identifier.substring(0, Math.max(0, identifier.lastIndexOf(':')));
  }

  /** What a new lease says of its shard. */
  ShardFacts factsOf(
      String shardId, Set<String> parents, HashKeyRange range, @Nullable Instant startAt) {
    ShardFacts.StreamShard shard =
        identifier == null ? null : new ShardFacts.StreamShard(identifier, shardId);
    return new ShardFacts(parents, Set.of(), range, startAt, shard, createdAt);
  }
}
