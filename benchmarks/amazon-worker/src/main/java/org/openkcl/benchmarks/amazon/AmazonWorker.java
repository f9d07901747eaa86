package org.openkcl.benchmarks.amazon;

import java.net.URI;
import org.openkcl.benchmarks.probe.Probe;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.common.StreamIdentifier;
import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.metrics.MetricsConfig;
import software.amazon.kinesis.metrics.MetricsLevel;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.RetrievalConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/** Puts a worker together the way the library's own guide does; metrics are off. */
final class AmazonWorker {
  /** Where metrics would go; with the level NONE nothing is sent. */
  private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

  /** The sleep after the first look at the shards, which no other measurement needs to wait for. */
  private static final long QUICK_SHARD_SYNC_MILLIS = 1_000;

  private final WorkerOptions options;
  private final Probe probe;
  private final KinesisAsyncClient kinesis;

  AmazonWorker(WorkerOptions options, Probe probe) {
    this.options = options;
    this.probe = probe;
    this.kinesis = KinesisClientUtil.createKinesisAsyncClient(
        addressed(KinesisAsyncClient.builder(), uri(WorkerOption.KINESIS)));
  }

  Scheduler scheduler() {
    ConfigsBuilder configs = configs();
    CoordinatorConfig coordinator = configs.coordinatorConfig();
    coordinator.workerStateChangeListener(new StartListener(probe));
    LeaseManagementConfig leases = configs.leaseManagementConfig();
    leases.failoverTimeMillis(options.number(WorkerOption.FAILOVER_MILLIS));
    if (options.isSet(WorkerOption.QUICK_START)) {
      leases.shardSyncIntervalMillis(QUICK_SHARD_SYNC_MILLIS);
    }
    if (options.isSet(WorkerOption.TUNED)) {
      Tuning.apply(coordinator, leases);
    }
    MetricsConfig metrics = configs.metricsConfig();
    metrics.metricsLevel(MetricsLevel.NONE);
    return new Scheduler(
        configs.checkpointConfig(),
        coordinator,
        leases,
        configs.lifecycleConfig(),
        metrics,
        configs.processorConfig(),
        retrieval(configs));
  }

  private RetrievalConfig retrieval(ConfigsBuilder configs) {
    String stream = options.text(WorkerOption.STREAM);
    RetrievalConfig retrieval = configs.retrievalConfig();
    if (options.isSet(WorkerOption.FAN_OUT)) {
      return retrieval.retrievalSpecificConfig(new FanOutConfig(kinesis)
          .streamName(stream)
          .applicationName(options.text(WorkerOption.APPLICATION)));
    }
    PollingConfig polling = new PollingConfig(stream, kinesis);
    polling.idleTimeBetweenReadsInMillis(options.number(WorkerOption.IDLE_MILLIS));
    return retrieval.retrievalSpecificConfig(polling);
  }

  private ConfigsBuilder configs() {
    return new ConfigsBuilder(
        new SingleStreamTracker(
            StreamIdentifier.singleStreamInstance(options.text(WorkerOption.STREAM)),
            InitialPositionInStreamExtended.newInitialPosition(
                InitialPositionInStream.TRIM_HORIZON)),
        options.text(WorkerOption.APPLICATION),
        kinesis,
        addressed(DynamoDbAsyncClient.builder(), uri(WorkerOption.DYNAMODB)).build(),
        addressed(CloudWatchAsyncClient.builder(), NOWHERE).build(),
        options.text(WorkerOption.WORKER),
        () -> new ProbedProcessor(probe.shard()));
  }

  private URI uri(WorkerOption option) {
    return URI.create(options.text(option));
  }

  private <B extends AwsClientBuilder<B, ?>> B addressed(B builder, URI endpoint) {
    return builder
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .endpointOverride(endpoint)
        .overrideConfiguration(ClientOverrideConfiguration.builder()
            .addExecutionInterceptor(probe.requests())
            .build());
  }
}
