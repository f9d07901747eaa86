package org.openkcl.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.metrics.DataPoint;
import org.openkcl.local.model.metrics.MetricKey;
import org.openkcl.local.model.metrics.Statistics;
import org.openkcl.metrics.MetricDatum;
import org.openkcl.metrics.MetricIdentity;
import org.openkcl.metrics.MetricUnit;
import org.openkcl.metrics.MetricsRefusedException;
import org.openkcl.metrics.StatisticSet;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClientBuilder;

/** Against the CloudWatch intake of kcl-local. */
class PutMetricDataIntakeTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Map<String, String> SHARD =
      Map.of("Operation", "ProcessTask", "ShardId", "shardId-000000000001");

  private static LocalCloud cloud;
  private static CloudWatchAsyncClient client;
  private static final ConcurrentLinkedQueue<String> encodings = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder().clock(() -> NOW).start();
    client = CloudWatchAsyncClient.builder()
        .overrideConfiguration(c -> c.addExecutionInterceptor(new EncodingWatch()))
        .applyMutation(cloud.clients()::accept)
        .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    cloud.close();
  }

  @AfterEach
  void forget() {
    encodings.clear();
    cloud.metrics(metrics -> {
      metrics.clear();
      return 0;
    });
  }

  @Test
  void aStatisticSetArrivesAsItIs() {
    accept(new MetricDatum(
        MetricIdentity.of("DataBytesProcessed", SHARD, MetricUnit.BYTES),
        new StatisticSet(10, 40, 90, 3),
        NOW));
    assertThat(published("orders"))
        .containsExactly(new DataPoint(
            MetricKey.of("orders", "DataBytesProcessed", SHARD),
            NOW,
            "Bytes",
            new Statistics(3, 90, 10, 40),
            List.of(),
            List.of()));
  }

  @Test
  void largeRequestsAreCompressed() {
    accept(data(1_000).toArray(MetricDatum[]::new));
    assertThat(published("orders")).hasSize(1_000);
    assertThat(encodings).containsExactly("gzip");
  }

  @Test
  void aThousandSeriesFitOneRequestUnlessTheirNamesAreLong() {
    PutMetricDataIntake intake = new PutMetricDataIntake(client, "orders");
    assertThat(intake.fitting(data(1_200))).isEqualTo(1_000);
    String longest = "-".repeat(1_000);
    List<MetricDatum> longNames = IntStream.range(0, 1_000)
        .mapToObj(n -> datum("m" + n, Map.of("StreamId", longest)))
        .toList();
    assertThat(intake.fitting(longNames)).isBetween(200, 333);
    assertThat(intake.fitting(longNames.subList(0, 1))).isEqualTo(1);
  }

  @Test
  void whatCloudWatchDoesNotTakeInANameIsReplaced() {
    accept(datum("Time", Map.of("WorkerIdentifier", "Zürich-1")));
    assertThat(published("orders"))
        .extracting(point -> point.metric().dimensions().get("WorkerIdentifier"))
        .containsExactly("Z?rich-1");
  }

  @Test
  void invalidDataAreRefusedForGood() {
    PutMetricDataIntake intake = new PutMetricDataIntake(client, ":orders");
    assertThatThrownBy(() -> intake.accept(data(1)).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(MetricsRefusedException.class);
  }

  @Test
  void anEndpointThatCannotBeReachedMayBeLater() {
    try (AwsClients clients = AwsClients.create(builder -> {
      cloud.clients().accept(builder);
      if (builder instanceof CloudWatchAsyncClientBuilder cloudWatch) {
        cloudWatch.endpointOverride(URI.create("http://127.0.0.1:9"));
      }
    })) {
      PutMetricDataIntake intake = PutMetricDataIntake.create(clients, "orders");
      assertThatThrownBy(() -> intake.accept(data(1)).toCompletableFuture().join())
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(SdkClientException.class);
    }
  }

  private static void accept(MetricDatum... data) {
    new PutMetricDataIntake(client, "orders")
        .accept(List.of(data))
        .toCompletableFuture()
        .join();
  }

  private static List<DataPoint> published(String namespace) {
    return cloud.metrics(metrics -> metrics.dataPoints(namespace));
  }

  private static List<MetricDatum> data(int series) {
    return IntStream.range(0, series).mapToObj(n -> datum("m" + n, SHARD)).toList();
  }

  private static MetricDatum datum(String name, Map<String, String> dimensions) {
    return new MetricDatum(
        MetricIdentity.of(name, dimensions, MetricUnit.MILLISECONDS), StatisticSet.of(1), NOW);
  }

  private static final class EncodingWatch implements ExecutionInterceptor {
    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      context.httpRequest().firstMatchingHeader("Content-Encoding").ifPresent(encodings::add);
    }
  }
}
