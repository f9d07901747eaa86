package org.openkcl.retrieval;

import org.openkcl.environment.RateLimitedLog;
import org.openkcl.lineage.StreamFailure;
import org.slf4j.Logger;

/**
 * Reports that a shard cannot be read: a warning when it lasts, repeated at most once a minute for
 * all shards that fail in the same way, and one line when it is over. A single failure is part of
 * normal operation and is not reported.
 */
final class FailureLog {
  private static final int FAILURES_WORTH_A_WARNING = 3;

  private final Logger log;
  private final RateLimitedLog warnings;
  private final String shardId;
  private boolean warned;

  /**
   * @param warnings the stream's
   */
  FailureLog(Logger log, RateLimitedLog warnings, String shardId) {
    this.log = log;
    this.warnings = warnings;
    this.shardId = shardId;
  }

  /**
   * @param count failures in a row, this one included
   */
  void failed(StreamFailure failure, int count) {
    log.debug("Shard {} could not be read", shardId, failure);
    if (count >= FAILURES_WORTH_A_WARNING) {
      warned |= warnings.warn(
          "shard.unreadable",
          failure.kind().name(),
          ("Shard %s could not be read %d times in a row and is tried again until it can: %s (%s)."
                  + " Nothing is lost as long as it takes less than the stream's retention period.")
              .formatted(shardId, count, failure.getMessage(), failure.kind()));
    }
  }

  /** Says that it is over, where it was said that it had begun. */
  void succeeded() {
    if (warned) {
      log.atInfo()
          .addKeyValue("event", "shard.readable")
          .log("Shard {} can be read again", shardId);
      warned = false;
    }
  }
}
