package org.openkcl.multilang.config;

import static org.openkcl.multilang.config.Key.Type.CREDENTIALS;
import static org.openkcl.multilang.config.Key.Type.DECIMAL;
import static org.openkcl.multilang.config.Key.Type.FLAG;
import static org.openkcl.multilang.config.Key.Type.LIST;
import static org.openkcl.multilang.config.Key.Type.PERIOD;
import static org.openkcl.multilang.config.Key.Type.TAGS;
import static org.openkcl.multilang.config.Key.Type.TEXT;
import static org.openkcl.multilang.config.Key.Type.URI;
import static org.openkcl.multilang.config.Key.Type.WHOLE;
import static org.openkcl.multilang.config.Key.choice;
import static org.openkcl.multilang.config.Key.idle;
import static org.openkcl.multilang.config.Key.idleChoice;
import static org.openkcl.multilang.config.Key.setting;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Every key that Amazon's daemon knows, and what it does here, and some of our own. Keys whose
 * subject does not exist here are accepted, and {@code kcl multilang check} says why they do
 * nothing.
 */
final class Keys {
  private static final String OWN_SYNC = "leases and shards are compared by a rule of its own";
  private static final String OWN_TASKS = "there are no polled tasks: work goes on when it can";
  private static final String OWN_REGISTRATION = "consumers are registered with retries of its own";
  private static final String OWN_PLAN = "shards are shared out by OpenKCL's own planner";
  private static final String NO_TABLE = "there is no table of its own for that";

  static final List<Key> ALL = List.of(
      setting("executableName", TEXT, "the program that processes records, with its arguments"),
      setting(
          "applicationName",
          TEXT,
          "the application; also the lease table, unless tableName is set"),
      setting("streamName", TEXT, "the stream"),
      setting("streamArn", TEXT, "the stream by its ARN; goes before streamName"),
      setting("tableName", TEXT, "the lease table"),
      setting("workerId", TEXT, "unique among the workers"),
      setting("workerIdentifier", TEXT, "as workerId"),
      setting("processingLanguage", TEXT, "named in the log"),
      setting("regionName", TEXT, "the AWS region of all clients"),
      setting("kinesisEndpoint", URI, "another endpoint for Kinesis"),
      setting("dynamoDBEndpoint", URI, "another endpoint for DynamoDB"),
      setting("AwsCredentialsProvider", CREDENTIALS, "credentials for all clients"),
      setting("AwsCredentialsProviderDynamoDB", CREDENTIALS, "credentials for DynamoDB"),
      setting("AwsCredentialsProviderCloudWatch", CREDENTIALS, "credentials for CloudWatch"),
      setting("kinesisCredentialsProvider", CREDENTIALS, "as AwsCredentialsProvider"),
      setting("dynamoDBCredentialsProvider", CREDENTIALS, "as AwsCredentialsProviderDynamoDB"),
      setting("cloudWatchCredentialsProvider", CREDENTIALS, "as AwsCredentialsProviderCloudWatch"),
      choice("initialPositionInStream", "where a new application begins", "LATEST", "TRIM_HORIZON"),
      setting(
          "initialPositionInStreamExtended",
          WHOLE,
          "a new application begins at this time, in seconds since 1970"),
      setting(
          "failoverTimeMillis", WHOLE, "how long a worker may stand still before it loses shards"),
      setting("maxLeasesForWorker", WHOLE, "how many shards this worker may have"),
      setting("initialLeaseTableReadCapacity", WHOLE, "provisions the lease table; else on demand"),
      setting(
          "initialLeaseTableWriteCapacity", WHOLE, "provisions the lease table; else on demand"),
      setting("leaseTableDeletionProtectionEnabled", FLAG, "protects a new lease table"),
      setting("leaseTablePitrEnabled", FLAG, "point-in-time recovery of a new lease table"),
      setting(
          "coordinatorStateTableName", TEXT, "Amazon's table of 3.0 to 3.4, where it was renamed"),
      setting("workerMetricsTableName", TEXT, "Amazon's table of 3.0 to 3.4, where it was renamed"),
      choice(
          "retrievalMode",
          "how records are read; DEFAULT is polling if a key of polling is set, else fan-out",
          "DEFAULT",
          "FANOUT",
          "POLLING"),
      setting("fanoutConfig.consumerArn", TEXT, "a consumer that somebody has registered"),
      setting("fanoutConfig.consumerName", TEXT, "the consumer; else the application's name"),
      idle("fanoutConfig.maxDescribeStreamSummaryRetries", WHOLE, OWN_REGISTRATION),
      idle("fanoutConfig.maxDescribeStreamConsumerRetries", WHOLE, OWN_REGISTRATION),
      idle("fanoutConfig.registerStreamConsumerRetries", WHOLE, OWN_REGISTRATION),
      idle("fanoutConfig.retryBackoffMillis", WHOLE, OWN_REGISTRATION),
      setting("maxRecords", WHOLE, "the most records of a read; 1 to 10,000"),
      setting("pollingConfig.maxRecords", WHOLE, "as maxRecords"),
      setting(
          "idleTimeBetweenReadsInMillis", WHOLE, "from read to read of a shard that is caught up"),
      setting(
          "pollingConfig.idleTimeBetweenReadsInMillis", WHOLE, "as idleTimeBetweenReadsInMillis"),
      setting("readsPerSecondMax", DECIMAL, "reads of a shard by polling, a second; else 5"),
      setting(
          "readBytesPerSecondMax", WHOLE, "bytes read of a shard by polling, a second; else 2 MiB"),
      setting(
          "shutdownGraceMillis", WHOLE, "how long shards may take to be handed over at SIGTERM"),
      setting("timeoutInSeconds", WHOLE, "how long a child may take to answer"),
      setting(
          "sharedChildren",
          WHOLE,
          "how many children serve all shards, if they can; 0 for one child per shard"),
      setting("childLogLevels", FLAG, "children are offered to write log lines with levels"),
      setting(
          "maxActiveThreads", WHOLE, "how many shards may be processed at once; 0 for no limit"),
      idle("leaseAssignmentIntervalMillis", WHOLE, OWN_PLAN),
      idle("enablePriorityLeaseAssignment", FLAG, OWN_PLAN),
      idle("maxLeasesToStealAtOneTime", WHOLE, OWN_PLAN),
      idle("dampeningPercentage", WHOLE, OWN_PLAN),
      idle("reBalanceThresholdPercentage", WHOLE, OWN_PLAN),
      idle("allowThroughputOvershoot", FLAG, OWN_PLAN),
      idle("varianceBalancingFrequency", WHOLE, OWN_PLAN),
      idle("maxThroughputPerHostKBps", DECIMAL, OWN_PLAN),
      idle("workerMetricsEMAAlpha", DECIMAL, OWN_PLAN),
      idle("inMemoryWorkerMetricsCaptureFrequencyMillis", WHOLE, OWN_PLAN),
      idle("workerMetricsReporterFreqInMillis", WHOLE, OWN_PLAN),
      idle("noOfPersistedMetricsPerWorkerMetrics", WHOLE, OWN_PLAN),
      idle("disableWorkerMetrics", FLAG, OWN_PLAN),
      idle("staleWorkerMetricsEntryCleanupDuration", PERIOD, OWN_PLAN),
      idle("gracefulLeaseHandoffTimeoutMillis", WHOLE, OWN_PLAN),
      idle("isGracefulLeaseHandoffEnabled", FLAG, "shards are always handed over gracefully"),
      idle("shardSyncIntervalMillis", WHOLE, OWN_SYNC),
      idle("cleanupLeasesUponShardCompletion", FLAG, OWN_SYNC),
      idle("ignoreUnexpectedChildShards", FLAG, OWN_SYNC),
      idle("skipShardSyncAtWorkerInitializationIfLeasesExist", FLAG, OWN_SYNC),
      idle("listShardsBackoffTimeInMillis", WHOLE, OWN_SYNC),
      idle("maxListShardsRetryAttempts", WHOLE, OWN_SYNC),
      idle("leaseTableScanTotalSegments", WHOLE, "the table's size decides"),
      idle("maxLeaseRenewalThreads", WHOLE, "renewals need no threads"),
      idle("parentShardPollIntervalMillis", WHOLE, OWN_TASKS),
      idle("taskBackoffTimeMillis", WHOLE, OWN_TASKS),
      idle("logWarningForTaskAfterMillis", WHOLE, OWN_TASKS),
      idle("schedulerInitializationBackoffTimeMillis", WHOLE, OWN_TASKS),
      idle("shardPrioritization", TEXT, "parents go before their children, that is all"),
      idle("callProcessRecordsEvenForEmptyRecordList", FLAG, "empty batches are not delivered"),
      idle("retryGetRecordsInSeconds", WHOLE, "the pace of reads adapts itself"),
      idle("pollingConfig.retryGetRecordsInSeconds", WHOLE, "the pace of reads adapts itself"),
      idle("maxGetRecordsThreadPool", WHOLE, "reads need no threads"),
      idle("pollingConfig.maxGetRecordsThreadPool", WHOLE, "reads need no threads"),
      idle(
          "millisBehindLatestThresholdForReducedTps",
          WHOLE,
          "shards that are caught up are read at idleTimeBetweenReadsInMillis"),
      idle(
          "pollingConfig.millisBehindLatestThresholdForReducedTps",
          WHOLE,
          "shards that are caught up are read at idleTimeBetweenReadsInMillis"),
      idleChoice(
          "clientVersionConfig",
          "the rules follow from the workers in the table",
          "CLIENT_VERSION_CONFIG_3X",
          "CLIENT_VERSION_CONFIG_COMPATIBLE_WITH_2X",
          "CLIENT_VERSION_CONFIG_COMPATIBLE_WITH_2X_PHASE1"),
      idle("migrateAllEntitiesToLeaseTable", FLAG, "the places follow from the tables that exist"),
      idle("tableMigrationCompleteBakeTimeSeconds", WHOLE, "Amazon's workers migrate"),
      idle("validateSequenceNumberBeforeCheckpointing", FLAG, "always done"),
      choice(
          "metricsLevel",
          "how much is published to CloudWatch; DETAILED unless set",
          "NONE",
          "SUMMARY",
          "DETAILED"),
      setting("metricsEnabledDimensions", LIST, "what metrics are told apart by; ALL unless set"),
      setting("metricsBufferTimeMillis", WHOLE, "from one publication of metrics to the next"),
      setting("metricsMaxQueueSize", WHOLE, "how many series of metrics may wait"),
      idleChoice("workerMetricsBillingMode", NO_TABLE, "PROVISIONED", "PAY_PER_REQUEST"),
      idle("workerMetricsReadCapacity", WHOLE, NO_TABLE),
      idle("workerMetricsWriteCapacity", WHOLE, NO_TABLE),
      idle("workerMetricsPointInTimeRecoveryEnabled", FLAG, NO_TABLE),
      idle("workerMetricsDeletionProtectionEnabled", FLAG, NO_TABLE),
      idle("workerMetricsTags", TAGS, NO_TABLE),
      idleChoice("coordinatorStateBillingMode", NO_TABLE, "PROVISIONED", "PAY_PER_REQUEST"),
      idle("coordinatorStateReadCapacity", WHOLE, NO_TABLE),
      idle("coordinatorStateWriteCapacity", WHOLE, NO_TABLE),
      idle("coordinatorStatePointInTimeRecoveryEnabled", FLAG, NO_TABLE),
      idle("coordinatorStateDeletionProtectionEnabled", FLAG, NO_TABLE),
      idle("coordinatorStateTags", TAGS, NO_TABLE));

  private static final Map<String, Key> BY_NAME =
      ALL.stream().collect(Collectors.toMap(Key::name, Function.identity()));

  private Keys() {}

  /** The key of that name. The credentials of all clients are found in any case. */
  static Optional<Key> find(String name) {
    Key exact = BY_NAME.get(name);
    if (exact != null || !name.toLowerCase(Locale.ROOT).startsWith("awscredentials")) {
      return Optional.ofNullable(exact);
    }
    return ALL.stream().filter(key -> key.name().equalsIgnoreCase(name)).findFirst();
  }

  /** The key that somebody who wrote {@code name} has most likely meant. */
  static Optional<String> nearest(String name) {
    LevenshteinDistance distance = new LevenshteinDistance(Math.max(2, name.length() / 3));
    Map<String, Integer> near = new HashMap<>();
    for (Key key : ALL) {
      int steps =
          distance.apply(key.name().toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (steps >= 0) { // -1 is farther than asked for
        near.put(key.name(), steps);
      }
    }
    return near.entrySet().stream().min(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }
}
