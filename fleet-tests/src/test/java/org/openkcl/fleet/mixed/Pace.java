package org.openkcl.fleet.mixed;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How fast a fleet reacts: the same for all its workers.
 *
 * @param failover after what time a lease that stands still is free
 * @param idle from one read of a caught-up shard to the next
 * @param amazon settings of Amazon's library, by the names of the peers' {@code --set}
 */
record Pace(Duration failover, Duration idle, Map<String, String> amazon) {
  /** Amazon's defaults, but for the time between reads. */
  static final Pace USUAL = new Pace(
      Duration.ofSeconds(10),
      Duration.ofMillis(500),
      Map.of(
          "polling.idleTimeBetweenReadsInMillis", "500",
          // A sleep after the first listing of shards; nothing that a fleet waits for otherwise.
          "leaseManagement.shardSyncIntervalMillis", "1000"));

  /** For scenarios that have three minutes. */
  static final Pace SHORT = new Pace(
      Duration.ofSeconds(3),
      Duration.ofMillis(250),
      Map.of(
          "polling.idleTimeBetweenReadsInMillis", "250",
          "coordinator.parentShardPollIntervalMillis", "1000",
          "coordinator.shardConsumerDispatchPollIntervalMillis", "250",
          "leaseManagement.failoverTimeMillis", "3000",
          "leaseManagement.shardSyncIntervalMillis", "1000"));

  /** What only 3.x knows of {@link #SHORT}: leader lock, worker metrics, handoff. */
  private static final Map<String, String> SHORT_3X = Map.of(
      "leaseManagement.dynamoDbLockBasedLeaderLeaseDurationInMillis",
      "6000",
      "leaseManagement.dynamoDbLockBasedLeaderHeartbeatPeriodInMillis",
      "1500",
      "leaseManagement.workerUtilizationAwareAssignmentConfig.workerMetricsReporterFreqInMillis",
      "5000",
      "leaseManagement.gracefulLeaseHandoffConfig.gracefulLeaseHandoffTimeoutMillis",
      "5000");

  Pace {
    amazon = Map.copyOf(amazon);
  }

  /** The settings for one version of Amazon's library. */
  Map<String, String> settingsOf(Library library) {
    Map<String, String> settings = new LinkedHashMap<>(amazon);
    if (this.equals(SHORT) && library.hasLeader()) {
      settings.putAll(SHORT_3X);
    }
    return settings;
  }
}
