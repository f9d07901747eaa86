package org.openkcl.lineage;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openkcl.InitialPosition;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.leases.Lease;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;

/**
 * What every lease that is created together has in common.
 *
 * @param stream whose leases they are
 * @param position where an application without leases begins
 * @param startAt what the position means as an instant, see {@link #startAt(InitialPosition,
 *     Instant, Collection)}; null for TRIM_HORIZON
 * @param ownershipOf what a shard's new lease says of its owner, by shard id. Its counter must be
 *     the present in milliseconds since 1970, so that a lease that is deleted and created again
 *     never repeats a fencing token
 */
public record Seeding(
    StreamIdentity stream,
    InitialPosition position,
    @Nullable Instant startAt,
    Function<String, Ownership> ownershipOf) {

  /**
   * How far before the service's own time LATEST begins: the {@code Date} header is truncated to
   * the second, and Kinesis' machines do not agree on the time exactly. Better a second too much
   * than a record lost.
   */
  public static final Duration LATEST_MARGIN = Duration.ofSeconds(2);

  public Seeding {
    boolean fits = switch (position.kind()) {
      case LATEST -> startAt != null;
      case TRIM_HORIZON -> startAt == null;
      case AT_TIMESTAMP -> Objects.equals(startAt, position.timestamp().orElseThrow());
    };
    if (!fits) {
      throw new IllegalArgumentException(
          "startAt must be the timestamp of AT_TIMESTAMP, some instant for LATEST and null for"
              + " TRIM_HORIZON: got position=" + position + ", startAt=" + startAt);
    }
  }

  /**
   * The instant that a position means for the whole stream: the timestamp itself; for LATEST the
   * instant that the table's leases were seeded with or, if no lease says, a little before the
   * service's present time. Null for TRIM_HORIZON, which is no instant.
   *
   * @param serverTime from a reply of the service, {@link StreamState#serverTime()}
   * @param existing the leases of the stream; the earliest seeding among them counts
   */
  public static @Nullable Instant startAt(
      InitialPosition position, Instant serverTime, Collection<Lease> existing) {
    return switch (position.kind()) {
      case TRIM_HORIZON -> null;
      case AT_TIMESTAMP -> position.timestamp().orElseThrow();
      case LATEST ->
        existing.stream()
            .flatMap(lease -> Stream.ofNullable(lease.shard().startAt()))
            .min(Instant::compareTo)
            .orElseGet(() -> serverTime.minus(LATEST_MARGIN));
    };
  }

  /** A lease that starts where the initial position says. */
  Lease atInitialPosition(Shard shard) {
    Checkpoint sentinel = switch (position.kind()) {
      case LATEST -> Checkpoint.LATEST;
      case TRIM_HORIZON -> Checkpoint.TRIM_HORIZON;
      case AT_TIMESTAMP -> Checkpoint.AT_TIMESTAMP;
    };
    return lease(shard.shardId(), shard.parentShardIds(), shard.hashKeyRange(), sentinel, startAt);
  }

  /** A lease that starts at the shard's first record. */
  Lease atFirstRecord(String shardId, Set<String> parents, HashKeyRange range) {
    return lease(shardId, parents, range, Checkpoint.TRIM_HORIZON, null);
  }

  private Lease lease(
      String shardId,
      Set<String> parents,
      HashKeyRange range,
      Checkpoint checkpoint,
      @Nullable Instant pin) {
    return new Lease(
        stream.keyOf(shardId),
        ownershipOf.apply(shardId),
        Progress.at(checkpoint),
        stream.factsOf(shardId, parents, range, pin));
  }
}
