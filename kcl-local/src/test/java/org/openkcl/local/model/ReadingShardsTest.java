package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.IteratorPosition.afterSequenceNumber;
import static org.openkcl.local.model.IteratorPosition.atSequenceNumber;
import static org.openkcl.local.model.IteratorPosition.atTimestamp;
import static org.openkcl.local.model.IteratorPosition.latest;
import static org.openkcl.local.model.IteratorPosition.trimHorizon;
import static org.openkcl.local.model.ModelFixture.START;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;
import static org.openkcl.local.model.ModelFixture.bytes;
import static org.openkcl.local.model.ModelFixture.id;
import static org.openkcl.local.model.ModelFixture.texts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadingShardsTest {
  private final ModelFixture fixture = ModelFixture.withShards(1);

  @Test
  void startsWhereTheIteratorTypeSays() {
    fixture.put("a");
    fixture.advance(Duration.ofSeconds(1));
    String b = fixture.put("b").sequenceNumber();
    String end = fixture.iterator(0, latest());
    fixture.advance(Duration.ofSeconds(1));
    fixture.put("c");

    assertThat(fixture.texts(0, trimHorizon())).containsExactly("a", "b", "c");
    assertThat(fixture.texts(0, atSequenceNumber(b))).containsExactly("b", "c");
    assertThat(fixture.texts(0, afterSequenceNumber(b))).containsExactly("c");
    assertThat(fixture.texts(0, atTimestamp(START))).containsExactly("a", "b", "c");
    assertThat(fixture.texts(0, atTimestamp(START.plusMillis(1)))).containsExactly("b", "c");
    assertThat(fixture.texts(0, atTimestamp(START.plusSeconds(1)))).containsExactly("b", "c");
    assertThat(fixture.texts(0, latest())).isEmpty();
    assertThat(texts(fixture.streams.read(end, 10))).containsExactly("c");
  }

  @Test
  void takesTheShardsOwnStartingNumberAsAPosition() {
    fixture.put("a");
    String start = fixture.shard(0).startingSequenceNumber();
    assertThat(fixture.texts(0, atSequenceNumber(start))).containsExactly("a");
    assertThat(fixture.texts(0, afterSequenceNumber(start))).containsExactly("a");
  }

  @Test
  void readsOnFromTheNextIteratorWithoutGapOrRepetition() {
    List<String> put = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      put.add("key-" + i);
      fixture.put("key-" + i);
    }
    List<String> seen = new ArrayList<>();
    String iterator = fixture.iterator(0, trimHorizon());
    for (int i = 0; i < 4; i++) {
      ReadResult result = fixture.streams.read(iterator, 7);
      seen.addAll(texts(result));
      iterator = Objects.requireNonNull(result.nextIterator());
    }
    assertThat(seen).containsExactlyElementsOf(put);
  }

  @Test
  void returnsTheRecordAsItWasPut() {
    fixture.advance(Duration.ofMillis(1_234));
    PutResult put = fixture.streams.put(STREAM, "key", null, bytes("payload"));
    StreamRecord record = fixture.read(0, trimHorizon()).records().get(0);
    assertThat(record.sequenceNumber()).isEqualTo(put.sequenceNumber());
    assertThat(record.partitionKey()).isEqualTo("key");
    assertThat(record.approximateArrival()).isEqualTo(START.plusMillis(1_234));
    assertThat(record.data().isReadOnly()).isTrue();
    assertThat(record.sharedData()).isEqualTo(bytes("payload"));
  }

  @Test
  void returnsAtMost10MiBAtOnceButAlwaysARecord() {
    for (int i = 0; i < 25; i++) {
      fixture.streams.put(STREAM, "a", null, new byte[1_000_000]);
    }
    ReadResult first = fixture.read(0, trimHorizon());
    assertThat(first.records()).hasSize(10);
    assertThat(first.millisBehindLatest()).isPositive();
  }

  @Test
  void tellsHowFarBehindTheLastRecordReturnedIs() {
    fixture.put("a");
    fixture.advance(Duration.ofSeconds(3));
    fixture.put("b");
    fixture.advance(Duration.ofSeconds(4));

    ReadResult first = fixture.streams.read(fixture.iterator(0, trimHorizon()), 1);
    assertThat(first.millisBehindLatest()).isEqualTo(7_000);
    ReadResult second = fixture.streams.read(Objects.requireNonNull(first.nextIterator()), 1);
    assertThat(second.millisBehindLatest()).isZero();
  }

  @Test
  void isBehindByAtLeastAMillisecondWhileRecordsAreLeft() {
    fixture.put("a");
    fixture.put("b");
    ReadResult first = fixture.streams.read(fixture.iterator(0, trimHorizon()), 1);
    assertThat(first.millisBehindLatest()).isEqualTo(1);
  }

  @Test
  void refusesAnIteratorOlderThanFiveMinutes() {
    String iterator = fixture.iterator(0, trimHorizon());
    fixture.advance(Duration.ofMinutes(5));
    String next = Objects.requireNonNull(fixture.streams.read(iterator, 1).nextIterator());
    fixture.advance(Duration.ofMillis(1));
    assertError(
        "ExpiredIteratorException",
        "Iterator expired. The iterator was created at time 2030-01-01T00:00:00Z while right now it"
            + " is 2030-01-01T00:05:00.001Z which is further in the future than the tolerated delay"
            + " of 300000 milliseconds.",
        () -> fixture.streams.read(iterator, 1));
    assertThat(fixture.streams.read(next, 1).records()).isEmpty();
  }

  @Test
  void refusesADamagedIterator() {
    String iterator = fixture.iterator(0, trimHorizon());
    char last = iterator.charAt(9);
    String damaged = iterator.substring(0, 9) + (last == 'A' ? 'B' : 'A') + iterator.substring(10);
    for (String wrong : List.of(damaged, "", "x", "not base64!", iterator + iterator)) {
      assertError(
          "InvalidArgumentException",
          "Invalid ShardIterator.",
          () -> fixture.streams.read(wrong, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 10_001})
  void refusesALimitOutsideOneToTenThousand(int limit) {
    String iterator = fixture.iterator(0, trimHorizon());
    assertError("ValidationException", "at 'limit'", () -> fixture.streams.read(iterator, limit));
  }

  @Test
  void refusesAShardThatIsNotThere() {
    for (String shardId : List.of(id(1), "shard-0", "shardId-0", "shardId-99999999999999")) {
      assertError(
          "ResourceNotFoundException",
          "Shard " + shardId + " in stream orders under account 000000000000 does not exist",
          () -> fixture.streams.shardIterator(STREAM, shardId, trimHorizon()));
    }
  }

  @Test
  void refusesATimestampInTheFuture() {
    assertError(
        "InvalidArgumentException",
        "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis.",
        () -> fixture.iterator(0, atTimestamp(START.plusMillis(1))));
  }

  @Test
  void refusesASequenceNumberOfAnotherStreamOrShard() {
    fixture.streams.createStream("other", 2);
    String other = fixture.streams.put("other", "a", "0", bytes("x")).sequenceNumber();
    for (String wrong : List.of(other, "0", "abc", "9".repeat(56), "4".repeat(56))) {
      assertError(
          "InvalidArgumentException",
          "is invalid because it did not come from this stream.",
          () -> fixture.iterator(0, atSequenceNumber(wrong)));
    }
    assertError(
        "InvalidArgumentException",
        "is invalid because it did not come from this shard.",
        () -> fixture.streams.shardIterator("other", id(1), atSequenceNumber(other)));
  }

  @Test
  void forgetsRecordsAfter24Hours() {
    String a = fixture.put("a").sequenceNumber();
    fixture.advance(Duration.ofHours(1));
    fixture.put("b");
    fixture.advance(Duration.ofHours(23));
    assertThat(fixture.texts(0, trimHorizon())).containsExactly("a", "b");
    fixture.advance(Duration.ofMillis(1));
    assertThat(fixture.texts(0, trimHorizon())).containsExactly("b");
    assertThat(fixture.texts(0, atSequenceNumber(a))).containsExactly("b");
  }

  @Test
  void endsWithTheRecordsOfAClosedShardAndNamesBothHalves() {
    fixture.put("a");
    fixture.splitInHalf(0);
    ReadResult result = fixture.read(0, trimHorizon());
    assertThat(texts(result)).containsExactly("a");
    assertThat(result.nextIterator()).isNull();
    assertThat(result.millisBehindLatest()).isZero();
    assertThat(result.childShards())
        .containsExactly(
            new ChildShard(id(1), List.of(id(0)), fixture.shard(1).hashKeyRange()),
            new ChildShard(id(2), List.of(id(0)), fixture.shard(2).hashKeyRange()));
  }

  @Test
  void goesOnWhileAClosedShardHasRecordsLeft() {
    fixture.put("a");
    fixture.put("b");
    fixture.splitInHalf(0);
    ReadResult first = fixture.streams.read(fixture.iterator(0, trimHorizon()), 1);
    assertThat(first.childShards()).isEmpty();
    ReadResult second = fixture.streams.read(Objects.requireNonNull(first.nextIterator()), 1);
    assertThat(texts(second)).containsExactly("b");
    assertThat(second.nextIterator()).isNull();
    assertThat(second.childShards()).hasSize(2);
  }

  @Test
  void namesTheOneChildOfAMergeWithBothParents() {
    fixture.splitInHalf(0);
    fixture.merge(1, 2);
    ReadResult result = fixture.read(2, latest());
    assertThat(result.records()).isEmpty();
    assertThat(result.nextIterator()).isNull();
    assertThat(result.childShards())
        .containsExactly(new ChildShard(id(3), List.of(id(1), id(2)), HashKeyRange.ALL));
  }
}
