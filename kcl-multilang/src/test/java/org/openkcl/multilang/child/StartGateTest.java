package org.openkcl.multilang.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StartGateTest {
  private static final long NOW = Long.MAX_VALUE - 10; // a monotonic clock may be about to wrap

  @Test
  void closesAfterThreeFailuresInARowForTimesThatDoubleToAMinute() {
    StartGate gate = StartGate.OPEN.failed(NOW).failed(NOW);
    assertThat(gate.closedFor(NOW)).isZero();
    gate = gate.failed(NOW);
    assertThat(gate.closedFor(NOW)).isEqualTo(Duration.ofSeconds(1));
    assertThat(gate.closedFor(NOW + Duration.ofSeconds(1).toNanos())).isZero();
    gate = gate.failed(NOW);
    assertThat(gate.closedFor(NOW)).isEqualTo(Duration.ofSeconds(2));
    for (int i = 0; i < 20; i++) {
      gate = gate.failed(NOW);
    }
    assertThat(gate.closedFor(NOW)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void letsOneTryAtATimeThrough() {
    StartGate gate = StartGate.OPEN.failed(NOW).failed(NOW).failed(NOW);
    long later = NOW + Duration.ofSeconds(2).toNanos();
    assertThat(gate.closedFor(later)).isZero();
    assertThat(gate.entered(later).closedFor(later)).isPositive();
    assertThat(StartGate.OPEN.entered(NOW).closedFor(NOW)).isZero();
  }
}
