package org.openkcl.multilang;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openkcl.FailurePolicies;
import org.openkcl.FailurePolicy;
import org.openkcl.InitialPosition;
import org.openkcl.LeaseTableSettings;
import org.openkcl.Retrieval;
import org.openkcl.Scheduler;
import org.openkcl.SchedulerBuilder;
import org.openkcl.metrics.MetricLevel;
import org.openkcl.metrics.MetricsSettings;
import org.openkcl.multilang.child.ChildCommand;
import org.openkcl.multilang.child.ChildSettings;
import org.openkcl.multilang.config.Configuration;
import org.openkcl.multilang.config.ConfigurationException;
import org.openkcl.multilang.config.Problem;
import org.openkcl.multilang.config.RetrievalChoice;
import org.openkcl.processor.ShardRecordProcessorFactory;
import org.openkcl.retrieval.ReadLimits;

/**
 * What a configuration comes to: settings of a scheduler, of its clients and of its children, all
 * checked. Nothing is started for it.
 */
final class DaemonSettings {
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

  /** A child that has failed cannot be given the same batch again: the shard begins anew. */
  private static final FailurePolicy BEGIN_ANEW =
      FailurePolicy.releaseAfter(1).withPauses(Duration.ofSeconds(1), Duration.ofSeconds(2));

  private static final FailurePolicies NEW_CHILD =
      FailurePolicies.DEFAULT.withProcessRecords(BEGIN_ANEW).withShardEnded(BEGIN_ANEW);

  /** Settings that are only refused when all of them are there, with the keys behind them. */
  private static final Map<String, String> KEY_OF_SETTING =
      Map.of("failoverTime", "failoverTimeMillis", "maxLeases", "maxLeasesForWorker");

  private final Configuration configuration;
  private final ClientSettings clients;
  private final List<Problem> problems = new ArrayList<>();

  private DaemonSettings(Configuration configuration) {
    this.configuration = configuration;
    this.clients = new ClientSettings(configuration, problems);
  }

  /**
   * The settings of a configuration.
   *
   * @throws ConfigurationException with all that is wrong, if anything is
   */
  static DaemonSettings of(Configuration configuration) throws ConfigurationException {
    DaemonSettings settings = new DaemonSettings(configuration);
    settings.check();
    return settings;
  }

  private void check() throws ConfigurationException {
    require("executableName");
    require("applicationName");
    if (configuration.text("streamName", "streamArn").isEmpty()) {
      problems.add(new Problem("", "streamName or streamArn must be set"));
    }
    give(
        configuration::whole,
        seconds -> ChildSettings.DEFAULT.withAnswerTimeout(Duration.ofSeconds(seconds)),
        "timeoutInSeconds");
    SchedulerBuilder builder = scheduler(() -> batch -> {});
    if (problems.isEmpty()) {
      try {
        builder.check();
      } catch (IllegalArgumentException | IllegalStateException refused) {
        problems.add(problem(String.valueOf(refused.getMessage())));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  private void require(String key) {
    if (configuration.text(key).isEmpty()) {
      problems.add(new Problem("", key + " must be set"));
    }
  }

  private Problem problem(String message) {
    for (Map.Entry<String, String> entry : KEY_OF_SETTING.entrySet()) {
      if (message.startsWith(entry.getKey() + " ")) {
        String key = entry.getValue();
        return new Problem(configuration.sourceOf(key), key + ": " + message);
      }
    }
    return new Problem("", message);
  }

  /** Gives a value that was set to whom it concerns; what that refuses is a problem of its key. */
  private <T> void give(
      Function<String, Optional<T>> read, Consumer<T> setting, String... keysOfOneMeaning) {
    for (String key : keysOfOneMeaning) {
      Optional<T> value = read.apply(key);
      if (value.isPresent()) {
        try {
          setting.accept(value.get());
        } catch (IllegalArgumentException refused) {
          problems.add(new Problem(configuration.sourceOf(key), key + ": " + refused.getMessage()));
        }
        return;
      }
    }
  }

  /** The program that is started for every shard. */
  ChildCommand command() {
    return ChildCommand.of(configuration.text("executableName").orElseThrow());
  }

  /** How its processes are treated. */
  ChildSettings children() {
    return ChildSettings.DEFAULT
        .withAnswerTimeout(
            configuration.whole("timeoutInSeconds").map(Duration::ofSeconds).orElse(null))
        .withSharedChildren(atMostMaxInt(configuration.whole("sharedChildren").orElse(0L)))
        .withLogLevels(configuration.flag("childLogLevels"));
  }

  /** What is set on each AWS client. */
  ClientSettings clients() {
    return clients;
  }

  /** A scheduler, but for its clients. */
  SchedulerBuilder scheduler(ShardRecordProcessorFactory processors) {
    SchedulerBuilder builder = Scheduler.builder()
        .retrieval(retrieval())
        .initialPosition(position())
        .drainTimeout(configuration
            .millis("shutdownGraceMillis")
            .map(grace -> grace.isZero() ? Duration.ofMillis(1) : grace)
            .orElse(DEFAULT_GRACE))
        .failurePolicies(NEW_CHILD)
        .processor(processors);
    give(configuration::text, builder::applicationName, "applicationName");
    if (configuration.text("streamArn").isPresent()) {
      give(configuration::text, builder::streamArn, "streamArn");
    } else {
      give(configuration::text, builder::streamName, "streamName");
    }
    give(configuration::text, builder::leaseTableName, "tableName");
    give(configuration::text, builder::workerId, "workerId", "workerIdentifier");
    give(configuration::millis, builder::failoverTime, "failoverTimeMillis");
    give(
        configuration::whole,
        leases -> builder.maxLeases(atMostMaxInt(leases)),
        "maxLeasesForWorker");
    give(
        configuration::whole,
        records -> builder.maxRecords(atMostMaxInt(records)),
        "maxRecords",
        "pollingConfig.maxRecords");
    if (!RetrievalChoice.isFanOut(configuration)) {
      give(
          configuration::millis,
          builder::idleTimeBetweenReads,
          "idleTimeBetweenReadsInMillis",
          "pollingConfig.idleTimeBetweenReadsInMillis");
      readLimits(builder);
    }
    configuration
        .whole("maxActiveThreads")
        .filter(threads -> threads > 0)
        .ifPresent(threads -> builder.maxConcurrentCalls(atMostMaxInt(threads)));
    leaseTable(builder);
    metrics(builder);
    return builder;
  }

  private static int atMostMaxInt(long number) {
    return (int) Math.min(number, Integer.MAX_VALUE);
  }

  /** Each of the two is the service's limit unless it is set. */
  private void readLimits(SchedulerBuilder builder) {
    ReadLimits service = ReadLimits.SERVICE;
    Optional<Double> reads = configuration.decimal("readsPerSecondMax");
    Optional<Long> bytes = configuration.whole("readBytesPerSecondMax");
    if (reads.isPresent()) {
      give(
          configuration::decimal,
          most -> builder.readLimits(most, bytes.orElse(service.bytesPerSecond())),
          "readsPerSecondMax");
    } else {
      give(
          configuration::whole,
          most -> builder.readLimits(service.readsPerSecond(), most),
          "readBytesPerSecondMax");
    }
  }

  /** At Amazon's level, unless set: who moves a daemon keeps its dashboards. */
  private void metrics(SchedulerBuilder builder) {
    String level = configuration.text("metricsLevel").orElse(MetricLevel.DETAILED.name());
    MetricsSettings.Builder metrics =
        MetricsSettings.builder().level(MetricLevel.valueOf(level.toUpperCase(Locale.ROOT)));
    configuration
        .text("metricsEnabledDimensions")
        .ifPresent(names -> metrics.enabledDimensions(names.split("\\s*,\\s*", -1)));
    give(configuration::millis, metrics::flushInterval, "metricsBufferTimeMillis");
    give(
        configuration::whole,
        series -> metrics.bufferSize(atMostMaxInt(series)),
        "metricsMaxQueueSize");
    builder.metrics(metrics.build());
  }

  private Retrieval retrieval() {
    try {
      return RetrievalChoice.of(configuration);
    } catch (ConfigurationException refused) {
      problems.addAll(refused.problems());
      return Retrieval.polling();
    }
  }

  private InitialPosition position() {
    Optional<Long> seconds = configuration.whole("initialPositionInStreamExtended");
    if (seconds.isPresent()) {
      return InitialPosition.atTimestamp(Instant.ofEpochSecond(seconds.get()));
    }
    String name = configuration.text("initialPositionInStream").orElse("LATEST");
    return name.toUpperCase(Locale.ROOT).equals("LATEST")
        ? InitialPosition.latest()
        : InitialPosition.trimHorizon();
  }

  private void leaseTable(SchedulerBuilder builder) {
    LeaseTableSettings.Builder table = LeaseTableSettings.builder();
    Optional<Long> read = configuration.whole("initialLeaseTableReadCapacity");
    Optional<Long> write = configuration.whole("initialLeaseTableWriteCapacity");
    if (read.isPresent() || write.isPresent()) {
      give(
          configuration::whole,
          any -> table.provisioned(read.orElse(10L), write.orElse(10L)),
          "initialLeaseTableReadCapacity",
          "initialLeaseTableWriteCapacity");
    }
    if (configuration.flag("leaseTablePitrEnabled")) {
      table.pointInTimeRecovery();
    }
    if (configuration.flag("leaseTableDeletionProtectionEnabled")) {
      table.deletionProtection();
    }
    give(configuration::text, table::coordinatorStateTableName, "coordinatorStateTableName");
    give(configuration::text, table::workerMetricsTableName, "workerMetricsTableName");
    builder.leaseTable(table.build());
  }
}
