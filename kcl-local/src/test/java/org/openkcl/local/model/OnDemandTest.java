package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OnDemandTest {
  /** One for all, so that the test does not hold a gigabyte. */
  private static final byte[] ALMOST_A_MIB = new byte[1024 * 1024 - 1];

  private final ModelFixture fixture = new ModelFixture(
      new LocalStreamsSettings(1L << 40, 50, ServiceLimits.none(), ServiceDelays.none()));
  private final StreamModes modes = fixture.streams.control().modes();

  OnDemandTest() {
    fixture.streams.createStream(NewStream.onDemand(STREAM));
  }

  @Test
  void startsWithFourShards() {
    assertThat(openShards()).isEqualTo(4);
    assertThat(fixture.streams.describe(STREAM).features().mode()).isEqualTo(StreamMode.ON_DEMAND);
    assertThat(fixture.streams.limits()).isEqualTo(new AccountLimits(50, 4, 1, 50));
  }

  @Test
  void keepsRoomForTwiceTheBusiestMinuteByBytes() {
    putMiB(120);
    fixture.advance(Duration.ofMinutes(1));
    assertThat(openShards()).isEqualTo(4);
    putMiB(180);
    assertThat(openShards()).isEqualTo(4);
    fixture.advance(Duration.ofMinutes(1));
    assertThat(openShards()).isEqualTo(6);
    putMiB(1_000);
    fixture.advance(Duration.ofMinutes(1));
    assertThat(openShards()).as("doubled at most").isEqualTo(12);
    fixture.advance(Duration.ofHours(10));
    assertThat(openShards()).as("the peak is remembered").isEqualTo(24);
    fixture.advance(Duration.ofDays(2));
    fixture.streams.describe(STREAM);
    fixture.advance(Duration.ofDays(2));
    assertThat(openShards()).as("twice 1000 MiB a minute").isEqualTo(34);
  }

  @Test
  void keepsRoomForTwiceTheBusiestMinuteByRecords() {
    List<PutEntry> batch = Collections.nCopies(500, new PutEntry("k", null, new byte[0]));
    for (int i = 0; i < 360; i++) {
      fixture.streams.putAll(STREAM, batch);
    }
    fixture.advance(Duration.ofMinutes(1));
    assertThat(openShards()).isEqualTo(6);
  }

  @Test
  void growsByOrdinaryReshards() {
    String iterator = fixture.iterator(0, IteratorPosition.trimHorizon());
    putMiB(240);
    fixture.advance(Duration.ofMinutes(1));
    assertThat(fixture.streams.describe(STREAM).openShardCount()).isEqualTo(8);
    assertThat(fixture.streams.read(iterator, 10_000).childShards()).hasSizeBetween(0, 2);
    assertThat(fixture.shards()).hasSize(12);
  }

  @Test
  void staysWithinTheAccountsShards() {
    fixture.streams.createStream("others", 44);
    putMiB(1_000);
    fixture.advance(Duration.ofMinutes(1));
    assertThat(openShards()).isEqualTo(4);
  }

  @Test
  void isNotReshardedByHand() {
    assertError(
        "ValidationException",
        "UpdateShardCount is only supported for data streams with the provisioned capacity mode",
        () -> fixture.streams.updateShardCount(STREAM, 8));
    assertError("ValidationException", "SplitShard is only", () -> fixture.splitInHalf(0));
    assertError("ValidationException", "MergeShards is only", () -> fixture.merge(0, 1));
    modes.update(STREAM, StreamMode.PROVISIONED, null);
    fixture.streams.updateShardCount(STREAM, 8);
    assertThat(openShards()).isEqualTo(8);
  }

  @Test
  void isLimitedTo50AnAccount() {
    ModelFixture account = new ModelFixture();
    for (int i = 0; i < 50; i++) {
      account.streams.createStream(NewStream.onDemand("s" + i));
    }
    account.streams.createStream(STREAM, 1);
    assertError(
        "LimitExceededException",
        "50 on-demand streams",
        () -> account.streams.createStream(NewStream.onDemand("one-more")));
    assertError(
        "LimitExceededException",
        "50 on-demand streams",
        () -> account.streams.control().modes().update(STREAM, StreamMode.ON_DEMAND, null));
  }

  @Test
  void takesNoShardCount() {
    assertError(
        "ValidationException",
        "ShardCount must not be given",
        () -> fixture.streams.createStream(
            new NewStream("x", StreamMode.ON_DEMAND, 2, Map.of(), null, null)));
  }

  @Test
  void isWarmedUpOnceTheAccountIsCommitted() {
    assertError(
        "ValidationException", "MinimumThroughputBillingCommitment", () -> modes.warm(STREAM, 10));
    fixture.streams.control().account().enable();
    StreamDescription warm = modes.warm(STREAM, 10);
    assertThat(warm.openShardCount()).isEqualTo(10);
    assertThat(warm.features().warmThroughputMiBps()).isEqualTo(10);
    assertError("InvalidArgumentException", "10240", () -> modes.warm(STREAM, 10_241));
    assertError("LimitExceededException", "shard limit", () -> modes.warm(STREAM, 51));
    fixture.streams.createStream(NewStream.onDemand("warm").withWarmThroughput(7));
    assertThat(fixture.streams.describe("warm").openShardCount()).isEqualTo(7);
    fixture.streams.createStream("provisioned", 1);
    assertError(
        "ValidationException", "is in PROVISIONED mode", () -> modes.warm("provisioned", 1));
  }

  private int openShards() {
    return fixture.streams.describe(STREAM).openShardCount();
  }

  private void putMiB(int count) {
    for (int i = 0; i < count; i++) {
      fixture.streams.put(STREAM, "k", null, ALMOST_A_MIB);
    }
  }
}
