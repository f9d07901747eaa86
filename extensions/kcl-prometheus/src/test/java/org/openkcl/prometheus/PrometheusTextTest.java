package org.openkcl.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openkcl.metrics.ConsumerMetric;
import org.openkcl.metrics.RegistryName;

class PrometheusTextTest {
  private final MetricRegistry registry = new MetricRegistry();

  @Test
  void tagsAreLabelsAndSeriesOfOneNameStandTogether() throws IOException {
    gauge(ConsumerMetric.LAG, Map.of("shard", "s-1", "worker", "a.b:1"), 1500L);
    gauge(ConsumerMetric.LAG, Map.of("shard", "s-2", "worker", "a.b:1"), 0L);
    assertThat(lines())
        .contains(
            "# TYPE openkcl_shard_lag_millis gauge",
            "openkcl_shard_lag_millis{shard=\"s-1\",worker=\"a.b:1\"} 1500.0",
            "openkcl_shard_lag_millis{shard=\"s-2\",worker=\"a.b:1\"} 0.0");
    assertThat(lines().stream().filter(line -> line.startsWith("# TYPE"))).hasSize(1);
    assertThat(lines())
        .anyMatch(line -> line.startsWith("# HELP openkcl_shard_lag_millis How long the oldest"));
  }

  @Test
  void aGaugeWithNothingToSayIsLeftOut() throws IOException {
    gauge(ConsumerMetric.LAG, Map.of(), null);
    assertThat(lines()).noneMatch(line -> line.contains("lag"));
  }

  @Test
  void countersEndInTotalWhateverTheyAreCalled() throws IOException {
    registry.counter(name("openkcl.shard.batch.records.total")).inc(7);
    registry.counter(name("openkcl.leases.lost")).inc(2);
    registry.histogram(name("openkcl.shard.batch.records")).update(7);
    assertThat(lines())
        .contains(
            "openkcl_shard_batch_records_total{worker=\"a\"} 7.0",
            "openkcl_leases_lost_total{worker=\"a\"} 2.0",
            "openkcl_shard_batch_records_sizes{worker=\"a\",quantile=\"0.5\"} 7.0",
            "openkcl_shard_batch_records_sizes_count{worker=\"a\"} 1");
  }

  @Test
  void timersAreSummariesInSeconds() throws IOException {
    registry.timer(name("openkcl.batch.time")).update(Duration.ofMillis(250));
    assertThat(lines())
        .contains(
            "# TYPE openkcl_batch_time_seconds summary",
            "openkcl_batch_time_seconds{worker=\"a\",quantile=\"0.99\"} 0.25",
            "openkcl_batch_time_seconds_count{worker=\"a\"} 1");
  }

  @Test
  void whatOthersHaveInTheRegistryIsLeftOut() throws IOException {
    registry.counter("jobs").inc();
    assertThat(lines()).isEmpty();
  }

  private void gauge(ConsumerMetric metric, Map<String, String> tags, @Nullable Long value) {
    Gauge<@Nullable Long> gauge = () -> value;
    registry.register(RegistryName.of(metric.registryName(), tags).toString(), gauge);
  }

  private static String name(String metric) {
    return RegistryName.of(metric, Map.of("worker", "a")).toString();
  }

  private List<String> lines() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusText.write(registry, out);
    return out.toString(UTF_8).lines().toList();
  }
}
