package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class InitialPositionTest {
  @Test
  void isAValue() {
    Instant instant = Instant.ofEpochSecond(5);
    assertThat(InitialPosition.latest()).isEqualTo(InitialPosition.latest()).hasToString("LATEST");
    assertThat(InitialPosition.trimHorizon()).isNotEqualTo(InitialPosition.latest());
    assertThat(InitialPosition.atTimestamp(instant))
        .isEqualTo(InitialPosition.atTimestamp(instant))
        .hasSameHashCodeAs(InitialPosition.atTimestamp(instant))
        .isNotEqualTo(InitialPosition.atTimestamp(instant.plusMillis(1)))
        .hasToString("AT_TIMESTAMP(1970-01-01T00:00:05Z)");
  }

  @Test
  void onlyATimestampHasOne() {
    assertThat(InitialPosition.latest().timestamp()).isEmpty();
    assertThat(InitialPosition.trimHorizon().timestamp()).isEmpty();
    assertThat(InitialPosition.atTimestamp(Instant.EPOCH).timestamp()).hasValue(Instant.EPOCH);
  }
}
