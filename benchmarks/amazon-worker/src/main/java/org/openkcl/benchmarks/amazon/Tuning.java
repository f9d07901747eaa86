package org.openkcl.benchmarks.amazon;

import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.leases.LeaseManagementConfig;

/**
 * The settings of Amazon's library that make it start, notice and hand over as quickly as it can,
 * at the price of more requests while it idles. The failover time is not among them: both libraries
 * are given the same.
 */
final class Tuning {
  private static final long SHARD_SYNC_MILLIS = 1_000;
  private static final long ASSIGNMENT_MILLIS = 2_000;
  private static final long WORKER_METRICS_MILLIS = 1_000;
  private static final long LEADER_LEASE_MILLIS = 10_000;
  private static final long LEADER_HEARTBEAT_MILLIS = 3_000;
  private static final long PARENT_POLL_MILLIS = 1_000;
  private static final long DISPATCH_MILLIS = 100;

  private Tuning() {}

  static void apply(CoordinatorConfig coordinator, LeaseManagementConfig leases) {
    coordinator.parentShardPollIntervalMillis(PARENT_POLL_MILLIS);
    coordinator.shardConsumerDispatchPollIntervalMillis(DISPATCH_MILLIS);
    leases.shardSyncIntervalMillis(SHARD_SYNC_MILLIS);
    leases.leaseAssignmentIntervalMillis(ASSIGNMENT_MILLIS);
    leases.dynamoDbLockBasedLeaderLeaseDurationInMillis(LEADER_LEASE_MILLIS);
    leases.dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(LEADER_HEARTBEAT_MILLIS);
    leases
        .workerUtilizationAwareAssignmentConfig()
        .workerMetricsReporterFreqInMillis(WORKER_METRICS_MILLIS)
        .varianceBalancingFrequency(1);
  }
}
