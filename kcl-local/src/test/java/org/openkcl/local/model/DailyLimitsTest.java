package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DailyLimitsTest {
  private static final int SHARDS_MAX = 50;

  private final ModelFixture fixture = new ModelFixture(new LocalStreamsSettings(
      1L << 20, SHARDS_MAX, ServiceLimits.service(), ServiceDelays.none()));

  DailyLimitsTest() {
    fixture.streams.createStream(STREAM, 2);
  }

  @Test
  void allowTenShardCountsWithin24Hours() {
    for (int i = 0; i < 10; i++) {
      fixture.streams.updateShardCount(STREAM, i % 2 == 0 ? 4 : 2);
      fixture.advance(Duration.ofHours(1));
    }
    assertError(
        "LimitExceededException",
        "UpdateShardCount can be used 10 times within 24 hours",
        () -> fixture.streams.updateShardCount(STREAM, 4));
    fixture.advance(Duration.ofHours(14));
    fixture.streams.updateShardCount(STREAM, 4);
    assertThat(fixture.streams.describe(STREAM).openShardCount()).isEqualTo(4);
  }

  @Test
  void allowTwoModesWithin24Hours() {
    StreamModes modes = fixture.streams.control().modes();
    modes.update(STREAM, StreamMode.ON_DEMAND, null);
    modes.update(STREAM, StreamMode.PROVISIONED, null);
    assertError(
        "LimitExceededException",
        "can switch its mode 2 times within 24 hours",
        () -> modes.update(STREAM, StreamMode.ON_DEMAND, null));
    fixture.advance(Duration.ofDays(1));
    modes.update(STREAM, StreamMode.ON_DEMAND, null);
  }

  @Test
  void doNotCountAModeThatIsRefusedForWantOfShards() {
    fixture.streams.control().account().enable();
    StreamModes modes = fixture.streams.control().modes();
    fixture.streams.createStream("others", SHARDS_MAX - 2);
    for (int i = 0; i < 3; i++) {
      assertError(
          "LimitExceededException",
          "would exceed the shard limit for the account",
          () -> modes.update(STREAM, StreamMode.ON_DEMAND, 3));
      fixture.advance(Duration.ofMinutes(1));
    }
    modes.update(STREAM, StreamMode.ON_DEMAND, 2);
    modes.update(STREAM, StreamMode.PROVISIONED, null);
    assertError(
        "LimitExceededException",
        "can switch its mode 2 times within 24 hours",
        () -> modes.update(STREAM, StreamMode.ON_DEMAND, null));
  }

  @Test
  void allow25StartsOfEncryptionWithin24Hours() {
    StreamEncryption encryption = fixture.streams.control().encryption();
    for (int i = 0; i < 25; i++) {
      encryption.start(STREAM, "KMS", KeyRegistry.SERVICE_ALIAS);
      encryption.stop(STREAM, "KMS", KeyRegistry.SERVICE_ALIAS);
    }
    assertError(
        "LimitExceededException",
        "StartStreamEncryption can be applied 25 times within 24 hours",
        () -> encryption.start(STREAM, "KMS", KeyRegistry.SERVICE_ALIAS));
    assertError(
        "LimitExceededException",
        "StopStreamEncryption can be applied 25 times",
        () -> encryption.stop(STREAM, "KMS", KeyRegistry.SERVICE_ALIAS));
  }

  @Test
  void areOffUnlessLimitsAreOn() {
    ModelFixture free = ModelFixture.withShards(2);
    for (int i = 0; i < 30; i++) {
      free.streams.updateShardCount(STREAM, i % 2 == 0 ? 4 : 2);
    }
    assertThat(free.streams.describe(STREAM).openShardCount()).isEqualTo(2);
  }
}
