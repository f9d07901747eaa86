package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openkcl.metrics.MetricIdentity;
import org.openkcl.metrics.MetricUnit;
import org.openkcl.metrics.Recorder;

class GuardedRecordersTest {
  private static final MetricIdentity SERIES =
      MetricIdentity.of("Lag", Map.of("Operation", "Test"), MetricUnit.MILLISECONDS);

  @Test
  void whatARecorderThrowsStaysWithItAndItsValuesCountAsDropped() {
    List<Double> taken = new ArrayList<>();
    GuardedRecorders recorders = new GuardedRecorders(identity -> value -> {
      if (value < 0) {
        throw new IllegalArgumentException("negative");
      }
      taken.add(value);
    });
    Recorder recorder = recorders.recorder(SERIES);
    recorder.record(1);
    recorder.record(-1);
    recorder.record(2);
    recorder.close();
    assertThat(taken).containsExactly(1.0, 2.0);
    assertThat(recorders.dropped()).isEqualTo(1);
  }

  @Test
  void valuesOfASeriesThatIsRefusedCountAsDropped() {
    GuardedRecorders recorders = new GuardedRecorders(identity -> {
      throw new IllegalStateException("too many");
    });
    recorders.recorder(SERIES).record(1);
    assertThat(recorders.dropped()).isEqualTo(1);
  }
}
