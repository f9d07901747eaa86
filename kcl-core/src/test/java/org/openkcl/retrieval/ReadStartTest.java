package org.openkcl.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Checkpoint;

class ReadStartTest {
  private static final Instant PIN = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void sentinelsBecomeThePositionsThatTheyMeantWhenTheLeaseWasCreated() {
    assertThat(positionOf(Checkpoint.TRIM_HORIZON, null)).isEqualTo(ReadPosition.trimHorizon());
    assertThat(positionOf(Checkpoint.TRIM_HORIZON, PIN)).isEqualTo(ReadPosition.trimHorizon());
    assertThat(positionOf(Checkpoint.LATEST, PIN)).isEqualTo(ReadPosition.atTimestamp(PIN));
    assertThat(positionOf(Checkpoint.LATEST, null)).isEqualTo(ReadPosition.latest());
    assertThat(positionOf(Checkpoint.AT_TIMESTAMP, PIN)).isEqualTo(ReadPosition.atTimestamp(PIN));
  }

  @Test
  void aCheckpointedRecordIsAskedForAgainBecauseTheCheckpointMayStandInsideIt() {
    Checkpoint inside = new Checkpoint("49", 3);
    assertThat(positionOf(inside, PIN)).isEqualTo(ReadPosition.atSequenceNumber("49"));
    assertThat(ReadStart.of(Checkpoint.at("49"), null))
        .contains(new ReadStart(ReadPosition.atSequenceNumber("49"), Checkpoint.at("49")));
  }

  @Test
  void nothingIsLeftToReadAtShardEnd() {
    assertThat(ReadStart.of(Checkpoint.SHARD_END, null)).isEmpty();
  }

  @Test
  void atTimestampWithoutAnInstantSaysWhatToSet() {
    assertThatThrownBy(() -> ReadStart.of(Checkpoint.AT_TIMESTAMP, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Set initialPosition");
  }

  @Test
  void aPositionCarriesExactlyWhatItsKindNeeds() {
    assertThatThrownBy(() -> new ReadPosition(ReadPosition.Kind.LATEST, "1", null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ReadPosition(ReadPosition.Kind.AT_TIMESTAMP, null, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ReadPosition positionOf(Checkpoint checkpoint, @Nullable Instant startAt) {
    return ReadStart.of(checkpoint, startAt).orElseThrow().position();
  }
}
