package org.openkcl.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SabotageTest {
  private static final List<Integer> BATCH = List.of(0, 1, 2, 3, 4, 5);

  @Test
  void skipLeavesOutRecordsInTheMiddle() {
    assertThat(Sabotage.SKIP.canSpoil(BATCH)).isTrue();
    assertThat(Sabotage.SKIP.spoil(BATCH)).containsExactly(0, 1, 5);
  }

  @Test
  void reorderSwapsTwoInTheMiddle() {
    assertThat(Sabotage.REORDER.spoil(BATCH)).containsExactly(0, 1, 2, 4, 3, 5);
  }

  @Test
  void theOthersLeaveBatchesAlone() {
    assertThat(Sabotage.NONE.canSpoil(BATCH)).isFalse();
    assertThat(Sabotage.EARLY_CHILD.canSpoil(BATCH)).isFalse();
    assertThat(Sabotage.NONE.spoil(BATCH)).isEqualTo(BATCH);
  }

  @Test
  void smallBatchesAreNotWorthIt() {
    assertThat(Sabotage.SKIP.canSpoil(List.of(1, 2, 3))).isFalse();
  }
}
