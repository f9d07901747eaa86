package org.openkcl.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openkcl.InitialPosition;

/**
 * Random splits and merges, read by the rules in random order: every record from the initial
 * position on is delivered exactly once, and the records of a hash key in their order.
 */
class RandomHistoryTest {
  private static final int ROWS = 6;
  private static final int COLUMNS = 14;

  static IntStream seeds() {
    return IntStream.range(0, 400);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyRecordIsReadOnceAndInOrder(int seed) {
    RandomGenerator random = new Random(seed);
    History history = RandomHistory.draw(random, ROWS, COLUMNS);
    int now = random.nextInt(COLUMNS);
    InitialPosition position = anyPosition(random, now);
    Walk walk = new Walk(history, random, position, now);
    walk.seed(false);
    for (int step = 0; !walk.isDone(); step++) {
      assertThat(step).as("stuck: %s", walk).isLessThan(20_000);
      walk.step();
      assertThat(walk.repair()).as("a healthy table needs no repair: %s", walk).isZero();
    }
    assertEachOnce(history, walk, firstColumn(position, now), true);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void interruptedSeedingIsCompleted(int seed) {
    RandomGenerator random = new Random(seed);
    History history = RandomHistory.draw(random, ROWS, COLUMNS);
    int now = random.nextInt(COLUMNS);
    InitialPosition position = anyPosition(random, now);
    Walk walk = new Walk(history, random, position, now);
    walk.seed(true);
    if (position.kind() == InitialPosition.Kind.LATEST) {
      walk.repair(); // LATEST of a later repair would leave out what was split in the meantime
    }
    for (int step = 0; !walk.isDone(); step++) {
      assertThat(step).as("stuck: %s", walk).isLessThan(20_000);
      walk.step();
      if (random.nextInt(20) == 0) {
        walk.repair();
      }
    }
    // Repair at a timestamp begins at the oldest shard that is kept, as Amazon's does: earlier
    // records come along, but none twice.
    boolean exactStart = position.kind() != InitialPosition.Kind.AT_TIMESTAMP;
    assertEachOnce(history, walk, firstColumn(position, now), exactStart);
  }

  private static void assertEachOnce(History history, Walk walk, int from, boolean exactStart) {
    for (int row = 0; row < history.rows(); row++) {
      for (int column = 0; column < history.columns(); column++) {
        int times = walk.deliveriesOf(row, column);
        if (column >= from) {
          assertThat(times).as("row %s, column %s: %s", row, column, walk).isEqualTo(1);
        } else {
          assertThat(times).as("%s", walk).isLessThanOrEqualTo(exactStart ? 0 : 1);
        }
      }
    }
  }

  private static int firstColumn(InitialPosition position, int now) {
    return switch (position.kind()) {
      case LATEST -> now;
      case TRIM_HORIZON -> 0;
      case AT_TIMESTAMP -> (int) position.timestamp().orElseThrow().getEpochSecond();
    };
  }

  private static InitialPosition anyPosition(RandomGenerator random, int now) {
    return switch (random.nextInt(3)) {
      case 0 -> InitialPosition.latest();
      case 1 -> InitialPosition.trimHorizon();
      default -> InitialPosition.atTimestamp(Instant.ofEpochSecond(random.nextInt(now + 1)));
    };
  }
}
