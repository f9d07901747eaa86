package org.openkcl.samples.producer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShardAllowanceTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void letsAThousandSmallRecordsASecondThrough() {
    assertThat(takenIn(10, 100)).isBetween(9_900, 10_100);
  }

  @Test
  void letsAMebibyteASecondThrough() {
    assertThat(takenIn(10, 10 * 1024)).isBetween(1_014, 1_034);
  }

  @Test
  void anEntryLargerThanWhatCanBeSavedUpGoesAtTheSamePace() {
    assertThat(takenIn(10, 1024 * 1024)).isBetween(10, 11);
  }

  private static int takenIn(int seconds, int bytes) {
    ShardAllowance allowance = new ShardAllowance(0);
    int taken = 0;
    for (long now = 0; now <= seconds * SECOND; now += SECOND / 2_000) {
      while (allowance.take(bytes, now)) {
        taken++;
      }
    }
    return taken;
  }
}
