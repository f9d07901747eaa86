package org.openkcl.peers;

import java.net.URI;
import java.util.Date;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.checkpoint.CheckpointConfig;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.common.StreamIdentifier;
import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.lifecycle.LifecycleConfig;
import software.amazon.kinesis.metrics.MetricsConfig;
import software.amazon.kinesis.metrics.MetricsLevel;
import software.amazon.kinesis.processor.ProcessorConfig;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.processor.StreamTracker;
import software.amazon.kinesis.retrieval.RetrievalConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/** Puts a worker together the way the library's own guide does, with the settings asked for. */
final class PeerWorker {
  /** Where metrics go that nobody wants; with the level NONE nothing is sent. */
  private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

  private final PeerOptions options;
  private final KinesisAsyncClient kinesis;

  PeerWorker(PeerOptions options) {
    this.options = options;
    this.kinesis = KinesisClientUtil.createKinesisAsyncClient(
        addressed(KinesisAsyncClient.builder(), options.kinesis));
  }

  Scheduler scheduler() {
    ConfigsBuilder configs = configs();
    CheckpointConfig checkpoint = configs.checkpointConfig();
    CoordinatorConfig coordinator = configs.coordinatorConfig();
    LeaseManagementConfig leaseManagement = configs.leaseManagementConfig();
    LifecycleConfig lifecycle = configs.lifecycleConfig();
    MetricsConfig metrics = configs.metricsConfig();
    if (options.cloudWatch == null) {
      metrics.metricsLevel(MetricsLevel.NONE);
    }
    ProcessorConfig processor = configs.processorConfig();
    RetrievalConfig retrieval = configs.retrievalConfig();
    PollingConfig polling = new PollingConfig(kinesis);
    FanOutConfig fanOut = new FanOutConfig(kinesis).applicationName(options.application);
    if (!options.isMultiStream()) {
      polling.streamName(options.stream);
      fanOut.streamName(options.stream);
    }

    Settings settings = new Settings(Map.of(
        "checkpoint", checkpoint,
        "coordinator", coordinator,
        "leaseManagement", leaseManagement,
        "lifecycle", lifecycle,
        "metrics", metrics,
        "processor", processor,
        "retrieval", retrieval,
        "polling", polling,
        "fanOut", fanOut));
    options.settings.forEach(settings::set);
    retrieval.retrievalSpecificConfig(options.fanOut ? fanOut : polling);
    return new Scheduler(
        checkpoint, coordinator, leaseManagement, lifecycle, metrics, processor, retrieval);
  }

  private ConfigsBuilder configs() {
    return new ConfigsBuilder(
        streams(),
        options.application,
        kinesis,
        addressed(DynamoDbAsyncClient.builder(), options.dynamoDb).build(),
        addressed(
                CloudWatchAsyncClient.builder(),
                options.cloudWatch == null ? NOWHERE : options.cloudWatch)
            .build(),
        options.worker,
        () -> new ReportingProcessor(options.processingMillis, options.prepareOnly));
  }

  private StreamTracker streams() {
    InitialPositionInStreamExtended position = options.atTimestamp != null
        ? InitialPositionInStreamExtended.newInitialPositionAtTimestamp(
            Date.from(options.atTimestamp))
        : InitialPositionInStreamExtended.newInitialPosition(
            InitialPositionInStream.valueOf(options.initialPosition.name()));
    return options.isMultiStream()
        ? new SeveralStreams(options.stream, position)
        : new SingleStreamTracker(StreamIdentifier.singleStreamInstance(options.stream), position);
  }

  private <B extends AwsClientBuilder<B, ?>> B addressed(B builder, URI endpoint) {
    return builder
        .region(Region.of(options.region))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("peer", "peer")))
        .endpointOverride(endpoint);
  }
}
