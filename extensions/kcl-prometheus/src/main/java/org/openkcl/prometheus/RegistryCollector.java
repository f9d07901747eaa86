package org.openkcl.prometheus;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openkcl.metrics.ConsumerMetric;
import org.openkcl.metrics.RegistryName;

/**
 * OpenKCL's entries in a Dropwizard registry as Prometheus reads them: {@code
 * openkcl_shard_lag_millis{application="orders",shard="shardId-000000000003",...}}. Entries of others
 * in the same registry are left out.
 *
 * <p>Gauges are gauges; one that has nothing to say is left out. Counters are counters, whose names
 * end in {@code _total}. Timers are summaries in seconds, histograms summaries whose names end in
 * {@code _sizes}. Quantiles are those of Dropwizard's reservoir, about the last five minutes; there
 * are no sums.
 *
 * <p>Register it with a {@code PrometheusRegistry}, or write it with {@link PrometheusText}.
 * Thread-safe; asks nothing of a worker.
 */
public final class RegistryCollector implements MultiCollector {
  private static final String PREFIX = "openkcl.";
  private static final String TOTAL = ".total";
  private static final double NANOS_PER_SECOND = 1e9;

  private static final Map<String, String> MEANINGS = Arrays.stream(ConsumerMetric.values())
      .collect(Collectors.toMap(
          ConsumerMetric::registryName, ConsumerMetric::meaning, (first, other) -> first));

  private final MetricRegistry registry;

  /** A collector of OpenKCL's entries in this registry. */
  public RegistryCollector(MetricRegistry registry) {
    this.registry = registry;
  }

  @Override
  public MetricSnapshots collect() {
    Families families = new Families();
    registry.getMetrics().forEach((key, metric) -> {
      if (key.startsWith(PREFIX)) {
        families.add(RegistryName.parse(key), metric);
      }
    });
    return families.snapshots();
  }

  /** Series of one name belong together in Prometheus' text. */
  private static final class Families {
    private final Map<String, CounterSnapshot.Builder> counters = new TreeMap<>();
    private final Map<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
    private final Map<String, SummarySnapshot.Builder> summaries = new TreeMap<>();

    private void add(RegistryName name, Metric metric) {
      Labels labels = labels(name);
      if (metric instanceof Counter counter) {
        add(name, counter, labels);
      } else if (metric instanceof Gauge<?> gauge) {
        if (gauge.getValue() instanceof Number value) {
          gauges
              .computeIfAbsent(
                  prometheus(name.metric()),
                  unknown -> GaugeSnapshot.builder().name(unknown).help(meaning(name.metric())))
              .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                  .value(value.doubleValue())
                  .labels(labels)
                  .build());
        }
      } else if (metric instanceof Timer timer) {
        add(
            name.metric(),
            "_seconds",
            point(timer.getSnapshot(), timer.getCount(), NANOS_PER_SECOND, labels));
      } else if (metric instanceof Histogram histogram) {
        add(
            name.metric(),
            "_sizes",
            point(histogram.getSnapshot(), histogram.getCount(), 1, labels));
      }
    }

    private void add(RegistryName name, Counter counter, Labels labels) {
      String metric = name.metric().endsWith(TOTAL)
          ? name.metric().substring(0, name.metric().length() - TOTAL.length())
          : name.metric();
      counters
          .computeIfAbsent(
              prometheus(metric),
              unknown -> CounterSnapshot.builder().name(unknown).help(meaning(metric)))
          .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
              .value((double) counter.getCount())
              .labels(labels)
              .build());
    }

    private void add(String metric, String unit, SummarySnapshot.SummaryDataPointSnapshot point) {
      summaries
          .computeIfAbsent(
              prometheus(metric) + unit,
              unknown -> SummarySnapshot.builder().name(unknown).help(meaning(metric)))
          .dataPoint(point);
    }

    private static SummarySnapshot.SummaryDataPointSnapshot point(
        Snapshot values, long count, double divisor, Labels labels) {
      return SummarySnapshot.SummaryDataPointSnapshot.builder()
          .count(count)
          .quantiles(Quantiles.of(
              new Quantile(0.5, values.getMedian() / divisor),
              new Quantile(0.95, values.get95thPercentile() / divisor),
              new Quantile(0.99, values.get99thPercentile() / divisor),
              new Quantile(0.999, values.get999thPercentile() / divisor)))
          .labels(labels)
          .build();
    }

    private MetricSnapshots snapshots() {
      List<MetricSnapshot> all = new ArrayList<>();
      all.addAll(built(counters, CounterSnapshot.Builder::build));
      all.addAll(built(gauges, GaugeSnapshot.Builder::build));
      all.addAll(built(summaries, SummarySnapshot.Builder::build));
      return new MetricSnapshots(all);
    }

    private static <B> List<? extends MetricSnapshot> built(
        Map<String, B> builders, Function<B, ? extends MetricSnapshot> build) {
      return builders.values().stream().map(build).toList();
    }

    private static Labels labels(RegistryName name) {
      Labels.Builder labels = Labels.builder();
      name.tags().forEach(labels::label);
      return labels.build();
    }

    private static String prometheus(String metric) {
      return metric.replaceAll("[^a-zA-Z0-9_]", "_");
    }

    private static String meaning(String metric) {
      return MEANINGS.getOrDefault(metric, "");
    }
  }
}
