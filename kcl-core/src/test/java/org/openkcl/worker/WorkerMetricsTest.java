package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openkcl.FailurePolicies;
import org.openkcl.FailurePolicy;
import org.openkcl.ProcessorCall;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.metrics.ConsumerMetric;
import org.openkcl.metrics.MetricDatum;
import org.openkcl.metrics.MetricIdentity;
import org.openkcl.metrics.MetricLevel;
import org.openkcl.metrics.MetricsSettings;
import org.openkcl.metrics.RegistryName;
import org.openkcl.metrics.StatisticSet;
import org.openkcl.processor.ShardRecordProcessor;

class WorkerMetricsTest {
  private static final Instant AT = Instant.EPOCH;

  private final MetricRegistry registry = new MetricRegistry();
  private final MetricsSettings everything =
      MetricsSettings.builder().level(MetricLevel.DETAILED).registry(registry).build();

  private static ShardRecordProcessor good(SimulatedWorkers workers) {
    return input -> {
      workers.remember(input.records());
      input.checkpointer().checkpoint();
    };
  }

  /** What was published of a metric since the last time, all its series together. */
  private static Map<ConsumerMetric, StatisticSet> drained(SimulatedWorkers workers) {
    Map<ConsumerMetric, StatisticSet> found = new HashMap<>();
    for (MetricDatum datum : workers.statistics.drain(AT)) {
      for (ConsumerMetric metric : ConsumerMetric.values()) {
        if (metric.cloudWatchName().equals(datum.identity().name())
            && metric.operation().equals(datum.identity().dimensions().get("Operation"))) {
          found.merge(metric, datum.statistics(), StatisticSet::merge);
        }
      }
    }
    return found;
  }

  private static StatisticSet of(Map<ConsumerMetric, StatisticSet> found, ConsumerMetric metric) {
    return Objects.requireNonNull(found.get(metric), metric::name);
  }

  private List<RegistryName> names(ConsumerMetric metric) {
    return registry.getNames().stream()
        .map(RegistryName::parse)
        .filter(name -> name.metric().equals(metric.registryName()))
        .toList();
  }

  private double gauge(ConsumerMetric metric) {
    assertThat(names(metric)).hasSize(1);
    String name = names(metric).get(0).toString();
    Gauge<?> gauge = Objects.requireNonNull(registry.getGauges().get(name));
    return ((Number) gauge.getValue()).doubleValue();
  }

  @Test
  void batchesRecordsBytesAndCallsAreCounted() {
    try (SimulatedWorkers workers = new SimulatedWorkers(1, 1).metrics(everything)) {
      workers.stream.put(0, 12); // batches of five
      workers.start("a", process -> input -> {
        process.pause(Duration.ofMillis(40));
        good(workers).processRecords(input);
      });
      workers.runUntilProcessed(20);
      workers.runFor(Duration.ofMillis(100));
      Map<ConsumerMetric, StatisticSet> found = drained(workers);
      assertThat(of(found, ConsumerMetric.RECORDS_PROCESSED).sum()).isEqualTo(12);
      assertThat(of(found, ConsumerMetric.RECORDS_PROCESSED).maximum()).isEqualTo(5);
      assertThat(of(found, ConsumerMetric.DATA_BYTES_PROCESSED).sum())
          .isEqualTo(12 * StreamInMemory.RECORD_BYTES);
      StatisticSet calls = of(found, ConsumerMetric.PROCESS_RECORDS_TIME);
      assertThat(calls.count()).isEqualTo(3);
      assertThat(calls.minimum()).isBetween(40.0, 200.0);
      assertThat(of(found, ConsumerMetric.BATCH_TIME).maximum())
          .isGreaterThanOrEqualTo(calls.maximum());
      assertThat(of(found, ConsumerMetric.INITIALIZE_TIME).count()).isEqualTo(1);
      assertThat(of(found, ConsumerMetric.START_SUCCESS)).isEqualTo(StatisticSet.of(1));
      assertThat(of(found, ConsumerMetric.CREATE_LEASE_SUCCESS)).isEqualTo(StatisticSet.of(1));
      assertThat(of(found, ConsumerMetric.CHECKPOINT_SUCCESS))
          .isEqualTo(new StatisticSet(1, 1, 3, 3));
      assertThat(of(found, ConsumerMetric.CHECKPOINT_TIME).count()).isEqualTo(3);
      assertThat(of(found, ConsumerMetric.GET_ITERATOR_SUCCESS)).isEqualTo(StatisticSet.of(1));
      assertThat(of(found, ConsumerMetric.GET_RECORDS_SUCCESS).sum())
          .isGreaterThanOrEqualTo(3)
          .isEqualTo((double) of(found, ConsumerMetric.GET_RECORDS_TIME).count());
      assertThat(of(found, ConsumerMetric.MILLIS_BEHIND_LATEST).count())
          .isEqualTo(of(found, ConsumerMetric.BATCH_SUCCESS).count())
          .isEqualTo(of(found, ConsumerMetric.APPLICATION_BEHIND).count());
    }
  }

  @Test
  void theRegistryHasTheSameTotals() {
    try (SimulatedWorkers workers = new SimulatedWorkers(2, 1).metrics(everything)) {
      workers.stream.put(0, 12);
      workers.start("a", process -> good(workers));
      workers.runUntilProcessed(20);
      workers.runFor(Duration.ofSeconds(2));
      String total = "openkcl.shard.batch.records.total;application=application"
          + ";shard=shardId-000000000000;stream=stream;worker=a";
      assertThat(registry.getCounters()).containsKey(total);
      assertThat(Objects.requireNonNull(registry.getCounters().get(total)).getCount())
          .isEqualTo(12);
      Timer calls = Objects.requireNonNull(registry
          .getTimers()
          .get("openkcl.processor.records.time;application=application;worker=a"));
      assertThat(calls.getCount()).isEqualTo(3);
      assertThat(gauge(ConsumerMetric.CURRENT_LEASES)).isEqualTo(1);
      assertThat(gauge(ConsumerMetric.MEMORY_LIMIT)).isEqualTo(64 << 20);
      assertThat(gauge(ConsumerMetric.LAG)).isZero();
      assertThat(gauge(ConsumerMetric.HEALTH)).isZero();
      assertThat(gauge(ConsumerMetric.MILLIS_BEHIND_LATEST)).isZero();
    }
  }

  @Test
  void seriesHaveTheDimensionsThatAmazonsHave() {
    try (SimulatedWorkers workers = new SimulatedWorkers(3, 1).metrics(everything)) {
      workers.stream.put(0, 1);
      workers.start("a", process -> good(workers));
      workers.runUntilProcessed(20);
      workers.runFor(Duration.ofSeconds(2));
      List<MetricIdentity> series =
          workers.statistics.drain(AT).stream().map(MetricDatum::identity).toList();
      assertThat(series).allSatisfy(each -> assertThat(each.dimensions()).containsKey("Operation"));
      assertThat(series)
          .filteredOn(each -> each.name().equals("RecordsProcessed"))
          .extracting(MetricIdentity::dimensions)
          .containsExactly(
              new TreeMap<>(Map.of("Operation", "ProcessTask", "ShardId", "shardId-000000000000")));
      assertThat(series)
          .filteredOn(each -> each.name().equals("CurrentLeases"))
          .extracting(MetricIdentity::dimensions)
          .containsExactly(
              new TreeMap<>(Map.of("Operation", "RenewAllLeases", "WorkerIdentifier", "a")));
    }
  }

  @Test
  void atSummaryThereAreNoSingleCalls() {
    try (SimulatedWorkers workers = new SimulatedWorkers(4, 1)
        .metrics(MetricsSettings.builder().level(MetricLevel.SUMMARY).build())) {
      workers.stream.put(0, 1);
      workers.start("a", process -> good(workers));
      workers.runUntilProcessed(20);
      workers.runFor(Duration.ofMillis(100));
      assertThat(drained(workers).keySet())
          .contains(ConsumerMetric.RECORDS_PROCESSED)
          .allMatch(metric -> metric.level() == MetricLevel.SUMMARY);
    }
  }

  @Test
  void unlessSomebodyWantsItNothingIsMeasured() {
    try (SimulatedWorkers workers = new SimulatedWorkers(5, 1)) {
      workers.stream.put(0, 1);
      workers.start("a", process -> good(workers));
      workers.runUntilProcessed(20);
      workers.runFor(Duration.ofSeconds(2));
      assertThat(workers.statistics.drain(AT)).isEmpty();
    }
  }

  @Test
  void theLagOfAStuckShardGrowsWithTheClockInEveryOutput() {
    try (SimulatedWorkers workers = new SimulatedWorkers(6, 1).metrics(everything)) {
      Worker worker = workers.start("a", process -> input -> {
        process.pause(Duration.ofHours(1));
        good(workers).processRecords(input);
      });
      workers.runFor(Duration.ofSeconds(5));
      workers.stream.put(0, 3);
      Instant arrival = workers.world.instant();
      for (int minutes = 1; minutes <= 30; minutes += 7) {
        drained(workers);
        workers.runFor(
            Duration.between(workers.world.instant(), arrival.plusSeconds(60L * minutes)));
        double millis = minutes * 60_000.0;
        Duration lag = worker.snapshot().lag(workers.process("a").now());
        assertThat((double) lag.toMillis()).isEqualTo(millis);
        assertThat(gauge(ConsumerMetric.LAG)).isEqualTo(millis);
        assertThat(gauge(ConsumerMetric.APPLICATION_LAG)).isEqualTo(millis);
        Map<ConsumerMetric, StatisticSet> found = drained(workers);
        assertThat(of(found, ConsumerMetric.LAG).maximum()).isBetween(millis - 1_000, millis);
        assertThat(of(found, ConsumerMetric.APPLICATION_LAG).maximum())
            .isBetween(millis - 1_000, millis);
      }
      workers.runUntilProcessed(3_600);
      workers.runFor(Duration.ofSeconds(2));
      assertThat(worker.snapshot().lag(workers.process("a").now())).isZero();
      assertThat(gauge(ConsumerMetric.LAG)).isZero();
    }
  }

  @Test
  void aShardThatCannotBeReadLagsToo() {
    try (SimulatedWorkers workers = new SimulatedWorkers(7, 1).metrics(everything)) {
      workers.start("a", process -> good(workers));
      workers.runFor(Duration.ofSeconds(10));
      assertThat(gauge(ConsumerMetric.LAG)).isZero();
      workers.stream.failing(StreamFailure.Kind.UNAVAILABLE);
      workers.runFor(Duration.ofMinutes(10));
      assertThat(gauge(ConsumerMetric.LAG)).isBetween(599_000.0, 602_000.0);
      workers.stream.failing();
      workers.runFor(Duration.ofSeconds(30));
      assertThat(gauge(ConsumerMetric.LAG)).isZero();
    }
  }

  @Test
  void aPausedShardLagsToo() {
    try (SimulatedWorkers workers = new SimulatedWorkers(8, 1).metrics(everything)) {
      Worker worker = workers.start("a", process -> good(workers));
      workers.runFor(Duration.ofSeconds(10));
      worker.pause(true);
      workers.stream.put(0, 1);
      workers.runFor(Duration.ofMinutes(2));
      assertThat(gauge(ConsumerMetric.LAG)).isBetween(119_000.0, 122_000.0);
      worker.pause(false);
      workers.runFor(Duration.ofSeconds(5));
      assertThat(gauge(ConsumerMetric.LAG)).isZero();
    }
  }

  @Test
  void recordsThatAreProcessedAndNotCheckpointedLag() {
    try (SimulatedWorkers workers = new SimulatedWorkers(9, 1).metrics(everything)) {
      workers.start("a", process -> input -> workers.remember(input.records()));
      workers.runFor(Duration.ofSeconds(10));
      workers.stream.put(0, 2);
      workers.runFor(Duration.ofSeconds(60));
      assertThat(workers.processed).hasSize(2);
      assertThat(gauge(ConsumerMetric.LAG)).isEqualTo(60_000);
      assertThat(gauge(ConsumerMetric.CHECKPOINT_AGE)).isBetween(60_000.0, 71_000.0);
    }
  }

  @Test
  void failuresAndSkippedRecordsAreCountedAndNotAsProcessed() {
    try (SimulatedWorkers workers = new SimulatedWorkers(10, 1).metrics(everything)) {
      workers.handling(h -> h.with(
          FailurePolicies.DEFAULT.withProcessRecords(FailurePolicy.skipAfter(3, skipped -> {}))));
      workers.stream.put(0, 4);
      workers.start("a", process -> input -> {
        throw new IllegalStateException("no");
      });
      workers.runFor(Duration.ofMinutes(1));
      Map<ConsumerMetric, StatisticSet> found = drained(workers);
      assertThat(of(found, ConsumerMetric.RECORDS_SKIPPED)).isEqualTo(StatisticSet.of(4));
      assertThat(of(found, ConsumerMetric.RECORDS_PROCESSED).sum()).isZero();
      assertThat(of(found, ConsumerMetric.PROCESS_RECORDS_TIME).count()).isEqualTo(3);
      assertThat(of(found, ConsumerMetric.PROCESSOR_FAILURES).sum()).isEqualTo(2);
      assertThat(failures(ConsumerMetric.BATCH_SUCCESS)).isEqualTo(3);
    }
  }

  private long failures(ConsumerMetric metric) {
    return names(metric).stream()
        .map(name -> Objects.requireNonNull(registry.getCounters().get(name.toString())))
        .mapToLong(Counter::getCount)
        .sum();
  }

  @Test
  void readsThatFailAreCounted() {
    try (SimulatedWorkers workers = new SimulatedWorkers(11, 1).metrics(everything)) {
      workers.start("a", process -> good(workers));
      workers.runFor(Duration.ofSeconds(5));
      drained(workers);
      workers.stream.failing(StreamFailure.Kind.THROTTLED);
      workers.runFor(Duration.ofSeconds(20));
      Map<ConsumerMetric, StatisticSet> found = drained(workers);
      StatisticSet throttled = of(found, ConsumerMetric.READS_THROTTLED);
      assertThat(throttled.sum()).isGreaterThan(2);
      StatisticSet reads = of(found, ConsumerMetric.GET_RECORDS_SUCCESS);
      assertThat(reads.count() - reads.sum()).isEqualTo(throttled.sum());
      assertThat(failures(ConsumerMetric.GET_RECORDS_SUCCESS)).isEqualTo((long) throttled.sum());
    }
  }

  @Test
  void takeoversAndWhatMayBeDeliveredTwiceAreCounted() {
    try (SimulatedWorkers workers = new SimulatedWorkers(12, 2).metrics(everything)) {
      workers.stream.put(0, 3);
      workers.start("a", process -> input -> workers.remember(input.records()));
      workers.runUntilProcessed(20);
      workers.process("a").crash();
      drained(workers);
      workers.start("b", process -> good(workers));
      workers.runFor(Duration.ofSeconds(30));
      workers.stream.put(0, 2);
      workers.runUntilProcessed(20);
      workers.runFor(Duration.ofSeconds(2));
      Map<ConsumerMetric, StatisticSet> found = drained(workers);
      assertThat(of(found, ConsumerMetric.TAKEOVERS).sum()).isEqualTo(2);
      assertThat(of(found, ConsumerMetric.POSSIBLE_DUPLICATES).sum()).isEqualTo(3);
      assertThat(of(found, ConsumerMetric.RECORDS_PROCESSED).sum()).isEqualTo(5);
    }
  }

  @Test
  void handoffsAreNoTakeoversAndNothingIsTwice() {
    try (SimulatedWorkers workers = new SimulatedWorkers(13, 2).metrics(everything)) {
      workers.stream.put(0, 3);
      workers.stream.put(1, 3);
      workers.start("a", process -> good(workers));
      workers.runUntilProcessed(20);
      workers.start("b", process -> good(workers));
      workers.runFor(Duration.ofSeconds(30));
      assertThat(workers.owner(0)).isNotEqualTo(workers.owner(1));
      Map<ConsumerMetric, StatisticSet> found = drained(workers);
      assertThat(of(found, ConsumerMetric.HANDOFFS).sum()).isEqualTo(1);
      assertThat(found)
          .doesNotContainKeys(ConsumerMetric.TAKEOVERS, ConsumerMetric.POSSIBLE_DUPLICATES);
      assertThat(of(found, ConsumerMetric.LOST_LEASES).sum()).isZero();
      assertThat(names(ConsumerMetric.LAG))
          .extracting(name -> name.tags().get("worker"))
          .containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void aFrozenWorkersLossIsCounted() {
    try (SimulatedWorkers workers = new SimulatedWorkers(14, 1).metrics(everything)) {
      workers.stream.put(0, 3);
      workers.start("a", process -> good(workers));
      workers.runUntilProcessed(20);
      workers.process("a").freeze();
      workers.start("b", process -> good(workers));
      workers.runFor(Duration.ofSeconds(30));
      workers.process("a").thaw();
      workers.runFor(Duration.ofSeconds(20));
      Map<ConsumerMetric, StatisticSet> found = drained(workers);
      assertThat(of(found, ConsumerMetric.LOST_LEASES).sum()).isEqualTo(1);
      assertThat(of(found, ConsumerMetric.LOOP_DELAY).maximum()).isGreaterThan(20_000);
    }
  }

  @Test
  void theRegistryIsLeftAsItWas() {
    Counter own = registry.counter("the application's own");
    try (SimulatedWorkers workers = new SimulatedWorkers(15, 2).metrics(everything)) {
      Worker worker = workers.start("a", process -> good(workers));
      workers.runFor(Duration.ofSeconds(10));
      assertThat(names(ConsumerMetric.LAG)).hasSize(2);
      workers.stream.split(0);
      workers.runUntil(
          "split shard gone",
          60,
          () -> names(ConsumerMetric.LAG).size() == 3
              && names(ConsumerMetric.LAG).stream()
                  .noneMatch(name -> "shardId-000000000000".equals(name.tags().get("shard"))));
      worker.stop();
      workers.runFor(Duration.ofSeconds(10));
      assertThat(registry.getMetrics()).containsOnly(Map.entry("the application's own", own));
    }
  }

  @Test
  void theEndOfAShardIsMeasuredAsAmazonMeasuresIt() {
    try (SimulatedWorkers workers = new SimulatedWorkers(16, 1).metrics(everything)) {
      workers.stream.put(0, 3);
      workers.start("a", process -> new AtEnd(workers, process));
      workers.runUntilProcessed(20);
      workers.runFor(Duration.ofSeconds(1));
      drained(workers);
      workers.stream.split(0);
      workers.runUntil("ended", 30, () -> workers.checkpoint(0).equals("SHARD_END"));
      workers.runFor(Duration.ofSeconds(5));
      Map<ConsumerMetric, StatisticSet> found = drained(workers);
      assertThat(of(found, ConsumerMetric.SHUTDOWN_TIME).count()).isEqualTo(1);
      assertThat(of(found, ConsumerMetric.SHUTDOWN_TIME).sum()).isBetween(20.0, 100.0);
      assertThat(of(found, ConsumerMetric.CHECKPOINT_SUCCESS)).isEqualTo(StatisticSet.of(1));
      assertThat(of(found, ConsumerMetric.CREATE_CHILD_SUCCESS).sum()).isEqualTo(2);
      assertThat(found).doesNotContainKey(ConsumerMetric.CREATE_LEASE_SUCCESS);
    }
  }

  /** Takes some time for the end, and checkpoints in it. */
  private static final class AtEnd extends BufferingProcessor {
    private AtEnd(SimulatedWorkers workers, SimulatedEnvironment process) {
      super(workers, 0, call -> {
        if (call == ProcessorCall.SHARD_ENDED) {
          process.pause(Duration.ofMillis(20));
        }
      });
    }
  }
}
