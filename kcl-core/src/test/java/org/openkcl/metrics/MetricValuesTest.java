package org.openkcl.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MetricValuesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void statisticsOfTwoSetsAreThoseOfAllTheirValues() {
    StatisticSet one = StatisticSet.of(4).merge(StatisticSet.of(-1));
    assertThat(one.merge(StatisticSet.of(10))).isEqualTo(new StatisticSet(-1, 10, 13, 3));
  }

  @Test
  void statisticsOfNothingAreRefused() {
    assertThatThrownBy(() -> new StatisticSet(0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("count must be 1 or more: got 0");
  }

  @Test
  void theOrderOfDimensionsMakesNoOtherSeries() {
    MetricIdentity one = new MetricIdentity(
        "Time", new TreeMap<>(Map.of("b", "2", "a", "1")), MetricUnit.MILLISECONDS);
    assertThat(one)
        .isEqualTo(MetricIdentity.of("Time", Map.of("a", "1", "b", "2"), MetricUnit.MILLISECONDS));
    assertThat(one.keeping("b"::equals))
        .isEqualTo(MetricIdentity.of("Time", Map.of("b", "2"), MetricUnit.MILLISECONDS));
  }

  @Test
  void blankDimensionsAreRefused() {
    assertThatThrownBy(() -> MetricIdentity.of("Time", Map.of("a", " "), MetricUnit.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not be blank");
  }

  @Test
  void mergedDataAreDatedAsTheLaterOne() {
    MetricIdentity series = MetricIdentity.of("Time", Map.of(), MetricUnit.NONE);
    MetricDatum early = new MetricDatum(series, StatisticSet.of(1), NOW);
    MetricDatum late = new MetricDatum(series, StatisticSet.of(2), NOW.plusSeconds(10));
    assertThat(late.merge(early)).isEqualTo(early.merge(late));
    assertThat(late.merge(early).at()).isEqualTo(late.at());
  }

  @Test
  void dimensionsAreAllKeptUnlessSomeAreNamed() {
    assertThat(MetricsSettings.DEFAULT.keeps("ShardId")).isTrue();
    MetricsSettings some =
        MetricsSettings.builder().enabledDimensions("StreamId").build();
    assertThat(some.keeps("ShardId")).isFalse();
    assertThat(some.keeps("Operation")).isFalse();
    assertThat(some.keeps("StreamId")).isTrue();
  }

  @Test
  void thereIsOneOutput() {
    MetricsSettings.Builder builder = MetricsSettings.builder().embeddedMetricFormat();
    assertThatThrownBy(() -> builder.embeddedMetricFormat(line -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("output was already set");
  }

  @Test
  void flushesAreNeitherTooCloseNorTooFarApart() {
    assertThatThrownBy(() -> MetricsSettings.builder().flushInterval(Duration.ofMillis(99)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0.099S");
  }
}
