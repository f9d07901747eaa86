package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RateBudgetTest {
  private final RateBudget five = new RateBudget(5);

  @Test
  void isUsedUpWithinASecondAndWholeAgainInTheNext() {
    for (int i = 0; i < 5; i++) {
      assertThat(five.hasRoom(10_000 + i)).isTrue();
      five.use(1, 10_000 + i);
    }
    assertThat(five.hasRoom(10_004)).isFalse();
    assertThat(five.hasRoom(10_999)).isFalse();
    assertThat(five.hasRoom(11_000)).isTrue();
  }

  @Test
  void theWindowBeginsWithTheFirstUse() {
    five.use(1, 300);
    five.use(4, 1_299);
    assertThat(five.hasRoom(1_299)).isFalse();
    assertThat(five.hasRoom(1_300)).isTrue();
    five.use(5, 5_750);
    assertThat(five.hasRoom(6_300)).isFalse();
    assertThat(five.hasRoom(6_750)).isTrue();
  }

  @Test
  void whatIsUsedTooMuchIsTakenFromTheFollowingSeconds() {
    five.use(25, 0);
    assertThat(five.hasRoom(4_999)).isFalse();
    assertThat(five.hasRoom(5_000)).isTrue();
    RateBudget another = new RateBudget(5);
    another.use(26, 0);
    assertThat(another.hasRoom(5_000)).isTrue();
    assertThat(another.hasRoomFor(4, 5_000)).isTrue();
    assertThat(another.hasRoomFor(5, 5_000)).isFalse();
  }

  @Test
  void moreThanASecondsShareNeedsAnUntouchedWindow() {
    assertThat(five.hasRoomFor(50, 0)).isTrue();
    five.use(1, 0);
    assertThat(five.hasRoomFor(50, 500)).isFalse();
    assertThat(five.hasRoomFor(4, 500)).isTrue();
    assertThat(five.hasRoomFor(50, 1_000)).isTrue();
  }

  @Test
  void withoutALimitThereIsAlwaysRoom() {
    RateBudget endless = new RateBudget(Long.MAX_VALUE);
    for (int i = 0; i < 100; i++) {
      assertThat(endless.hasRoomFor(1L << 40, i)).isTrue();
      endless.use(1L << 40, i);
      assertThat(endless.hasRoom(i)).isTrue();
    }
  }

  @Test
  void neverGivesMoreThanTheRateInTheLongRunAndNoLessToOneWhoWaits() {
    Random random = new Random(3);
    for (int run = 0; run < 200; run++) {
      RateBudget budget = new RateBudget(7);
      long now = random.nextInt(100_000);
      long begin = now;
      long given = 0;
      while (now < begin + 60_000) {
        if (budget.hasRoom(now)) {
          budget.use(1, now);
          given++;
        }
        now += random.nextInt(40);
      }
      assertThat(given).isBetween(7L * 59, 7L * 61);
    }
  }
}
