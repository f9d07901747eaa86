package org.openkcl.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExtendedSequenceNumberTest {
  @Test
  void isOrderedBySentinelThenValueThenSubSequence() {
    List<ExtendedSequenceNumber> ordered = List.of(
        ExtendedSequenceNumber.AT_TIMESTAMP,
        ExtendedSequenceNumber.TRIM_HORIZON,
        ExtendedSequenceNumber.LATEST,
        new ExtendedSequenceNumber("99"),
        new ExtendedSequenceNumber("100"),
        new ExtendedSequenceNumber("100", 1L),
        ExtendedSequenceNumber.SHARD_END);
    assertThat(ordered).isSorted();
    assertThat(new ExtendedSequenceNumber("5")).isEqualTo(new ExtendedSequenceNumber("5", 0));
  }

  @Test
  void sentinelsAreKnown() {
    assertThat(ExtendedSequenceNumber.LATEST.isSentinelCheckpoint()).isTrue();
    assertThat(ExtendedSequenceNumber.LATEST.isShardEnd()).isFalse();
    assertThat(ExtendedSequenceNumber.SHARD_END.isShardEnd()).isTrue();
    assertThat(new ExtendedSequenceNumber("5").isSentinelCheckpoint()).isFalse();
  }

  @Test
  void nonsenseIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ExtendedSequenceNumber("abc"));
    assertThatIllegalArgumentException().isThrownBy(() -> new ExtendedSequenceNumber("1", -1));
  }

  @Test
  void isWrittenAsAmazonsLibraryWritesIt() {
    assertThat(new ExtendedSequenceNumber("5", 2))
        .hasToString("{SequenceNumber: 5,SubsequenceNumber: 2}");
  }
}
