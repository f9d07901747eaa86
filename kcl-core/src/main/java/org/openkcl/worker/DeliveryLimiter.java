package org.openkcl.worker;

import java.time.Duration;
import org.openkcl.DeliveryLimit;
import org.openkcl.shard.TokenBucket;

/**
 * Keeps deliveries within a {@link DeliveryLimit}, in the order in which they ask. Confined to the
 * event loop.
 */
final class DeliveryLimiter {
  private TokenBucket records;
  private TokenBucket bytes;

  DeliveryLimiter(DeliveryLimit limit, long nowNanos) {
    this.records = TokenBucket.full(limit.recordsPerSecond(), nowNanos);
    this.bytes = TokenBucket.full(limit.bytesPerSecond(), nowNanos);
  }

  /** How long a batch has to wait; the room for it is taken. */
  Duration reserve(long batchRecords, long batchBytes, long nowNanos) {
    TokenBucket.Reserved first = records.reserve((double) batchRecords, nowNanos);
    TokenBucket.Reserved second = bytes.reserve((double) batchBytes, nowNanos);
    records = first.bucket();
    bytes = second.bucket();
    return first.delay().compareTo(second.delay()) >= 0 ? first.delay() : second.delay();
  }
}
