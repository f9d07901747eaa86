package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;
import static org.openkcl.local.model.ModelFixture.bytes;
import static org.openkcl.local.model.ModelFixture.number;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PuttingRecordsTest {
  private final ModelFixture fixture = ModelFixture.withShards(4);

  @ParameterizedTest
  @CsvSource({"a, 0", "b, 2", "c, 1", "d, 2", "é, 1", "orders-42, 2"})
  void picksTheShardByTheMd5OfTheKeysUtf8(String partitionKey, int shardIndex) {
    assertThat(fixture.put(partitionKey).shardId()).isEqualTo(ModelFixture.id(shardIndex));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "85070591730234615865843651857942052863, 0",
    "85070591730234615865843651857942052864, 1",
    "340282366920938463463374607431768211455, 3"
  })
  void picksTheShardByTheExplicitHashKey(String hashKey, int shardIndex) {
    PutResult result = fixture.streams.put(STREAM, "a", hashKey, bytes("x"));
    assertThat(result.shardId()).isEqualTo(ModelFixture.id(shardIndex));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "01", "-1", "abc", "3402823669209384634633746074317682114560"})
  void refusesAnExplicitHashKeyThatIsNoNumber(String hashKey) {
    assertError(
        "ValidationException",
        "at 'explicitHashKey' failed to satisfy constraint",
        () -> fixture.streams.put(STREAM, "a", hashKey, bytes("x")));
  }

  @Test
  void refusesAnExplicitHashKeyOfMoreThan128Bits() {
    assertError(
        "InvalidArgumentException",
        "must be in the range: [0, 2^128-1]",
        () -> putWithHashKey("340282366920938463463374607431768211456"));
  }

  private void putWithHashKey(@Nullable String hashKey) {
    fixture.streams.put(STREAM, "a", hashKey, bytes("x"));
  }

  @Test
  void givesSequenceNumbersOf56DigitsThatIncreaseOverAllShards() {
    List<BigInteger> numbers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String number = fixture.put("key-" + i).sequenceNumber();
      assertThat(number).hasSize(56);
      numbers.add(number(number));
      fixture.advance(Duration.ofMillis(i % 3));
    }
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void keepsSequenceNumbersIncreasingWhenTheClockGoesBack() {
    BigInteger before = number(fixture.put("a").sequenceNumber());
    fixture.advance(Duration.ofHours(-1));
    assertThat(number(fixture.put("a").sequenceNumber())).isGreaterThan(before);
  }

  @Test
  void putsManyInTheOrderGiven() {
    List<PutEntry> entries = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      entries.add(new PutEntry("key-" + i, "0", bytes("x")));
    }
    List<PutResult> results = fixture.streams.putAll(STREAM, entries);
    assertThat(results.stream().map(PutResult::sequenceNumber)).isSorted();
    assertThat(fixture.texts(0, IteratorPosition.trimHorizon()))
        .containsExactlyElementsOf(entries.stream().map(PutEntry::partitionKey).toList());
  }

  @Test
  void refusesMoreThan500Records() {
    List<PutEntry> entries = Collections.nCopies(501, new PutEntry("a", null, bytes("x")));
    assertError(
        "ValidationException",
        "at 'records' failed to satisfy constraint: Member must have length less than or equal to"
            + " 500",
        () -> fixture.streams.putAll(STREAM, entries));
  }

  @Test
  void refusesMoreThan10MiBAtOnceAndPutsNone() {
    List<PutEntry> entries = Collections.nCopies(11, new PutEntry("a", null, new byte[1_000_000]));
    assertError(
        "InvalidArgumentException",
        "Records size exceeds 10 MB limit",
        () -> fixture.streams.putAll(STREAM, entries));
    assertThat(fixture.texts(0, IteratorPosition.trimHorizon())).isEmpty();
  }

  @Test
  void refusesTheWholeCallWhenOneRecordIsWrong() {
    List<PutEntry> entries =
        List.of(new PutEntry("a", null, bytes("x")), new PutEntry("", null, bytes("x")));
    assertError(
        "ValidationException",
        "at 'records.2.member.partitionKey'",
        () -> fixture.streams.putAll(STREAM, entries));
    assertThat(fixture.texts(0, IteratorPosition.trimHorizon())).isEmpty();
  }

  @Test
  void takes1MiBOfDataAndKeyAndNoByteMore() {
    fixture.streams.put(STREAM, "é", null, new byte[1024 * 1024 - 2]);
    assertError(
        "InvalidArgumentException",
        "must not exceed 1048576 bytes together: got 1048577",
        () -> fixture.streams.put(STREAM, "é", null, new byte[1024 * 1024 - 1]));
    assertError(
        "ValidationException",
        "at 'data' failed to satisfy constraint: Member must have length less than or equal to"
            + " 10485760",
        () -> fixture.streams.put(STREAM, "a", null, new byte[10 * 1024 * 1024 + 1]));
  }

  @Test
  void takesUpTo10MiBWhereTheStreamAllowsIt() {
    StreamSettings settings = fixture.streams.control().settings();
    settings.updateMaxRecordSize(STREAM, 10_240);
    fixture.streams.put(STREAM, "a", null, new byte[10 * 1024 * 1024 - 1]);
    settings.updateMaxRecordSize(STREAM, 2_048);
    assertError(
        "InvalidArgumentException",
        "must not exceed 2097152 bytes together: got 2097153",
        () -> fixture.streams.put(STREAM, "a", null, new byte[2 * 1024 * 1024]));
    for (int kib : new int[] {1_023, 10_241}) {
      assertError(
          "ValidationException",
          "between 1024 and 10240",
          () -> settings.updateMaxRecordSize(STREAM, kib));
    }
  }

  @Test
  void aRecordCanBeOrderedAfterAnyThatTheStreamHasTaken() {
    String number = fixture.put("a").sequenceNumber();
    fixture.streams.checkOrdering(STREAM, number);
    fixture.streams.checkOrdering(STREAM, "0");
    PutResult next = fixture.put("a");
    assertThat(new BigInteger(next.sequenceNumber())).isGreaterThan(new BigInteger(number));
    for (String wrong : List.of("", "-1", "01", "x", "1".repeat(130))) {
      assertError(
          "ValidationException",
          "sequenceNumberForOrdering",
          () -> fixture.streams.checkOrdering(STREAM, wrong));
    }
    String future = new BigInteger(next.sequenceNumber()).shiftLeft(1).toString();
    assertError(
        "InvalidArgumentException",
        "ExclusiveMinimumSequenceNumber " + future + " used in PutRecord on stream orders",
        () -> fixture.streams.checkOrdering(STREAM, future));
  }

  @Test
  void takesPartitionKeysOf1To256Characters() {
    fixture.put("😀".repeat(256));
    assertError("ValidationException", "at 'partitionKey'", () -> fixture.put(""));
    assertError(
        "ValidationException",
        "Member must have length less than or equal to 256",
        () -> fixture.put("x".repeat(257)));
  }

  @Test
  void takesEmptyData() {
    fixture.streams.put(STREAM, "a", null, new byte[0]);
    assertThat(fixture.read(0, IteratorPosition.trimHorizon()).records())
        .singleElement()
        .satisfies(record -> assertThat(record.data().remaining()).isZero());
  }
}
