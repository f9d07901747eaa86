package org.openkcl.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.openkcl.retrieval.MemoryBudget.Purpose;
import org.openkcl.retrieval.MemoryBudget.Reservation;

class MemoryBudgetTest {
  private final List<String> granted = new ArrayList<>();
  private final MemoryBudget budget = new MemoryBudget(400);

  @Test
  void memoryToReadAheadGoesToTheShardFurthestBehind() {
    Reservation all = held(300);
    budget.reserve(Purpose.READ_AHEAD, () -> 100, () -> 5, () -> granted.add("near"));
    budget.reserve(Purpose.READ_AHEAD, () -> 100, () -> 900, () -> granted.add("far"));
    budget.reserve(Purpose.READ_AHEAD, () -> 100, () -> 90, () -> granted.add("between"));
    all.release();
    assertThat(granted).containsExactly("far", "between");
  }

  @Test
  void whatMustBeHeldIsHeldAndPaidBackByWhatFollows() {
    Reservation extra = budget.hold(500);
    assertThat(budget.usedBytes()).isEqualTo(500);
    Reservation next = needed("next", 10);
    assertThat(next.isGranted()).isFalse();
    extra.release();
    assertThat(granted).containsExactly("next");
  }

  @Test
  void thereIsNoShareToKeepToWhileThereIsPlenty() {
    MemoryBudget large = new MemoryBudget(64 << 20);
    for (int i = 0; i < 100; i++) {
      large.join();
    }
    assertThat(large.allowanceBytes()).isEqualTo(Long.MAX_VALUE);
    Reservation half = large.hold(32 << 20);
    assertThat(large.allowanceBytes()).isEqualTo((64 << 20) / 100);
    for (int i = 0; i < 10_000; i++) {
      large.join();
    }
    assertThat(large.allowanceBytes()).isEqualTo(64 << 10);
    half.release();
    assertThat(large.allowanceBytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void grantsAtOnceWhatFitsAndLetsTheRestWaitInOrder() {
    Reservation a = held(340);
    Reservation b = needed("b", 100);
    Reservation c = needed("c", 10);

    assertThat(a.isGranted()).isTrue();
    assertThat(b.isGranted()).isFalse();
    assertThat(c.isGranted()).as("c would fit and may not pass b").isFalse();
    assertThat(budget.waiting()).isEqualTo(2);

    a.release();
    assertThat(granted).containsExactly("b", "c");
    assertThat(budget.usedBytes()).isEqualTo(110);
  }

  @Test
  void oneFetchIsAlwaysAllowedWhateverItsSize() {
    Reservation large = needed("large", 1_000);
    assertThat(large.isGranted()).isTrue();
    assertThat(budget.usedBytes()).as("counted as a quarter at most").isEqualTo(100);
    large.correct(1_000);
    Reservation next = needed("next", 1);
    assertThat(next.isGranted()).isFalse();
    large.release();
    assertThat(granted).containsExactly("next");
  }

  @Test
  void aSmallerReplyThanExpectedLetsOthersIn() {
    Reservation a = held(400);
    needed("b", 50);
    a.correct(20);
    assertThat(granted).containsExactly("b");
    assertThat(budget.usedBytes()).isEqualTo(70);
  }

  @Test
  void aLargerReplyThanExpectedIsKeptAndNothingIsAdmittedUntilItIsGone() {
    Reservation a = needed("a", 10);
    a.correct(500);
    assertThat(budget.usedBytes()).isEqualTo(500);
    assertThat(needed("b", 1).isGranted()).isFalse();
    a.release();
    assertThat(granted).containsExactly("b");
  }

  @Test
  void readingAheadStopsAtHalfAndGivesWayToProcessorsThatWait() {
    Reservation ahead = ahead("ahead", 100);
    ahead.correct(200);
    Reservation moreAhead = ahead("moreAhead", 10);
    assertThat(ahead.isGranted()).isTrue();
    assertThat(moreAhead.isGranted()).isFalse();

    Reservation now = needed("now", 100);
    assertThat(now.isGranted()).isTrue();
    now.correct(200);
    needed("later", 20);
    ahead.release();
    assertThat(granted).containsExactly("later");
    now.release();
    assertThat(granted).containsExactly("later", "moreAhead");
  }

  @Test
  void whatWaitsIsMeasuredAgainWhenItsTurnComes() {
    Reservation a = held(400);
    long[] expected = {10};
    Reservation b = budget.reserve(Purpose.NEEDED_NOW, () -> expected[0], () -> granted.add("b"));
    expected[0] = 70;
    a.release();
    assertThat(b.isGranted()).isTrue();
    assertThat(budget.usedBytes()).isEqualTo(70);
  }

  @Test
  void releasingTwiceOrWhileWaitingIsHarmless() {
    Reservation a = held(400);
    Reservation b = needed("b", 100);
    Reservation c = needed("c", 30);
    b.release();
    b.release();
    a.release();
    a.release();
    assertThat(granted).containsExactly("c");
    assertThat(budget.usedBytes()).isEqualTo(30);
    assertThatThrownBy(() -> a.correct(5)).isInstanceOf(IllegalStateException.class);
    c.release();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void aBudgetNeedsAtLeastOneByte() {
    assertThatThrownBy(() -> new MemoryBudget(0)).hasMessageContaining("limitBytes=0");
  }

  @Test
  void anySequenceOfUsesLeavesNothingHeldAndNobodyWaiting() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      MemoryBudget shared = new MemoryBudget(100);
      List<Reservation> open = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int size = random.nextInt(150);
        if (open.isEmpty() || random.nextBoolean()) {
          Purpose purpose = random.nextBoolean() ? Purpose.NEEDED_NOW : Purpose.READ_AHEAD;
          open.add(shared.reserve(purpose, () -> size, () -> {}));
        } else {
          Reservation any = open.get(random.nextInt(open.size()));
          if (any.isGranted() && random.nextBoolean()) {
            any.correct(size);
          } else {
            any.release();
            open.remove(any);
          }
        }
        boolean someoneIsServed = open.isEmpty() || open.stream().anyMatch(Reservation::isGranted);
        assertThat(someoneIsServed).as("seed %s step %s", seed, i).isTrue();
      }
      open.forEach(Reservation::release);
      assertThat(shared.usedBytes()).as("seed %s", seed).isZero();
      assertThat(shared.waiting()).as("seed %s", seed).isZero();
    }
  }

  private Reservation held(long bytes) {
    Reservation reservation = needed("held", 1);
    assertThat(reservation.isGranted()).isTrue();
    reservation.correct(bytes);
    return reservation;
  }

  private Reservation needed(String name, long bytes) {
    return budget.reserve(Purpose.NEEDED_NOW, () -> bytes, () -> granted.add(name));
  }

  private Reservation ahead(String name, long bytes) {
    return budget.reserve(Purpose.READ_AHEAD, () -> bytes, () -> granted.add(name));
  }
}
