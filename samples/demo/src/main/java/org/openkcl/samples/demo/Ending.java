package org.openkcl.samples.demo;

import java.time.Duration;
import java.util.Map;

/** Whether a run goes on. */
enum Ending {
  /** There is more to come. */
  GO_ON,
  /** All was put, all acts are over, and each shard's last record was processed. */
  COMPLETE,
  /** All was put and all acts are over, but nothing is processed any more. */
  STALLED,
  /** It takes too long. */
  OUT_OF_TIME;

  /** Longer than a dead worker's shards may stay unread: the failover time is 10 s. */
  static final Duration STALL = Duration.ofSeconds(18);

  /** What a run may take beyond its production. */
  static final Duration GRACE = Duration.ofSeconds(32);

  /**
   * Decides.
   *
   * @param over whether all was put and all acts are over
   * @param lastPut each shard's last sequence number put
   * @param lastProcessed each shard's last sequence number processed
   * @param quiet how long nothing new was processed
   * @param overtime how long the run has taken beyond its production
   */
  static Ending decide(
      boolean over,
      Map<String, String> lastPut,
      Map<String, String> lastProcessed,
      Duration quiet,
      Duration overtime) {
    if (overtime.compareTo(GRACE) >= 0) {
      return OUT_OF_TIME;
    }
    if (!over) {
      return GO_ON;
    }
    if (lastPut.equals(lastProcessed)) {
      return COMPLETE;
    }
    return quiet.compareTo(STALL) >= 0 ? STALLED : GO_ON;
  }
}
