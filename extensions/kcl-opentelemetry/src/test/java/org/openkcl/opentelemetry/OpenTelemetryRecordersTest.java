package org.openkcl.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openkcl.metrics.ConsumerMetric;
import org.openkcl.metrics.MetricIdentity;

class OpenTelemetryRecordersTest {
  private static final Attributes SHARD = Attributes.of(
      AttributeKey.stringKey("aws.kinesis.operation"), "ProcessTask",
      AttributeKey.stringKey("aws.kinesis.shard.id"), "s-1");

  private final InMemoryMetricReader reader = InMemoryMetricReader.create();
  private final SdkMeterProvider provider =
      SdkMeterProvider.builder().registerMetricReader(reader).build();
  private final OpenTelemetryRecorders recorders = new OpenTelemetryRecorders(
      OpenTelemetrySdk.builder().setMeterProvider(provider).build());

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void countsAreCountersThatAddUp() {
    record(ConsumerMetric.RECORDS_PROCESSED, 3);
    record(ConsumerMetric.RECORDS_PROCESSED, 4);
    MetricData data = only("aws.kinesis.client.records_processed", "1");
    assertThat(data.getType()).isEqualTo(MetricDataType.DOUBLE_SUM);
    assertThat(data.getDoubleSumData().getPoints()).singleElement().satisfies(point -> {
      assertThat(point.getValue()).isEqualTo(7);
      assertThat(point.getAttributes()).isEqualTo(SHARD);
    });
  }

  @Test
  void timesAreHistogramsOfEveryValue() {
    record(ConsumerMetric.PROCESS_RECORDS_TIME, 12);
    record(ConsumerMetric.PROCESS_RECORDS_TIME, 700);
    MetricData data = only("aws.kinesis.client.record_processor.process_records.duration", "ms");
    HistogramPointData point = data.getHistogramData().getPoints().iterator().next();
    assertThat(point.getCount()).isEqualTo(2);
    assertThat(point.getSum()).isEqualTo(712);
    assertThat(point.getCounts().stream().filter(count -> count == 1)).hasSize(2);
  }

  @Test
  void namesThatAmazonsLibraryHasAreKept() {
    record(ConsumerMetric.MILLIS_BEHIND_LATEST, 5);
    only("aws.kinesis.client.consumer.lag.duration", "ms");
    record(ConsumerMetric.DATA_BYTES_PROCESSED, 5);
    assertThat(reader.collectAllMetrics())
        .extracting(MetricData::getName)
        .contains("aws.kinesis.client.records.size");
  }

  @Test
  void whatOnlyOpenKclHasIsUnderItsOwnName() {
    record(ConsumerMetric.LAG, 5);
    record(ConsumerMetric.LAG, 3);
    MetricData data = only("openkcl.lag", "ms");
    assertThat(data.getType()).isEqualTo(MetricDataType.DOUBLE_GAUGE);
    assertThat(data.getDoubleGaugeData().getPoints())
        .singleElement()
        .satisfies(point -> assertThat(point.getValue()).isEqualTo(3));
  }

  private void record(ConsumerMetric metric, double value) {
    recorders
        .recorder(MetricIdentity.of(
            metric.cloudWatchName(),
            Map.of("Operation", "ProcessTask", "ShardId", "s-1"),
            metric.unit()))
        .record(value);
  }

  private MetricData only(String name, String unit) {
    assertThat(reader.collectAllMetrics()).extracting(MetricData::getName).contains(name);
    MetricData data = reader.collectAllMetrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .findFirst()
        .orElseThrow();
    assertThat(data.getUnit()).isEqualTo(unit);
    return data;
  }
}
