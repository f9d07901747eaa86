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

  /**
   * How long is waited.
   *
   * @param stall for anything new to be processed: longer than a dead worker's shards may stay
   *     unread
   * @param grace for all to be over after the production
   */
  record Patience(Duration stall, Duration grace) {

    /**
     * Decides.
     *
     * @param over whether all was put and all acts are over
     * @param lastPut each shard's last sequence number put
     * @param lastProcessed each shard's last sequence number processed
     * @param quiet how long nothing new was processed
     * @param overtime how long the run has taken beyond its production
     */
    Ending decide(
        boolean over,
        Map<String, String> lastPut,
        Map<String, String> lastProcessed,
        Duration quiet,
        Duration overtime) {
      if (overtime.compareTo(grace) >= 0) {
        return OUT_OF_TIME;
      }
      if (!over) {
        return GO_ON;
      }
      if (lastPut.equals(lastProcessed)) {
        return COMPLETE;
      }
      return quiet.compareTo(stall) >= 0 ? STALLED : GO_ON;
    }
  }
}
