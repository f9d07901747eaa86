package org.openkcl.retrieval;

import java.time.Duration;

/**
 * How a stream is polled.
 *
 * @param idleInterval from one read of a shard to the next while it is caught up; 200 ms to 1 min.
 *     Default 1 s: a fifth of what the service allows per shard, so that five applications can
 *     share a stream
 * @param maxRecords the most records of one read; 1 to 10,000. Default 10,000, the service's limit
 * @param maxReadAhead how many batches of a shard may wait for its processor; 1 to 10. Default 2:
 *     one to hand over at once and one that is being fetched
 * @param limits how much of a shard may be read. Default {@link ReadLimits#SERVICE}
 */
public record PollSettings(
    Duration idleInterval, int maxRecords, int maxReadAhead, ReadLimits limits) {

  private static final Duration MAX_IDLE_INTERVAL = Duration.ofMinutes(1);

  /** 1 s, 10,000 records, 2 batches. */
  public static final PollSettings DEFAULT = new PollSettings(Duration.ofSeconds(1), 10_000, 2);

  /** Settings with the service's limits. */
  public PollSettings(Duration idleInterval, int maxRecords, int maxReadAhead) {
    this(idleInterval, maxRecords, maxReadAhead, ReadLimits.SERVICE);
  }

  public PollSettings {
    if (idleInterval.compareTo(PollRules.MIN_READ_INTERVAL) < 0
        || idleInterval.compareTo(MAX_IDLE_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "idleTimeBetweenReads must be from 200 ms (the service allows 5 reads a second) to 1 min: got "
              + idleInterval.toMillis()
              + " ms");
    }
    if (maxRecords < 1 || maxRecords > 10_000) {
      throw new IllegalArgumentException("maxRecords must be 1 to 10,000: got " + maxRecords);
    }
    if (maxReadAhead < 1 || maxReadAhead > 10) {
      throw new IllegalArgumentException("maxReadAhead must be 1 to 10: got " + maxReadAhead);
    }
  }

  /** The same settings with this interval. */
  public PollSettings withIdleInterval(Duration interval) {
    return new PollSettings(interval, maxRecords, maxReadAhead, limits);
  }

  /** The same settings with this limit. */
  public PollSettings withMaxRecords(int limit) {
    return new PollSettings(idleInterval, limit, maxReadAhead, limits);
  }

  /** The same settings with this limit. */
  public PollSettings withMaxReadAhead(int limit) {
    return new PollSettings(idleInterval, maxRecords, limit, limits);
  }

  /** The same settings with these limits. */
  public PollSettings withLimits(ReadLimits newLimits) {
    return new PollSettings(idleInterval, maxRecords, maxReadAhead, newLimits);
  }
}
