package org.openkcl.retrieval;

import java.time.Duration;
import org.openkcl.lineage.StreamFailure;
import org.slf4j.Logger;

/**
 * Reports that a shard cannot be read: a warning when it lasts, repeated at most once a minute, and
 * one line when it is over. A single failure is part of normal operation and is not reported.
 */
final class FailureLog {
  private static final int FAILURES_WORTH_A_WARNING = 3;
  private static final long REPEAT_NANOS = Duration.ofMinutes(1).toNanos();

  private final Logger log;
  private final String shardId;
  private boolean warned;
  private long warnedNanos;

  FailureLog(Logger log, String shardId) {
    this.log = log;
    this.shardId = shardId;
  }

  /**
   * @param count failures in a row, this one included
   */
  void failed(StreamFailure failure, int count, long nowNanos) {
    log.debug("Shard {} could not be read", shardId, failure);
    if (count < FAILURES_WORTH_A_WARNING || (warned && nowNanos - warnedNanos < REPEAT_NANOS)) {
      return;
    }
    warned = true;
    warnedNanos = nowNanos;
    log.warn(
        "Shard {} could not be read {} times in a row and is tried again until it can:"
            + " {} ({}). Nothing is lost as long as it takes less than the stream's retention"
            + " period.",
        shardId,
        count,
        failure.getMessage(),
        failure.kind());
  }

  void succeeded() {
    if (warned) {
      log.info("Shard {} can be read again", shardId);
      warned = false;
    }
  }
}
