package org.openkcl.local.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one consumer may have of one shard: one subscription at a time, so many bytes and so many
 * calls of SubscribeToShard a second.
 */
final class ShardSeat {
  private static final long EXCLUSIVE_MILLIS = Duration.ofSeconds(5).toMillis();

  private final RateBudget calls = new RateBudget(1);
  private final RateBudget bytes;
  private @Nullable Subscription latest;

  ShardSeat(ServiceLimits limits) {
    bytes = new RateBudget(limits.subscriptionBytesPerSecond());
  }

  /** Counts a call, unless it is one too many. */
  boolean admitsCall(long now) {
    if (!calls.hasRoom(now)) {
      return false;
    }
    calls.use(1, now);
    return true;
  }

  /** Whether the latest subscription, over or not, began less than five seconds ago. */
  boolean isTaken(long now) {
    return latest != null && now - latest.startedMillis() < EXCLUSIVE_MILLIS;
  }

  /** Whether nothing would be lost if it were forgotten. */
  boolean isIdle(long now) {
    return !isTaken(now) && (latest == null || latest.isOver()) && bytes.opensAt(now) <= now;
  }

  /** Notes a new subscription; the one there was ends with the error. */
  void take(Subscription subscription, StreamException error) {
    Subscription former = latest;
    latest = subscription;
    if (former != null) {
      former.end(error);
    }
  }

  /** When the next event may be pushed: now, or later. */
  long opensAt(long now) {
    return bytes.opensAt(now);
  }

  void countPushed(long pushed, long now) {
    bytes.use(pushed, now);
  }
}
