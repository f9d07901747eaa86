package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadAllowanceTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final ReadAllowance allowance = new ReadAllowance(16, 0);

  @Test
  void savingsPayForLookingMoreOftenForAWhile() {
    for (int look = 0; look < 10; look++) {
      assertThat(allowance.spend(3, 0)).isZero();
    }
    assertThat(allowance.spend(3, 0)).isPositive();
  }

  @Test
  void savingsAreBoundedHoweverLongNobodyLooked() {
    assertThat(allowance.spend(32, 3_600 * SECOND)).isZero();
    assertThat(allowance.spend(16, 3_600 * SECOND)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void onAverageALargeTableCostsTheBudgetAndNoMore() {
    long now = 0;
    double spent = 0;
    while (now < 600 * SECOND) {
      now += allowance.spend(45, now).toNanos();
      spent += 45;
    }
    assertThat(spent).isBetween(600 * 16.0, 602 * 16.0 + 45);
  }
}
