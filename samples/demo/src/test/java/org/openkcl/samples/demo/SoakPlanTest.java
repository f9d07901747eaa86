package org.openkcl.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SoakPlanTest {
  private static final SoakPlan FIVE_MINUTES = SoakPlan.lasting(Duration.ofMinutes(5));

  @Test
  void fiveMinutesHaveSixtySplitsAndMergesAndAKillEveryTenSeconds() {
    Duration end = Duration.ofMinutes(5);
    assertThat(FIVE_MINUTES.reshardsDue(end)).isEqualTo(60);
    assertThat(FIVE_MINUTES.killsDue(end)).isEqualTo(30);
    assertThat(FIVE_MINUTES.isOver(end)).isTrue();
  }

  @Test
  void whatIsDueIsSpreadEvenly() {
    assertThat(FIVE_MINUTES.reshardsDue(Duration.ofSeconds(4))).isZero();
    assertThat(FIVE_MINUTES.reshardsDue(Duration.ofSeconds(5))).isOne();
    assertThat(FIVE_MINUTES.reshardsDue(Duration.ofSeconds(150))).isEqualTo(30);
    assertThat(FIVE_MINUTES.killsDue(Duration.ofSeconds(9))).isZero();
    assertThat(FIVE_MINUTES.killsDue(Duration.ofSeconds(29))).isEqualTo(2);
  }

  @Test
  void theLastSplitOrMergeComesWhileRecordsArePut() {
    SoakPlan plan = SoakPlan.lasting(Duration.ofSeconds(60)).withReshards(60);
    assertThat(plan.reshardsDue(Duration.ofMillis(59_100))).isEqualTo(60);
  }

  @Test
  void nothingBecomesDueAfterTheProduction() {
    assertThat(FIVE_MINUTES.killsDue(Duration.ofMinutes(9))).isEqualTo(30);
    assertThat(FIVE_MINUTES.reshardsDue(Duration.ofMinutes(9))).isEqualTo(60);
  }
}
