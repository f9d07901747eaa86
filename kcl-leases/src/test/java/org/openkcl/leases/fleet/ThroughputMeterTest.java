package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThroughputMeterTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Duration WINDOW = Duration.ofSeconds(4);

  @Test
  void nothingIsSaidOfAShardThatWasNeverRead() {
    ThroughputMeter meter = new ThroughputMeter(null, WINDOW);
    assertThat(meter.average(100 * SECOND)).isNull();
  }

  @Test
  void aShardThatIsReadAndBringsNothingHasAThroughputOfNothing() {
    ThroughputMeter meter = new ThroughputMeter(null, WINDOW);
    meter.processed(0, 0);
    assertThat(meter.average(4 * SECOND)).isEqualTo(0.0);
  }

  @Test
  void theFirstWindowIsTheAverageAndEachFurtherOneWeighsAHalf() {
    ThroughputMeter meter = new ThroughputMeter(null, WINDOW);
    meter.processed(0, 0);
    meter.processed(40_960, SECOND);
    assertThat(meter.average(4 * SECOND)).isEqualTo(10.0);
    assertThat(meter.average(8 * SECOND)).isEqualTo(5.0);
    meter.processed(4 * 1024, 9 * SECOND);
    assertThat(meter.average(12 * SECOND)).isEqualTo(3.0);
  }

  @Test
  void whatTheFormerOwnerMeasuredCountsAsOneWindow() {
    ThroughputMeter meter = new ThroughputMeter(8.0, WINDOW);
    assertThat(meter.average(SECOND)).isEqualTo(8.0);
    meter.processed(0, 2 * SECOND);
    assertThat(meter.average(6 * SECOND)).isEqualTo(4.0);
  }

  @Test
  void aWriteInsideAWindowDoesNotEndIt() {
    ThroughputMeter meter = new ThroughputMeter(null, WINDOW);
    meter.processed(4096, 0);
    assertThat(meter.average(2 * SECOND)).isNull();
    meter.processed(4096, 3 * SECOND);
    assertThat(meter.average(4 * SECOND)).isEqualTo(2.0);
  }

  @Test
  void anIdleShardComesDownToNothing() {
    ThroughputMeter meter = new ThroughputMeter(1.0, WINDOW);
    meter.processed(0, 0);
    for (int window = 1; window <= 30; window++) {
      meter.average(4L * window * SECOND);
    }
    assertThat(meter.average(124 * SECOND)).isEqualTo(0.0);
  }

  @Test
  void sixDecimalsAreKept() {
    ThroughputMeter meter = new ThroughputMeter(null, WINDOW);
    meter.processed(1, 0);
    assertThat(meter.average(6 * SECOND)).isEqualTo(0.000163);
  }
}
