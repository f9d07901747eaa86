package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetentionTest {
  private final ModelFixture fixture = ModelFixture.withShards(1);
  private final StreamSettings settings = fixture.streams.control().settings();

  @Test
  void keepsRecordsAsLongAsWasAskedFor() {
    fixture.put("a");
    settings.increaseRetention(STREAM, 8_760);
    assertThat(fixture.streams.describe(STREAM).retention()).isEqualTo(Duration.ofDays(365));
    fixture.advance(Duration.ofDays(365));
    assertThat(texts()).containsExactly("a");
    fixture.advance(Duration.ofMillis(1));
    assertThat(texts()).isEmpty();
  }

  @Test
  void doesNotBringBackWhatHasExpired() {
    fixture.put("old");
    fixture.advance(Duration.ofHours(24).plusMillis(1));
    fixture.put("new");
    settings.increaseRetention(STREAM, 48);
    assertThat(texts()).containsExactly("new");
  }

  @Test
  void losesWhatIsOlderWhenDecreased() {
    settings.increaseRetention(STREAM, 48);
    fixture.put("old");
    fixture.advance(Duration.ofHours(25));
    fixture.put("new");
    assertThat(texts()).containsExactly("old", "new");
    settings.decreaseRetention(STREAM, 24);
    assertThat(texts()).containsExactly("new");
    settings.increaseRetention(STREAM, 48);
    assertThat(texts()).containsExactly("new");
  }

  @Test
  void staysWithinADayAndAYear() {
    assertError(
        "InvalidArgumentException",
        "Maximum allowed retention period is 8760 hours.",
        () -> settings.increaseRetention(STREAM, 8_761));
    assertError(
        "InvalidArgumentException",
        "Minimum allowed retention period is 24 hours.",
        () -> settings.decreaseRetention(STREAM, 23));
    settings.increaseRetention(STREAM, 48);
    assertError(
        "InvalidArgumentException",
        "can not be shorter than existing retention period (48 hours)",
        () -> settings.increaseRetention(STREAM, 47));
    assertError(
        "InvalidArgumentException",
        "can not be longer than existing retention period (48 hours)",
        () -> settings.decreaseRetention(STREAM, 49));
  }

  @Test
  void keepsAClosedShardAsLongAsItsRecords() {
    settings.increaseRetention(STREAM, 48);
    fixture.splitInHalf(0);
    fixture.advance(Duration.ofDays(2));
    assertThat(fixture.shards()).hasSize(3);
    fixture.advance(Duration.ofMillis(1));
    assertThat(fixture.shards()).hasSize(2);
  }

  private List<String> texts() {
    return fixture.texts(0, IteratorPosition.trimHorizon());
  }
}
