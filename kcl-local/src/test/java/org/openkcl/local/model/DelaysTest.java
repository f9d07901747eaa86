package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;
import static org.openkcl.local.model.ModelFixture.id;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Changes that take their time, on a clock that only the test moves. */
class DelaysTest {
  private static final ServiceDelays DELAYS = new ServiceDelays(
      Duration.ofSeconds(10),
      Duration.ofSeconds(20),
      Duration.ofSeconds(30),
      Duration.ofSeconds(7),
      Duration.ofSeconds(2),
      Duration.ofSeconds(5));

  private final ModelFixture fixture =
      new ModelFixture(LocalStreamsSettings.defaults().withDelays(DELAYS));

  private void createActive(int shards) {
    fixture.streams.createStream(STREAM, shards);
    fixture.advance(DELAYS.create());
  }

  private String status() {
    return fixture.streams.describe(STREAM).status();
  }

  private void assertInUse(String status, ThrowingCallable call) {
    assertError(
        "ResourceInUseException",
        "Stream orders under account 000000000000 not ACTIVE, instead in state " + status,
        call);
  }

  @Test
  void aStreamIsCreatingUntilItsTime() {
    fixture.streams.createStream(STREAM, 2);
    fixture.advance(DELAYS.create().minusMillis(1));
    assertThat(status()).isEqualTo("CREATING");
    assertThat(fixture.streams.describe(STREAM).openShardCount()).isZero();
    assertError("ResourceNotFoundException", "not found", () -> fixture.put("a"));
    assertError(
        "ResourceNotFoundException",
        "not found",
        () -> fixture.iterator(0, IteratorPosition.latest()));
    assertInUse("CREATING", fixture::shards);
    assertInUse("CREATING", () -> fixture.merge(0, 1));
    assertError("ResourceInUseException", "exists", () -> fixture.streams.createStream(STREAM, 1));
    fixture.advance(Duration.ofMillis(1));
    assertThat(status()).isEqualTo("ACTIVE");
    assertThat(fixture.openShardIds()).containsExactly(id(0), id(1));
    fixture.put("a");
  }

  @Test
  void aStreamThatIsDeletedGoesOnUntilItIsGone() {
    createActive(1);
    fixture.put("a");
    fixture.streams.deleteStream(STREAM);
    assertThat(status()).isEqualTo("DELETING");
    fixture.put("b");
    String iterator = fixture.iterator(0, IteratorPosition.trimHorizon());
    assertThat(ModelFixture.texts(fixture.streams.read(iterator, 10))).containsExactly("a", "b");
    assertError("ResourceInUseException", "exists", () -> fixture.streams.createStream(STREAM, 1));
    assertInUse("DELETING", () -> fixture.splitInHalf(0));
    fixture.advance(DELAYS.delete().minusMillis(1));
    fixture.streams.deleteStream(STREAM); // again: no later for that
    assertThat(fixture.streams.listStreams()).hasSize(1);
    fixture.advance(Duration.ofMillis(1));
    assertThat(fixture.streams.listStreams()).isEmpty();
    assertError("ResourceNotFoundException", "not found", this::status);
    assertError("ResourceNotFoundException", "not found", () -> fixture.streams.read(iterator, 1));
    fixture.streams.createStream(STREAM, 1);
  }

  @Test
  void roomIsFreeAgainOnceAStreamIsGone() {
    ModelFixture small = new ModelFixture(ModelFixture.settings(1_000_000, 3).withDelays(DELAYS));
    small.streams.createStream(STREAM, 3);
    small.streams.deleteStream(STREAM);
    assertError(
        "LimitExceededException", "shard limit", () -> small.streams.createStream("other", 1));
    small.advance(DELAYS.delete());
    small.streams.createStream("other", 3);
  }

  @Test
  void childrenAppearAfterTheDelay() {
    createActive(1);
    fixture.put("a");
    fixture.splitInHalf(0);
    assertThat(status()).isEqualTo("UPDATING");
    fixture.advance(DELAYS.reshard().minusMillis(1));
    fixture.put("b"); // still to the parent
    assertThat(fixture.streams.describe(STREAM).openShardCount()).isEqualTo(1);
    assertThat(fixture.read(0, IteratorPosition.trimHorizon()).nextIterator()).isNotNull();
    assertInUse("UPDATING", () -> fixture.splitInHalf(0));
    assertInUse("UPDATING", () -> fixture.streams.updateShardCount(STREAM, 2));
    fixture.advance(Duration.ofMillis(1));
    assertThat(status()).isEqualTo("ACTIVE");
    assertThat(fixture.streams.describe(STREAM).openShardCount()).isEqualTo(2);
    ReadResult end = fixture.read(0, IteratorPosition.trimHorizon());
    assertThat(ModelFixture.texts(end)).containsExactly("a", "b");
    assertThat(end.nextIterator()).isNull();
    assertThat(end.childShards()).hasSize(2);
  }

  @Test
  void aChangeHappensWhenItIsDueThoughNobodyLooks() {
    createActive(2);
    fixture.merge(0, 1);
    fixture.advance(DELAYS.reshard().plusHours(1));
    PutResult put = fixture.put("a");
    assertThat(put.shardId()).isEqualTo(id(2));
    assertThat(fixture.listed(ShardFilter.of(ShardFilter.Type.AT_LATEST))).containsExactly(id(2));
    assertThat(fixture.listed(new ShardFilter(
            ShardFilter.Type.AT_TIMESTAMP, null, fixture.now().minusSeconds(3_600))))
        .contains(id(2));
  }

  @Test
  void recordsAreEncryptedOnceTheKeyHolds() {
    createActive(1);
    StreamEncryption encryption = fixture.streams.control().encryption();
    encryption.start(STREAM, "KMS", "alias/aws/kinesis");
    fixture.put("a");
    assertThat(encryption.type(STREAM)).isEqualTo("NONE");
    assertInUse("UPDATING", () -> encryption.stop(STREAM, "KMS", "alias/aws/kinesis"));
    assertSettingHoldsInTime();
    fixture.put("b");
    assertThat(encryption.type(STREAM)).isEqualTo("KMS");
    encryption.stop(STREAM, "KMS", "alias/aws/kinesis");
    fixture.put("c");
    assertSettingHoldsInTime();
    fixture.put("d");
    assertThat(fixture.read(0, IteratorPosition.trimHorizon()).records())
        .extracting(record -> record.keyArn() != null)
        .containsExactly(false, true, true, false);
  }

  @Test
  void whatExpiresBeforeALongerRetentionHoldsStaysAway() {
    createActive(1);
    StreamSettings settings = fixture.streams.control().settings();
    fixture.put("a");
    fixture.advance(Duration.ofSeconds(10));
    fixture.put("b");
    fixture.advance(Duration.ofHours(24).minusSeconds(10));
    settings.increaseRetention(STREAM, 48);
    assertThat(fixture.texts(0, IteratorPosition.trimHorizon())).containsExactly("a", "b");
    assertThat(fixture.streams.describe(STREAM).retention()).isEqualTo(Duration.ofHours(24));
    assertInUse("UPDATING", () -> settings.increaseRetention(STREAM, 72));
    assertSettingHoldsInTime();
    assertThat(fixture.texts(0, IteratorPosition.trimHorizon())).containsExactly("b");
    assertThat(fixture.streams.describe(STREAM).retention()).isEqualTo(Duration.ofDays(2));
    fixture.advance(Duration.ofHours(2));
    settings.decreaseRetention(STREAM, 24);
    assertThat(fixture.texts(0, IteratorPosition.trimHorizon())).containsExactly("b");
    assertSettingHoldsInTime();
    assertThat(fixture.texts(0, IteratorPosition.trimHorizon())).isEmpty();
  }

  @Test
  void otherSettingsTakeTheirTimeToo() {
    createActive(1);
    ControlPlane control = fixture.streams.control();
    control.modes().update(STREAM, StreamMode.ON_DEMAND, null);
    assertThat(features().mode()).isEqualTo(StreamMode.PROVISIONED);
    assertSettingHoldsInTime();
    assertThat(features().mode()).isEqualTo(StreamMode.ON_DEMAND);

    control.settings().updateMaxRecordSize(STREAM, 2_048);
    assertThat(features().maxRecordSizeKiB()).isEqualTo(1_024);
    assertSettingHoldsInTime();
    assertThat(features().maxRecordSizeKiB()).isEqualTo(2_048);

    control.settings().enableMonitoring(STREAM, List.of("OutgoingBytes"));
    assertSettingHoldsInTime();
    assertThat(control.settings().enableMonitoring(STREAM, List.of("IncomingBytes")))
        .isEqualTo(new StreamSettings.MonitoringChange(
            List.of(ShardLevelMetric.OUTGOING_BYTES),
            List.of(ShardLevelMetric.INCOMING_BYTES, ShardLevelMetric.OUTGOING_BYTES)));
    assertThat(features().shardLevelMetrics()).containsExactly(ShardLevelMetric.OUTGOING_BYTES);
    assertSettingHoldsInTime();
    assertThat(features().shardLevelMetrics())
        .containsExactly(ShardLevelMetric.INCOMING_BYTES, ShardLevelMetric.OUTGOING_BYTES);
  }

  @Test
  void aWarmThroughputIsToldAtOnceAndItsShardsComeLater() {
    fixture.streams.createStream(NewStream.onDemand(STREAM));
    fixture.advance(DELAYS.create());
    fixture.streams.control().account().enable();
    StreamDescription warming = fixture.streams.control().modes().warm(STREAM, 6);
    assertThat(warming.status()).isEqualTo("UPDATING");
    assertThat(warming.features().warmThroughputMiBps()).isEqualTo(6);
    assertThat(warming.openShardCount()).isEqualTo(4);
    fixture.advance(DELAYS.reshard().minusMillis(1));
    assertThat(fixture.streams.describe(STREAM)).isEqualTo(warming);
    fixture.advance(Duration.ofMillis(1));
    assertThat(status()).isEqualTo("ACTIVE");
    assertThat(fixture.streams.describe(STREAM).openShardCount()).isEqualTo(6);
  }

  private StreamFeatures features() {
    return fixture.streams.describe(STREAM).features();
  }

  private void assertSettingHoldsInTime() {
    fixture.advance(DELAYS.setting().minusMillis(1));
    assertThat(status()).isEqualTo("UPDATING");
    fixture.advance(Duration.ofMillis(1));
    assertThat(status()).isEqualTo("ACTIVE");
  }

  @Test
  void listingsLagBehind() {
    createActive(1);
    fixture.splitInHalf(0);
    fixture.advance(DELAYS.reshard());
    assertThat(fixture.read(0, IteratorPosition.trimHorizon()).nextIterator()).isNull();
    assertThat(fixture.shards()).hasSize(1);
    assertThat(fixture.shards().get(0).isOpen()).isTrue();
    assertThat(fixture.listed(ShardFilter.of(ShardFilter.Type.AT_LATEST))).containsExactly(id(0));
    fixture.advance(DELAYS.listing());
    assertThat(fixture.shards()).hasSize(3);
    assertThat(fixture.shards().get(0).isOpen()).isFalse();
    assertThat(fixture.listed(ShardFilter.of(ShardFilter.Type.AT_LATEST)))
        .containsExactly(id(1), id(2));
  }
}
