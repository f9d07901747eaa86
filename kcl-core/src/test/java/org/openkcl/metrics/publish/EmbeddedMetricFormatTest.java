package org.openkcl.metrics.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openkcl.metrics.MetricDatum;
import org.openkcl.metrics.MetricIdentity;
import org.openkcl.metrics.MetricUnit;
import org.openkcl.metrics.StatisticSet;

class EmbeddedMetricFormatTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_767_225_600_123L);

  private final List<String> lines = new ArrayList<>();
  private final EmbeddedMetricFormat format = new EmbeddedMetricFormat("orders", lines::add);

  @Test
  void metricsOfOneSetOfDimensionsShareALine() {
    Map<String, String> shard = Map.of("Operation", "ProcessTask", "ShardId", "s-1");
    publish(
        datum("RecordsProcessed", shard, MetricUnit.COUNT, new StatisticSet(1, 4, 9, 3)),
        datum("Time", shard, MetricUnit.MILLISECONDS, StatisticSet.of(2.5)));
    assertThat(lines).containsExactly("""
            {"_aws":{"Timestamp":1767225600123,"CloudWatchMetrics":[{"Namespace":"orders",\
            "Dimensions":[["Operation","ShardId"]],"Metrics":[{"Name":"RecordsProcessed","Unit":"Count"},\
            {"Name":"Time","Unit":"Milliseconds"}]}]},"Operation":"ProcessTask","ShardId":"s-1",\
            "RecordsProcessed":{"Min":1,"Max":4,"Sum":9,"Count":3},"Time":2.5}""");
  }

  @Test
  void otherDimensionsAreAnotherLine() {
    publish(
        datum("Time", Map.of("ShardId", "s-1"), MetricUnit.NONE, StatisticSet.of(1)),
        datum("Time", Map.of(), MetricUnit.NONE, StatisticSet.of(1)));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).contains("\"Dimensions\":[[]]");
  }

  @Test
  void aLineHasAtMostAHundredMetrics() {
    publish(IntStream.range(0, 201)
        .mapToObj(n -> datum("m" + n, Map.of(), MetricUnit.NONE, StatisticSet.of(n)))
        .toArray(MetricDatum[]::new));
    assertThat(lines).hasSize(3);
    assertThat(lines.get(2)).contains("\"m200\":200").doesNotContain("\"m199\"");
  }

  @Test
  void whateverIsInAnIdLinesAreJson() {
    publish(datum("Time", Map.of("Worker", "a\"b\\\n"), MetricUnit.NONE, StatisticSet.of(1e20)));
    assertThat(lines.get(0)).contains("\"Worker\":\"a\\\"b\\\\\\u000a\"").endsWith("1.0E20}");
  }

  private void publish(MetricDatum... data) {
    assertThat(format.accept(List.of(data)).toCompletableFuture()).isCompleted();
  }

  private static MetricDatum datum(
      String name, Map<String, String> dimensions, MetricUnit unit, StatisticSet statistics) {
    return new MetricDatum(MetricIdentity.of(name, dimensions, unit), statistics, NOW);
  }
}
