package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;
import static org.openkcl.local.model.ModelFixture.bytes;
import static org.openkcl.local.model.ModelFixture.id;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limits of shards and call rates, on a clock that only the test moves. */
class LimitsTest {
  private static final String RATE_EXCEEDED =
      "Rate exceeded for shard shardId-000000000000 in stream orders under account 000000000000.";
  private static final int MIB = 1024 * 1024;

  private final ModelFixture fixture =
      new ModelFixture(LocalStreamsSettings.defaults().withLimits(ServiceLimits.service()));

  @BeforeEach
  void createStream() {
    fixture.streams.createStream(STREAM, 1);
  }

  @Test
  void aShardTakes1000RecordsASecond() {
    PutEntry entry = new PutEntry("k", null, new byte[1]);
    assertThat(refusals(Collections.nCopies(500, entry))).isZero();
    assertThat(refusals(Collections.nCopies(499, entry))).isZero();
    List<PutOutcome> outcomes = fixture.streams.putEach(STREAM, Collections.nCopies(3, entry));
    assertThat(outcomes.get(0)).isInstanceOf(PutResult.class);
    assertThat(outcomes.subList(1, 3))
        .containsOnly(new PutRefusal("ProvisionedThroughputExceededException", RATE_EXCEEDED));
    fixture.advance(Duration.ofMillis(999));
    assertThat(refusals(List.of(entry))).isEqualTo(1);
    fixture.advance(Duration.ofMillis(1));
    assertThat(refusals(List.of(entry))).isZero();
    assertThat(fixture.read(0, IteratorPosition.trimHorizon()).records()).hasSize(1_001);
  }

  @Test
  void aShardTakesOneMebibyteASecondWithPartitionKeys() {
    PutEntry half = new PutEntry("12345678", null, new byte[MIB / 2 - 8]);
    assertThat(refusals(List.of(half, half, half))).isEqualTo(1);
    fixture.advance(Duration.ofSeconds(1));
    PutEntry longerKey = new PutEntry("12345678\u00e4", null, new byte[MIB / 2 - 8]);
    assertThat(refusals(List.of(half, longerKey))).isEqualTo(1);
  }

  @Test
  void aSmallRecordStillFitsWhereALargeOneDoesNot() {
    PutEntry large = new PutEntry("k", null, new byte[600_000]);
    PutEntry small = new PutEntry("k", null, new byte[1_000]);
    List<PutOutcome> outcomes = fixture.streams.putEach(STREAM, List.of(large, large, small));
    assertThat(outcomes)
        .extracting(outcome -> outcome.<Boolean>match(stored -> true, refused -> false))
        .containsExactly(true, false, true);
  }

  @Test
  void aLargeRecordUsesUpTheSecondsThatFollow() {
    fixture.streams.control().settings().updateMaxRecordSize(STREAM, 10_240);
    PutEntry large = new PutEntry("k", null, new byte[4 * MIB - 1]);
    PutEntry small = new PutEntry("k", null, new byte[1]);
    assertThat(refusals(List.of(large, small))).isEqualTo(1);
    fixture.advance(Duration.ofMillis(3_999));
    assertThat(refusals(List.of(small))).isEqualTo(1);
    fixture.advance(Duration.ofMillis(1));
    assertThat(refusals(List.of(small))).isZero();
  }

  @Test
  void otherShardsAreNotConcerned() {
    fixture.streams.createStream("wide", 2);
    PutEntry first = new PutEntry("k", "0", new byte[MIB - 1]);
    PutEntry second = new PutEntry("k", "340282366920938463463374607431768211455", bytes("x"));
    List<PutOutcome> outcomes = fixture.streams.putEach("wide", List.of(first, first, second));
    assertThat(outcomes)
        .extracting(outcome -> outcome.<Boolean>match(stored -> true, refused -> false))
        .containsExactly(true, false, true);
  }

  @Test
  void aSinglePutIsRefusedAsAWhole() {
    fixture.streams.put(STREAM, "k", null, new byte[MIB - 1]);
    assertError(
        "ProvisionedThroughputExceededException",
        RATE_EXCEEDED,
        () -> fixture.streams.put(STREAM, "k", null, new byte[1]));
  }

  @Test
  void refusedRecordsTakeNoRoom() {
    ModelFixture small =
        new ModelFixture(ModelFixture.settings(3_000_000, 10).withLimits(ServiceLimits.service()));
    small.streams.createStream(STREAM, 1);
    PutEntry entry = new PutEntry("k", null, new byte[MIB - 1]);
    small.streams.putEach(STREAM, List.of(entry, entry));
    small.advance(Duration.ofSeconds(1));
    assertThat(small.streams.putEach(STREAM, List.of(entry)).get(0)).isInstanceOf(PutResult.class);
  }

  @Test
  void aShardIsReadFiveTimesASecond() {
    String iterator = fixture.iterator(0, IteratorPosition.latest());
    for (int i = 0; i < 5; i++) {
      fixture.streams.read(iterator, 10);
    }
    assertError(
        "ProvisionedThroughputExceededException",
        RATE_EXCEEDED,
        () -> fixture.streams.read(iterator, 10));
    fixture.advance(Duration.ofSeconds(1));
    fixture.streams.read(iterator, 10);
  }

  @ParameterizedTest
  @CsvSource({"10, 5000", "4, 2000", "3, 1000", "2, 1000"})
  void aReadOfSoManyMebibytesClosesTheShardForSoLong(int mebibytes, long millis) {
    for (int i = 0; i < mebibytes; i++) {
      fixture.streams.put(STREAM, "k", null, new byte[MIB - 1]);
      fixture.advance(Duration.ofSeconds(1));
    }
    String iterator = fixture.iterator(0, IteratorPosition.trimHorizon());
    assertThat(fixture.streams.read(iterator, mebibytes).records()).hasSize(mebibytes);
    fixture.advance(Duration.ofMillis(millis - 1));
    assertError(
        "ProvisionedThroughputExceededException",
        RATE_EXCEEDED,
        () -> fixture.streams.read(iterator, 1));
    fixture.advance(Duration.ofMillis(1));
    assertThat(fixture.streams.read(iterator, 1).records()).hasSize(1);
  }

  @Test
  void aShardGivesFiveIteratorsASecond() {
    for (int i = 0; i < 5; i++) {
      fixture.iterator(0, IteratorPosition.latest());
    }
    assertError(
        "ProvisionedThroughputExceededException",
        RATE_EXCEEDED,
        () -> fixture.iterator(0, IteratorPosition.latest()));
    fixture.advance(Duration.ofSeconds(1));
    fixture.iterator(0, IteratorPosition.latest());
  }

  @ParameterizedTest
  @CsvSource({
    "CreateStream, 5",
    "DeleteStream, 5",
    "SplitShard, 5",
    "MergeShards, 5",
    "DescribeStream, 10",
    "DescribeStreamSummary, 20",
    "DescribeLimits, 1",
    "ListShards, 1000"
  })
  void callsAreCounted(String operation, int perSecond) {
    Call call = new Call("", operation);
    for (int i = 0; i < perSecond; i++) {
      fixture.streams.countCall(call, STREAM);
    }
    assertError(
        "LimitExceededException",
        "Rate exceeded for ",
        () -> fixture.streams.countCall(call, STREAM));
    fixture.advance(Duration.ofSeconds(1));
    fixture.streams.countCall(call, STREAM);
  }

  @Test
  void someRatesAreEachStreamsOwn() {
    fixture.streams.createStream("other", 1);
    Call call = new Call("", "ListShards");
    for (int i = 0; i < 1_000; i++) {
      fixture.streams.countCall(call, STREAM);
    }
    fixture.streams.countCall(call, "other");
    fixture.streams.countCall(call, "none of this name");
  }

  @Test
  void withoutLimitsNothingIsCounted() {
    ModelFixture free = ModelFixture.withShards(1);
    for (int i = 0; i < 50; i++) {
      free.streams.putAll(
          STREAM, Collections.nCopies(5, new PutEntry("k", null, new byte[MIB / 2])));
      free.read(0, IteratorPosition.trimHorizon());
      free.streams.countCall(new Call("", "DescribeLimits"), STREAM);
    }
    assertThat(free.shards().get(0).shardId()).isEqualTo(id(0));
  }

  private long refusals(List<PutEntry> entries) {
    return fixture.streams.putEach(STREAM, entries).stream()
        .filter(outcome -> outcome.<Boolean>match(stored -> false, refused -> true))
        .count();
  }
}
