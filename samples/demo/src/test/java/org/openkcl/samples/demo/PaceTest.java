package org.openkcl.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Pace PACE = Pace.lasting(Duration.ofNanos(100), 1_000);

  @Test
  void isEven() {
    assertThat(PACE.due(1_000, 200)).isEqualTo(1);
    assertThat(PACE.due(1_050, 200)).isEqualTo(100);
    assertThat(PACE.due(1_100, 200)).isEqualTo(200);
    assertThat(PACE.due(5_000, 200)).isEqualTo(200);
  }

  @Test
  void slowsDownWithoutAPause() {
    Pace slower = PACE.extended(100, 1_050, Duration.ofNanos(50));

    assertThat(slower.due(1_050, 200)).isEqualTo(100);
    assertThat(slower.due(1_100, 200)).isEqualTo(150);
    assertThat(slower.due(1_150, 200)).isEqualTo(200);
  }

  @Test
  void canBeExtendedWhenItIsOver() {
    assertThat(PACE.extended(190, 1_500, Duration.ofNanos(10)).due(1_510, 200)).isEqualTo(200);
  }
}
