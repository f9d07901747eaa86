package org.openkcl.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class StatisticBufferTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final StatisticBuffer buffer = new StatisticBuffer(2);

  @Test
  void aDrainTakesWhatWasRecordedSinceTheLastOne() {
    Recorder recorder = buffer.recorder(series("a"));
    recorder.record(3);
    recorder.record(1);
    assertThat(buffer.drain(NOW))
        .containsExactly(new MetricDatum(series("a"), new StatisticSet(1, 3, 4, 2), NOW));
    assertThat(buffer.drain(NOW)).isEmpty();
    recorder.record(7);
    assertThat(buffer.drain(NOW))
        .containsExactly(new MetricDatum(series("a"), StatisticSet.of(7), NOW));
  }

  @Test
  void valuesThatAreNotFiniteAreLeftOut() {
    Recorder recorder = buffer.recorder(series("a"));
    recorder.record(Double.NaN);
    recorder.record(Double.POSITIVE_INFINITY);
    assertThat(buffer.drain(NOW)).isEmpty();
  }

  @Test
  void recordersOfOneSeriesAddToTheSameStatistics() {
    buffer.recorder(series("a")).record(1);
    buffer.recorder(series("a")).record(2);
    assertThat(buffer.drain(NOW))
        .containsExactly(new MetricDatum(series("a"), new StatisticSet(1, 2, 3, 2), NOW));
  }

  @Test
  void valuesOfTooManySeriesAreDroppedAndCounted() {
    buffer.recorder(series("a"));
    buffer.recorder(series("b")).record(1);
    Recorder third = buffer.recorder(series("c"));
    third.record(1);
    third.record(1);
    assertThat(buffer.drain(NOW)).extracting(MetricDatum::identity).containsExactly(series("b"));
    assertThat(buffer.dropped()).isEqualTo(2);
  }

  @Test
  void aClosedSeriesIsForgottenAfterItsLastDrain() {
    Recorder gone = buffer.recorder(series("a"));
    buffer.recorder(series("b"));
    gone.record(1);
    gone.close();
    gone.close();
    assertThat(buffer.drain(NOW)).extracting(MetricDatum::identity).containsExactly(series("a"));
    buffer.recorder(series("c")).record(1);
    assertThat(buffer.drain(NOW)).extracting(MetricDatum::identity).containsExactly(series("c"));
    assertThat(buffer.dropped()).isZero();
  }

  @Test
  void aSeriesIsKeptAsLongAsOneOfItsRecordersIsOpen() {
    Recorder one = buffer.recorder(series("a"));
    Recorder other = buffer.recorder(series("a"));
    one.close();
    assertThat(buffer.drain(NOW)).isEmpty();
    other.record(1);
    assertThat(buffer.drain(NOW)).hasSize(1);
  }

  @Test
  void nothingIsLostOrCountedTwiceBetweenThreads() throws Exception {
    int threads = 4;
    int values = 200_000;
    Recorder recorder = buffer.recorder(series("a"));
    List<MetricDatum> drained = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        running.add(pool.submit(() -> {
          for (int n = 0; n < values; n++) {
            recorder.record(n);
          }
        }));
      }
      while (!running.stream().allMatch(Future::isDone)) {
        drained.addAll(buffer.drain(NOW));
      }
      for (Future<?> done : running) {
        done.get();
      }
    } finally {
      pool.shutdownNow();
    }
    drained.addAll(buffer.drain(NOW));
    double expected = threads * (values - 1.0) * values / 2;
    StatisticSet all = drained.stream()
        .map(MetricDatum::statistics)
        .reduce(StatisticSet::merge)
        .orElseThrow();
    assertThat(all).isEqualTo(new StatisticSet(0, values - 1.0, expected, (long) threads * values));
  }

  private static MetricIdentity series(String shard) {
    return MetricIdentity.of("Time", Map.of("ShardId", shard), MetricUnit.MILLISECONDS);
  }
}
