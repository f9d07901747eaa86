package org.openkcl.testkit;

import java.time.Duration;

/**
 * One call of {@code processRecords}.
 *
 * @param at virtual time since the fleet's beginning
 * @param workerId where
 * @param shardId of the records
 * @param from the first record's index among all that were ever put on the shard
 * @param to the index after the last record's
 */
public record Delivery(Duration at, String workerId, String shardId, int from, int to) {

  @Override
  public String toString() {
    return workerId + " gets " + shardId + " [" + from + ", " + to + ")";
  }
}
