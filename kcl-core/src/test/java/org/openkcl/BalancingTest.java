package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.plan.Objective;
import org.openkcl.leases.plan.PlanSettings;

class BalancingTest {
  @Test
  void theDefaultsAreThoseOfThePlanner() {
    assertThat(Balancing.DEFAULT.settings()).isEqualTo(PlanSettings.DEFAULT);
  }

  @Test
  void whatIsSetArrives() {
    Balancing balancing = Balancing.builder()
        .objective(Balancing.Objective.COUNT)
        .tolerance(0.25)
        .movesPerMinute(3)
        .rest(Duration.ofMinutes(7))
        .build();
    assertThat(balancing.settings())
        .isEqualTo(new PlanSettings(Objective.COUNT, 0.25, 3, Duration.ofMinutes(7)));
  }

  @Test
  void twiceAndOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Balancing.builder().tolerance(0.1).tolerance(0.1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("tolerance was already set. Set it once.");
    assertThatThrownBy(() -> Balancing.builder().movesPerMinute(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("movesPerMinute must be 0 or more: got -1");
    assertThatThrownBy(() -> Balancing.builder().tolerance(2).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("tolerance must be between 0.02 and 1: got 2.0");
  }
}
