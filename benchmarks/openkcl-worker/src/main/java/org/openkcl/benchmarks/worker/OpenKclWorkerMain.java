package org.openkcl.benchmarks.worker;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.openkcl.InitialPosition;
import org.openkcl.Retrieval;
import org.openkcl.Scheduler;
import org.openkcl.SchedulerBuilder;
import org.openkcl.benchmarks.probe.Probe;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbBaseClientBuilder;

/** One worker of OpenKCL in a JVM of its own; arguments are {@link WorkerOptions}. */
public final class OpenKclWorkerMain {
  private final WorkerOptions options;
  private final Probe probe;

  private OpenKclWorkerMain(WorkerOptions options) {
    this.options = options;
    this.probe = new Probe(options);
  }

  public static void main(String[] args) throws IOException {
    new OpenKclWorkerMain(WorkerOptions.ofArguments(args)).run();
  }

  private void run() throws IOException {
    Scheduler scheduler = scheduler();
    scheduler.drainOnSigterm();
    probe.starting();
    scheduler.start().whenComplete((started, failure) -> {
      if (failure == null) {
        probe.started();
      } else {
        probe.cannotStart(failure);
      }
    });
    probe.answer();
  }

  private Scheduler scheduler() {
    SchedulerBuilder builder = Scheduler.builder()
        .applicationName(options.text(WorkerOption.APPLICATION))
        .streamName(options.text(WorkerOption.STREAM))
        .workerId(options.text(WorkerOption.WORKER))
        .clients(this::customize)
        .initialPosition(InitialPosition.trimHorizon())
        .failoverTime(Duration.ofMillis(options.number(WorkerOption.FAILOVER_MILLIS)))
        .processor(() -> new ProbedProcessor(probe.shard()));
    if (options.isSet(WorkerOption.FAN_OUT)) {
      return builder.retrieval(Retrieval.fanOut()).build();
    }
    builder.idleTimeBetweenReads(Duration.ofMillis(options.number(WorkerOption.IDLE_MILLIS)));
    if (options.isSet(WorkerOption.UNLIMITED)) {
      builder.readLimits(Double.MAX_VALUE, Long.MAX_VALUE);
    }
    return builder.build();
  }

  private void customize(AwsClientBuilder<?, ?> client) {
    boolean dynamoDb = client instanceof DynamoDbBaseClientBuilder;
    client
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .endpointOverride(
            URI.create(options.text(dynamoDb ? WorkerOption.DYNAMODB : WorkerOption.KINESIS)))
        .overrideConfiguration(client.overrideConfiguration().toBuilder()
            .addExecutionInterceptor(probe.requests())
            .build());
  }
}
