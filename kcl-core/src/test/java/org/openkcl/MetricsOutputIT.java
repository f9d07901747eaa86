package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.DoubleAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.metrics.DataPoint;
import org.openkcl.metrics.MetricLevel;
import org.openkcl.metrics.MetricsSettings;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClientBuilder;

/** A worker on kcl-local, and what arrives of its metrics where the settings send them. */
class MetricsOutputIT {
  private static final int RECORDS = 200;

  private final LocalCloud cloud = LocalCloud.start();
  private final LocalApplication application = new LocalApplication(cloud, "orders", 2);

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void cloudWatchHasEveryRecordOnceTheWorkerIsClosed() throws Exception {
    application.put(0, RECORDS);
    run(summary().build());
    assertThat(published("RecordsProcessed")).isNotEmpty().allSatisfy(point -> {
      assertThat(point.metric().dimensions()).containsOnlyKeys("Operation", "ShardId");
      assertThat(point.unit()).isEqualTo("Count");
    });
    assertThat(sum("RecordsProcessed")).isEqualTo(RECORDS);
    assertThat(sum("MetricsDropped")).isZero();
  }

  @Test
  void withoutDimensionsAllShardsAreOneSeries() throws Exception {
    application.put(0, RECORDS);
    run(summary().enabledDimensions("Operation").build());
    assertThat(published("RecordsProcessed"))
        .extracting(point -> point.metric().dimensions())
        .containsOnly(new TreeMap<>(Map.of("Operation", "ProcessTask")));
    assertThat(sum("RecordsProcessed")).isEqualTo(RECORDS);
  }

  @Test
  void embeddedMetricFormatGoesToWhoeverTakesLinesAndNothingToCloudWatch() throws Exception {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    application.put(0, RECORDS);
    run(summary().namespace("shop").embeddedMetricFormat(lines::add).build());
    assertThat(lines)
        .anySatisfy(line -> assertThat(line)
            .contains("\"Namespace\":\"shop\"", "\"ShardId\":\"shardId-000000000000\"")
            .contains("\"RecordsProcessed\":"));
    assertThat(cloud.<Integer>metrics(metrics -> metrics.metrics().size())).isZero();
  }

  @Test
  void recordersOfTheApplicationsOwnAreGivenEachValue() throws Exception {
    DoubleAdder records = new DoubleAdder();
    application.put(0, RECORDS);
    run(summary()
        .recorders(series -> value -> {
          if (series.name().equals("RecordsProcessed")) {
            records.add(value);
          }
        })
        .build());
    assertThat(records.sum()).isEqualTo(RECORDS);
  }

  @Test
  void aCloudWatchThatIsNotThereDisturbsNothing() throws Exception {
    MetricRegistry registry = new MetricRegistry();
    application.put(0, RECORDS);
    SchedulerBuilder worker = builder(summary().registry(registry).build()).clients(builder -> {
      cloud.clients().accept(builder);
      if (builder instanceof CloudWatchAsyncClientBuilder cloudWatch) {
        cloudWatch.endpointOverride(URI.create("http://127.0.0.1:9"));
      }
    });
    try (Scheduler scheduler = worker.build()) {
      scheduler.start().join();
      LocalApplication.waitUntil("all seen", () -> application.distinctSeen() == RECORDS);
      assertThat(registry.getGauges())
          .anySatisfy((name, gauge) -> assertThat(name).startsWith("openkcl.metrics.dropped"));
      assertThat(scheduler.health().status()).isEqualTo(Health.Status.UP);
    }
    assertThat(published("RecordsProcessed")).isEmpty();
  }

  @Test
  void levelNoneAsksNothingOfCloudWatch() throws Exception {
    application.put(0, RECORDS);
    run(MetricsSettings.DEFAULT);
    assertThat(cloud.<Integer>metrics(metrics -> metrics.metrics().size())).isZero();
  }

  private static MetricsSettings.Builder summary() {
    return MetricsSettings.builder()
        .level(MetricLevel.SUMMARY)
        .flushInterval(Duration.ofSeconds(1));
  }

  private SchedulerBuilder builder(MetricsSettings metrics) {
    return Scheduler.builder()
        .applicationName(application.name)
        .streamName(application.name)
        .workerId("a")
        .initialPosition(InitialPosition.trimHorizon())
        .idleTimeBetweenReads(Duration.ofMillis(200))
        .metrics(metrics)
        .processor(application::remembering);
  }

  private void run(MetricsSettings metrics) throws Exception {
    try (Scheduler scheduler = builder(metrics).clients(cloud.clients()).build()) {
      scheduler.start().join();
      LocalApplication.waitUntil("all seen", () -> application.distinctSeen() == RECORDS);
    }
  }

  private List<DataPoint> published(String name) {
    return cloud.metrics(metrics -> metrics.dataPoints(application.name, name));
  }

  private double sum(String name) {
    return published(name).stream()
        .mapToDouble(point -> point.statistics().sum())
        .sum();
  }
}
