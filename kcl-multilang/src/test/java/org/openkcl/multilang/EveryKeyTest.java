package org.openkcl.multilang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openkcl.multilang.config.AllKeys;
import org.openkcl.multilang.config.Configuration;
import org.openkcl.multilang.config.ConfigurationException;
import software.amazon.awssdk.awscore.AwsClient;
import software.amazon.awssdk.awscore.AwsServiceClientConfiguration;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * Every key that Amazon's daemon 3.1.3 and those since know, each with a value and what comes of it
 * here: a setting, read where it is kept, or the reason why it has no meaning. Below them our own.
 */
class EveryKeyTest {

  /** Key, value, where it can be seen, what is seen there; between bars. */
  private static final String AMAZONS = """
      executableName | python3 app.py | command | python3 app.py
      processingLanguage | python/3.11 | text | python/3.11
      maxActiveThreads | 7 | scheduler maxConcurrentCalls | 7
      applicationName | delays | scheduler applicationName | delays
      streamName | flights | scheduler streams.single | flights
      streamArn | arn:aws:kinesis:eu-west-1:123456789012:stream/planes | scheduler streams.single | arn:aws:kinesis:eu-west-1:123456789012:stream/planes
      tableName | leases | scheduler tableName | leases
      workerId | one | scheduler workerId | one
      workerIdentifier | one | scheduler workerId | one
      AwsCredentialsProvider | EnvironmentVariableCredentialsProvider | kinesis credentials | EnvironmentVariableCredentialsProvider
      AwsCredentialsProvider | EnvironmentVariableCredentialsProvider | dynamoDb credentials | EnvironmentVariableCredentialsProvider
      AwsCredentialsProviderDynamoDB | EnvironmentVariableCredentialsProvider | dynamoDb credentials | EnvironmentVariableCredentialsProvider
      AwsCredentialsProviderCloudWatch | EnvironmentVariableCredentialsProvider | cloudWatch credentials | EnvironmentVariableCredentialsProvider
      kinesisCredentialsProvider | EnvironmentVariableCredentialsProvider | kinesis credentials | EnvironmentVariableCredentialsProvider
      kinesisCredentialsProvider.class | SystemPropertyCredentialsProvider | kinesis credentials | SystemPropertyCredentialsProvider
      dynamoDBCredentialsProvider | EnvironmentVariableCredentialsProvider | dynamoDb credentials | EnvironmentVariableCredentialsProvider
      dynamoDBCredentialsProvider.class | SystemPropertyCredentialsProvider | dynamoDb credentials | SystemPropertyCredentialsProvider
      cloudWatchCredentialsProvider | EnvironmentVariableCredentialsProvider | cloudWatch credentials | EnvironmentVariableCredentialsProvider
      cloudWatchCredentialsProvider.class | SystemPropertyCredentialsProvider | cloudWatch credentials | SystemPropertyCredentialsProvider
      failoverTimeMillis | 12000 | scheduler failoverTime | PT12S
      leaseAssignmentIntervalMillis | 20000 | idle | OpenKCL's own planner
      enablePriorityLeaseAssignment | false | idle | OpenKCL's own planner
      leaseTableDeletionProtectionEnabled | true | scheduler leaseTable.creation.deletionProtection | true
      leaseTablePitrEnabled | true | scheduler leaseTable.creation.pointInTimeRecovery | true
      shardSyncIntervalMillis | 60000 | idle | a rule of its own
      cleanupLeasesUponShardCompletion | false | idle | a rule of its own
      ignoreUnexpectedChildShards | true | idle | a rule of its own
      maxLeasesForWorker | 5 | scheduler maxLeases | 5
      maxLeasesToStealAtOneTime | 2 | idle | OpenKCL's own planner
      initialLeaseTableReadCapacity | 20 | scheduler leaseTable.creation.capacity | Capacity[readUnits=20, writeUnits=10]
      initialLeaseTableWriteCapacity | 30 | scheduler leaseTable.creation.capacity | Capacity[readUnits=10, writeUnits=30]
      leaseTableScanTotalSegments | 4 | idle | the table's size decides
      initialPositionInStream | trim_horizon | scheduler streams.position | TRIM_HORIZON
      initialPositionInStreamExtended | 1700000000 | scheduler streams.position | AT_TIMESTAMP(2023-11-14T22:13:20Z)
      maxLeaseRenewalThreads | 20 | idle | renewals need no threads
      listShardsBackoffTimeInMillis | 1500 | idle | a rule of its own
      maxListShardsRetryAttempts | 50 | idle | a rule of its own
      callProcessRecordsEvenForEmptyRecordList | true | idle | empty batches are not delivered
      parentShardPollIntervalMillis | 10000 | idle | no polled tasks
      shardPrioritization | ParentsFirst | idle | parents go before their children
      skipShardSyncAtWorkerInitializationIfLeasesExist | true | idle | a rule of its own
      schedulerInitializationBackoffTimeMillis | 1000 | idle | no polled tasks
      clientVersionConfig | client_version_config_3x | idle | the rules follow from the workers in the table
      migrateAllEntitiesToLeaseTable | true | idle | the places follow from the tables that exist
      tableMigrationCompleteBakeTimeSeconds | 60 | idle | Amazon's workers migrate
      taskBackoffTimeMillis | 500 | idle | no polled tasks
      logWarningForTaskAfterMillis | 500 | idle | no polled tasks
      retrievalMode | FANOUT | scheduler retrieval | fan-out
      retrievalMode | POLLING | scheduler retrieval | polling
      maxRecords | 100 | scheduler polling.maxRecords | 100
      pollingConfig.maxRecords | 100 | scheduler polling.maxRecords | 100
      idleTimeBetweenReadsInMillis | 500 | scheduler polling.idleInterval | PT0.5S
      pollingConfig.idleTimeBetweenReadsInMillis | 500 | scheduler polling.idleInterval | PT0.5S
      millisBehindLatestThresholdForReducedTps | 10 | idle | idleTimeBetweenReadsInMillis
      pollingConfig.millisBehindLatestThresholdForReducedTps | 10 | idle | idleTimeBetweenReadsInMillis
      retryGetRecordsInSeconds | 1 | idle | the pace of reads adapts itself
      pollingConfig.retryGetRecordsInSeconds | 1 | scheduler retrieval | polling
      maxGetRecordsThreadPool | 4 | idle | reads need no threads
      pollingConfig.maxGetRecordsThreadPool | 4 | scheduler retrieval | polling
      fanoutConfig.consumerArn | arn:aws:kinesis:eu-west-1:123456789012:stream/flights/consumer/delays:1700000000 | scheduler retrieval | fan-out as arn:aws:kinesis:eu-west-1:123456789012:stream/flights/consumer/delays:1700000000
      fanoutConfig.consumerName | me | scheduler retrieval | fan-out as me
      fanoutConfig.maxDescribeStreamSummaryRetries | 10 | idle | retries of its own
      fanoutConfig.maxDescribeStreamConsumerRetries | 10 | idle | retries of its own
      fanoutConfig.registerStreamConsumerRetries | 10 | idle | retries of its own
      fanoutConfig.retryBackoffMillis | 1000 | idle | retries of its own
      gracefulLeaseHandoffTimeoutMillis | 30000 | idle | OpenKCL's own planner
      isGracefulLeaseHandoffEnabled | false | idle | always handed over gracefully
      inMemoryWorkerMetricsCaptureFrequencyMillis | 1000 | idle | OpenKCL's own planner
      workerMetricsReporterFreqInMillis | 30000 | idle | OpenKCL's own planner
      noOfPersistedMetricsPerWorkerMetrics | 10 | idle | OpenKCL's own planner
      disableWorkerMetrics | true | idle | OpenKCL's own planner
      maxThroughputPerHostKBps | 1000.5 | idle | OpenKCL's own planner
      dampeningPercentage | 60 | idle | OpenKCL's own planner
      reBalanceThresholdPercentage | 10 | idle | OpenKCL's own planner
      allowThroughputOvershoot | false | idle | OpenKCL's own planner
      varianceBalancingFrequency | 3 | idle | OpenKCL's own planner
      workerMetricsEMAAlpha | 0.5 | idle | OpenKCL's own planner
      staleWorkerMetricsEntryCleanupDuration | P1D | idle | OpenKCL's own planner
      workerMetricsTableName | m | scheduler leaseTable.workerMetricsTable | m
      workerMetricsBillingMode | provisioned | idle | no table of its own
      workerMetricsReadCapacity | 10 | idle | no table of its own
      workerMetricsWriteCapacity | 10 | idle | no table of its own
      workerMetricsPointInTimeRecoveryEnabled | true | idle | no table of its own
      workerMetricsDeletionProtectionEnabled | true | idle | no table of its own
      workerMetricsTags | a=b,c=d | idle | no table of its own
      coordinatorStateTableName | c | scheduler leaseTable.coordinatorStateTable | c
      coordinatorStateBillingMode | PAY_PER_REQUEST | idle | no table of its own
      coordinatorStateReadCapacity | 10 | idle | no table of its own
      coordinatorStateWriteCapacity | 10 | idle | no table of its own
      coordinatorStatePointInTimeRecoveryEnabled | true | idle | no table of its own
      coordinatorStateDeletionProtectionEnabled | true | idle | no table of its own
      coordinatorStateTags | a=b | idle | no table of its own
      validateSequenceNumberBeforeCheckpointing | true | idle | always done
      shutdownGraceMillis | 7000 | scheduler drainTimeout | PT7S
      timeoutInSeconds | 9 | children answerTimeout | PT9S
      regionName | eu-west-1 | kinesis region | eu-west-1
      regionName | eu-west-1 | dynamoDb region | eu-west-1
      kinesisEndpoint | http://127.0.0.1:1 | kinesis endpoint | http://127.0.0.1:1
      dynamoDBEndpoint | http://127.0.0.1:2 | dynamoDb endpoint | http://127.0.0.1:2
      kinesisClient.endpointOverride | http://127.0.0.1:3 | kinesis endpoint | http://127.0.0.1:3
      dynamoDbClient.region | eu-west-2 | dynamoDb region | eu-west-2
      cloudWatchClient.region | eu-west-2 | cloudWatch region | eu-west-2
      metricsLevel | summary | scheduler metrics.level | SUMMARY
      metricsBufferTimeMillis | 5000 | scheduler metrics.flushInterval | PT5S
      metricsMaxQueueSize | 500 | scheduler metrics.bufferSize | 500
      metricsEnabledDimensions | Operation | scheduler metrics.dimensions | [Operation]
      """;

  /** Keys that Amazon's daemon does not have. */
  private static final String OWN = """
      sharedChildren | 2 | children sharedChildren | 2
      childLogLevels | true | children logLevels | true
      readsPerSecondMax | 2.5 | scheduler polling.limits.readsPerSecond | 2.5
      readBytesPerSecondMax | 100000 | scheduler polling.limits.bytesPerSecond | 100000
      """;

  /** What a configuration needs to be complete; polling, so that its keys can be seen. */
  private static final Map<String, String> NEEDED = Map.of(
      "executableName",
      "cat",
      "applicationName",
      "application",
      "streamName",
      "stream",
      "regionName",
      "us-east-1");

  private static final Set<String> KEYS_OF_POLLING =
      Set.of("readsPerSecondMax", "readBytesPerSecondMax");

  /** A row of the table. */
  record Row(String key, String value, String where, String effect) {
    static Row of(String line) {
      String[] parts = line.split(" \\| ", -1);
      return new Row(parts[0].strip(), parts[1].strip(), parts[2].strip(), parts[3].strip());
    }

    @Override
    public String toString() {
      return key + " = " + value;
    }
  }

  static Stream<Row> rows() {
    return Stream.of(AMAZONS, OWN).flatMap(String::lines).map(Row::of);
  }

  @Test
  void theTableHasEveryKeyAndNoOther() {
    Set<String> names = rows()
        .map(Row::key)
        .filter(key -> !key.matches("[a-zA-Z]+(Client|CredentialsProvider)\\..*"))
        .collect(Collectors.toCollection(HashSet::new));
    assertThat(names).containsExactlyInAnyOrderElementsOf(AllKeys.names());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void doesWhatTheTableSays(Row row) throws Exception {
    Configuration configuration = configuration(row, true);
    if (row.where().equals("idle")) {
      assertThat(configuration.withoutEffect())
          .singleElement()
          .asString()
          .startsWith(row.key() + " (line ")
          .contains(row.effect());
      return;
    }
    assertThat(configuration.withoutEffect().stream()
            .filter(line -> !row.where().equals("scheduler retrieval"))) // chooses, and no more
        .isEmpty();
    assertThat(seen(row, configuration)).isEqualTo(row.effect());
    if (!row.effect().equals("fan-out")) { // which is the default
      assertThat(seen(row, configuration(row, false))).isNotEqualTo(row.effect());
    }
  }

  private static Configuration configuration(Row row, boolean withKey)
      throws ConfigurationException {
    StringBuilder text = new StringBuilder();
    NEEDED.forEach((key, value) -> {
      if (!(withKey && (key.equals(row.key()) || nameAndArn(key, row.key())))) {
        text.append(key).append(" = ").append(value).append('\n');
      }
    });
    if (KEYS_OF_POLLING.contains(row.key())) {
      text.append("retrievalMode = POLLING\n");
    }
    if (withKey) {
      text.append(row.key()).append(" = ").append(row.value()).append('\n');
    }
    return Configuration.parse(text.toString(), Map.of());
  }

  private static boolean nameAndArn(String one, String other) {
    return one.equals("streamName") && other.equals("streamArn");
  }

  private static String seen(Row row, Configuration configuration) throws Exception {
    DaemonSettings settings = DaemonSettings.of(configuration);
    List<String> where = List.of(row.where().split(" "));
    return switch (where.get(0)) {
      case "command" -> settings.command().toString();
      case "text", "accepted" ->
        configuration.settings().stream()
            .filter(setting -> setting.key().equals(row.key()))
            .map(setting -> setting.value())
            .findFirst()
            .orElse("");
      case "scheduler" -> at(settings.scheduler(() -> batch -> {}), where.get(1));
      case "children" -> at(settings.children(), where.get(1));
      default -> ofClient(settings, where.get(0), where.get(1));
    };
  }

  /** A field of a field, as text. */
  private static String at(Object root, String path) throws ReflectiveOperationException {
    @Nullable Object value = root;
    for (String name : path.split("\\.")) {
      if (value == null) {
        break;
      }
      Field field = value.getClass().getDeclaredField(name);
      field.setAccessible(true);
      value = field.get(value);
    }
    return String.valueOf(value);
  }

  private static String ofClient(DaemonSettings settings, String client, String property) {
    return switch (client) {
      case "kinesis" -> built(KinesisAsyncClient.builder(), settings, property);
      case "cloudWatch" -> built(CloudWatchAsyncClient.builder(), settings, property);
      default -> built(DynamoDbAsyncClient.builder(), settings, property);
    };
  }

  /** The SDK's own network threads would take two seconds to end. */
  private static <
          B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C extends AwsClient>
      String built(B builder, DaemonSettings settings, String property) {
    settings.clients().accept(builder);
    try (C client = builder.httpClient(mock(SdkAsyncHttpClient.class)).build()) {
      return property(client.serviceClientConfiguration(), property);
    }
  }

  private static String property(AwsServiceClientConfiguration configuration, String property) {
    return switch (property) {
      case "region" -> configuration.region().toString();
      case "endpoint" -> configuration.endpointOverride().map(Object::toString).orElse("");
      default -> configuration.credentialsProvider().getClass().getSimpleName();
    };
  }
}
