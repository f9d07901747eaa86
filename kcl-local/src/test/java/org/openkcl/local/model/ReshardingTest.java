package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;
import static org.openkcl.local.model.ModelFixture.id;
import static org.openkcl.local.model.ModelFixture.number;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReshardingTest {
  @Test
  void splitsAShardAtTheHashKeyGiven() {
    ModelFixture fixture = ModelFixture.withShards(1);
    fixture.streams.split(STREAM, id(0), BigInteger.valueOf(1_000));
    assertThat(fixture.shard(0).isOpen()).isFalse();
    assertThat(fixture.shard(1).hashKeyRange())
        .isEqualTo(new HashKeyRange(BigInteger.ZERO, BigInteger.valueOf(999)));
    assertThat(fixture.shard(2).hashKeyRange())
        .isEqualTo(new HashKeyRange(BigInteger.valueOf(1_000), HashKeyRange.ALL.end()));
    assertThat(fixture.shard(2).parentShardId()).isEqualTo(id(0));
    assertThat(fixture.shard(2).adjacentParentShardId()).isNull();
    assertEverythingHolds(fixture);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "340282366920938463463374607431768211455"})
  void refusesToSplitOffLessThanAPart(BigInteger hashKey) {
    ModelFixture fixture = ModelFixture.withShards(1);
    assertError(
        "InvalidArgumentException",
        "is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's"
            + " EndingHashKey 340282366920938463463374607431768211455.",
        () -> fixture.streams.split(STREAM, id(0), hashKey));
    assertThat(fixture.openShardIds()).containsExactly(id(0));
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 1"})
  void mergesNeighboursInEitherOrder(int first, int second) {
    ModelFixture fixture = ModelFixture.withShards(4);
    fixture.merge(first, second);
    ShardInfo merged = fixture.shard(4);
    assertThat(merged.parentShardId()).isEqualTo(id(first));
    assertThat(merged.adjacentParentShardId()).isEqualTo(id(second));
    assertEverythingHolds(fixture);
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "0, 3", "0, 0"})
  void refusesToMergeShardsThatAreNoNeighbours(int first, int second) {
    ModelFixture fixture = ModelFixture.withShards(4);
    assertError(
        "InvalidArgumentException",
        "are not an adjacent pair of shards eligible for merging",
        () -> fixture.merge(first, second));
  }

  @Test
  void refusesShardsThatAreClosedOrNotThere() {
    ModelFixture fixture = ModelFixture.withShards(1);
    fixture.splitInHalf(0);
    assertError("InvalidArgumentException", "is closed", () -> fixture.splitInHalf(0));
    assertError("InvalidArgumentException", "is closed", () -> fixture.merge(0, 1));
    assertError(
        "ResourceNotFoundException",
        "Could not find shard shardId-000000000009 in stream orders under account 000000000000.",
        () -> fixture.merge(1, 9));
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 4", "4, 2", "3, 2", "2, 3", "5, 7", "7, 5", "10, 20", "20, 10", "6, 6"})
  void updatesToEqualShardsByPlainSplitsAndMerges(int from, int to) {
    ModelFixture fixture = ModelFixture.withShards(from);
    fixture.streams.updateShardCount(STREAM, to);
    List<HashKeyRange> open = openRanges(fixture);
    assertThat(open)
        .containsExactlyElementsOf(Stream.iterate(0, i -> i + 1)
            .limit(to)
            .map(i -> HashKeyRange.part(i, to))
            .toList());
    assertEverythingHolds(fixture);
  }

  @ParameterizedTest
  @CsvSource({"1, 3, up over double", "4, 1, down below half", "5, 2, down below half"})
  void refusesMoreThanDoubleAndLessThanHalf(int from, int to, String direction) {
    ModelFixture fixture = ModelFixture.withShards(from);
    assertError(
        "InvalidArgumentException",
        "UpdateShardCount cannot scale " + direction + " your current open shard count.",
        () -> fixture.streams.updateShardCount(STREAM, to));
    assertThat(fixture.openShardIds()).hasSize(from);
  }

  @Test
  void putsIntoTheChildrenFromThenOn() {
    ModelFixture fixture = ModelFixture.withShards(1);
    String before = fixture.put("a").sequenceNumber();
    fixture.splitInHalf(0);
    PutResult after = fixture.put("a");
    assertThat(after.shardId()).isEqualTo(id(1));
    assertThat(number(after.sequenceNumber())).isGreaterThan(number(before));
    assertThat(fixture.texts(0, IteratorPosition.trimHorizon())).containsExactly("a");
  }

  private static List<HashKeyRange> openRanges(ModelFixture fixture) {
    return fixture.shards().stream()
        .filter(ShardInfo::isOpen)
        .map(ShardInfo::hashKeyRange)
        .sorted(Comparator.comparing(HashKeyRange::start))
        .toList();
  }

  /** Open shards cover all hash keys once; children start after their closed parents' end. */
  private static void assertEverythingHolds(ModelFixture fixture) {
    BigInteger next = BigInteger.ZERO;
    for (HashKeyRange range : openRanges(fixture)) {
      assertThat(range.start()).isEqualTo(next);
      next = range.end().add(BigInteger.ONE);
    }
    assertThat(next).isEqualTo(HashKeyRange.KEYS);

    Map<String, ShardInfo> byId = fixture.shards().stream()
        .collect(Collectors.toMap(ShardInfo::shardId, Function.identity()));
    for (ShardInfo shard : byId.values()) {
      for (String parentId : Stream.of(shard.parentShardId(), shard.adjacentParentShardId())
          .flatMap(Stream::ofNullable)
          .toList()) {
        String parentEnd = Objects.requireNonNull(byId.get(parentId)).endingSequenceNumber();
        assertThat(parentEnd)
            .as("end of parent %s of %s", parentId, shard.shardId())
            .isNotNull();
        assertThat(number(shard.startingSequenceNumber())).isGreaterThan(number(parentEnd));
      }
    }
  }
}
