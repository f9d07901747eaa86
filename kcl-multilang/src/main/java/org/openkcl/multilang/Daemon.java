package org.openkcl.multilang;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.openkcl.FailurePolicies;
import org.openkcl.FailurePolicy;
import org.openkcl.InitialPosition;
import org.openkcl.LeaseTableSettings;
import org.openkcl.Retrieval;
import org.openkcl.Scheduler;
import org.openkcl.SchedulerBuilder;
import org.openkcl.multilang.child.ChildCommand;
import org.openkcl.multilang.child.ChildSettings;
import org.openkcl.multilang.child.Children;
import org.openkcl.multilang.config.Configuration;
import org.openkcl.multilang.config.ConfigurationException;
import org.openkcl.multilang.config.Credentials;
import org.openkcl.multilang.config.NestedSettings;
import org.openkcl.multilang.config.Problem;
import org.openkcl.multilang.config.RetrievalChoice;
import org.openkcl.multilang.config.Setting;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisBaseClientBuilder;

/** A worker and its children, as a configuration describes them. */
final class Daemon implements AutoCloseable {
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  /** A child that has failed cannot be given the same batch again: the shard begins anew. */
  private static final FailurePolicy BEGIN_ANEW =
      FailurePolicy.releaseAfter(1).withPauses(Duration.ofSeconds(1), Duration.ofSeconds(2));

  private static final FailurePolicies NEW_CHILD =
      FailurePolicies.DEFAULT.withProcessRecords(BEGIN_ANEW).withShardEnded(BEGIN_ANEW);

  private final Scheduler scheduler;
  private final Children children;

  private Daemon(Scheduler scheduler, Children children) {
    this.scheduler = scheduler;
    this.children = children;
  }

  /**
   * Prepares a daemon; nothing is asked of AWS yet.
   *
   * @param clients applied to each AWS client after the configuration
   */
  static Daemon of(Configuration configuration, Consumer<AwsClientBuilder<?, ?>> clients)
      throws ConfigurationException {
    List<Problem> problems = new ArrayList<>();
    require(configuration, problems, "executableName", "applicationName");
    if (configuration.text("streamName", "streamArn").isEmpty()) {
      problems.add(new Problem("", "streamName or streamArn must be set"));
    }
    Retrieval retrieval = retrieval(configuration, problems);
    Consumer<AwsClientBuilder<?, ?>> configured = clients(configuration, problems);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    Children children = new Children(
        ChildCommand.of(configuration.text("executableName").orElseThrow()),
        children(configuration));
    try {
      Scheduler scheduler = scheduler(configuration, children, retrieval)
          .clients(configured.andThen(clients))
          .build();
      return new Daemon(scheduler, children);
    } catch (IllegalArgumentException | IllegalStateException refused) {
      children.close();
      throw new ConfigurationException(
          List.of(new Problem("", String.valueOf(refused.getMessage()))));
    }
  }

  private static ChildSettings children(Configuration configuration) {
    return ChildSettings.DEFAULT
        .withAnswerTimeout(
            configuration.whole("timeoutInSeconds").map(Duration::ofSeconds).orElse(null))
        .withSharedChildren(
            (int) Math.min(configuration.whole("sharedChildren").orElse(0L), Integer.MAX_VALUE))
        .withLogLevels(configuration.flag("childLogLevels"));
  }

  private static void require(Configuration configuration, List<Problem> problems, String... keys) {
    for (String key : keys) {
      if (configuration.text(key).isEmpty()) {
        problems.add(new Problem("", key + " must be set"));
      }
    }
  }

  private static SchedulerBuilder scheduler(
      Configuration configuration, Children children, Retrieval retrieval) {
    SchedulerBuilder builder = Scheduler.builder()
        .retrieval(retrieval)
        .applicationName(configuration.text("applicationName").orElseThrow())
        .initialPosition(position(configuration))
        .leaseTable(leaseTable(configuration))
        .drainTimeout(configuration
            .millis("shutdownGraceMillis")
            .map(grace -> grace.isZero() ? Duration.ofMillis(1) : grace)
            .orElse(DEFAULT_GRACE))
        .failurePolicies(NEW_CHILD)
        .processor(children);
    configuration
        .text("streamArn")
        .ifPresentOrElse(
            builder::streamArn,
            () -> builder.streamName(configuration.text("streamName").orElseThrow()));
    configuration.text("tableName").ifPresent(builder::leaseTableName);
    configuration.text("workerId", "workerIdentifier").ifPresent(builder::workerId);
    configuration.millis("failoverTimeMillis").ifPresent(builder::failoverTime);
    configuration
        .whole("maxLeasesForWorker")
        .ifPresent(leases -> builder.maxLeases((int) Math.min(leases, Integer.MAX_VALUE)));
    configuration
        .whole("maxRecords", "pollingConfig.maxRecords")
        .ifPresent(records -> builder.maxRecords((int) Math.min(records, Integer.MAX_VALUE)));
    if (!RetrievalChoice.isFanOut(configuration)) {
      configuration
          .millis("idleTimeBetweenReadsInMillis", "pollingConfig.idleTimeBetweenReadsInMillis")
          .ifPresent(builder::idleTimeBetweenReads);
    }
    configuration
        .whole("maxActiveThreads")
        .filter(threads -> threads > 0)
        .ifPresent(threads -> builder.maxConcurrentCalls(threads.intValue()));
    return builder;
  }

  private static Retrieval retrieval(Configuration configuration, List<Problem> problems) {
    try {
      return RetrievalChoice.of(configuration);
    } catch (ConfigurationException refused) {
      problems.addAll(refused.problems());
      return Retrieval.polling();
    }
  }

  private static InitialPosition position(Configuration configuration) {
    Optional<Long> seconds = configuration.whole("initialPositionInStreamExtended");
    if (seconds.isPresent()) {
      return InitialPosition.atTimestamp(Instant.ofEpochSecond(seconds.get()));
    }
    String name = configuration.text("initialPositionInStream").orElse("LATEST");
    return name.toUpperCase(Locale.ROOT).equals("LATEST")
        ? InitialPosition.latest()
        : InitialPosition.trimHorizon();
  }

  private static LeaseTableSettings leaseTable(Configuration configuration) {
    LeaseTableSettings.Builder table = LeaseTableSettings.builder();
    Optional<Long> read = configuration.whole("initialLeaseTableReadCapacity");
    Optional<Long> write = configuration.whole("initialLeaseTableWriteCapacity");
    if (read.isPresent() || write.isPresent()) {
      table.provisioned(read.orElse(10L), write.orElse(10L));
    }
    if (configuration.flag("leaseTablePitrEnabled")) {
      table.pointInTimeRecovery();
    }
    if (configuration.flag("leaseTableDeletionProtectionEnabled")) {
      table.deletionProtection();
    }
    configuration.text("coordinatorStateTableName").ifPresent(table::coordinatorStateTableName);
    configuration.text("workerMetricsTableName").ifPresent(table::workerMetricsTableName);
    return table.build();
  }

  private static Consumer<AwsClientBuilder<?, ?>> clients(
      Configuration configuration, List<Problem> problems) {
    Optional<AwsCredentialsProvider> shared =
        credentials(configuration, "AwsCredentialsProvider", problems);
    Optional<AwsCredentialsProvider> dynamoDb =
        credentials(configuration, "AwsCredentialsProviderDynamoDB", problems).or(() -> shared);
    Optional<URI> kinesisEndpoint = configuration.uri("kinesisEndpoint");
    Optional<URI> dynamoDbEndpoint = configuration.uri("dynamoDBEndpoint");
    Optional<Region> region = configuration.text("regionName").map(Region::of);
    Map<String, Setting> kinesisProperties = configuration.nested("kinesisClient");
    Map<String, Setting> dynamoDbProperties = configuration.nested("dynamoDbClient");
    return builder -> {
      boolean kinesis = builder instanceof KinesisBaseClientBuilder;
      region.ifPresent(builder::region);
      (kinesis ? shared : dynamoDb).ifPresent(builder::credentialsProvider);
      (kinesis ? kinesisEndpoint : dynamoDbEndpoint).ifPresent(builder::endpointOverride);
      try {
        NestedSettings.apply(builder, kinesis ? kinesisProperties : dynamoDbProperties);
      } catch (ConfigurationException refused) {
        throw new IllegalArgumentException(refused.getMessage(), refused);
      }
    };
  }

  private static Optional<AwsCredentialsProvider> credentials(
      Configuration configuration, String key, List<Problem> problems) {
    Optional<Setting> setting = configuration.settings().stream()
        .filter(given -> given.key().equalsIgnoreCase(key))
        .findFirst();
    if (setting.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Credentials.parse(setting.get()));
    } catch (ConfigurationException unknown) {
      problems.addAll(unknown.problems());
      return Optional.empty();
    }
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** Hands all shards over, then ends the children. */
  @Override
  public void close() {
    scheduler.close();
    children.close();
  }
}
