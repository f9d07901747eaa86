package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Streams on a clock that only the test moves. */
final class ModelFixture {
  static final String STREAM = "orders";
  static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private Instant now = START;
  final LocalStreams streams;

  ModelFixture() {
    this(LocalStreamsSettings.defaults());
  }

  ModelFixture(LocalStreamsSettings settings) {
    streams = new LocalStreams(() -> now, settings);
  }

  /** Without limits and delays. */
  static LocalStreamsSettings settings(long storedBytesMax, int shardsMax) {
    return new LocalStreamsSettings(
        storedBytesMax, shardsMax, ServiceLimits.none(), ServiceDelays.none());
  }

  static ModelFixture withShards(int shardCount) {
    ModelFixture fixture = new ModelFixture();
    fixture.streams.createStream(STREAM, shardCount);
    return fixture;
  }

  Instant now() {
    return now;
  }

  void advance(Duration step) {
    now = now.plus(step);
  }

  PutResult put(String text) {
    return streams.put(STREAM, text, null, bytes(text));
  }

  List<ShardInfo> shards() {
    return streams.listShards(ListShardsQuery.of(STREAM)).shards();
  }

  List<String> openShardIds() {
    return shards().stream().filter(ShardInfo::isOpen).map(ShardInfo::shardId).toList();
  }

  List<String> listed(ShardFilter filter) {
    return streams.listShards(ListShardsQuery.of(STREAM).with(filter)).shards().stream()
        .map(ShardInfo::shardId)
        .toList();
  }

  ShardInfo shard(int index) {
    return shards().stream()
        .filter(shard -> shard.shardId().equals(id(index)))
        .findFirst()
        .orElseThrow();
  }

  String iterator(int shardIndex, IteratorPosition position) {
    return streams.shardIterator(STREAM, id(shardIndex), position);
  }

  ReadResult read(int shardIndex, IteratorPosition position) {
    return streams.read(iterator(shardIndex, position), LocalStreams.READ_RECORDS_MAX);
  }

  List<String> texts(int shardIndex, IteratorPosition position) {
    return texts(read(shardIndex, position));
  }

  static List<String> texts(ReadResult result) {
    return result.records().stream().map(StreamRecord::partitionKey).toList();
  }

  void splitInHalf(int shardIndex) {
    HashKeyRange range = shard(shardIndex).hashKeyRange();
    streams.split(STREAM, id(shardIndex), range.start().add(range.end()).shiftRight(1));
  }

  void merge(int shardIndex, int adjacentIndex) {
    streams.merge(STREAM, id(shardIndex), id(adjacentIndex));
  }

  static String id(int index) {
    return Shard.id(index);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static BigInteger number(String decimal) {
    return new BigInteger(decimal);
  }

  /** Checks that a call is answered with this error, and that its message has this in it. */
  static void assertError(String errorType, String message, ThrowingCallable call) {
    StreamException error = catchThrowableOfType(StreamException.class, call);
    assertThat(error).as("the error of the call").isNotNull();
    assertThat(error.errorType()).isEqualTo(errorType);
    assertThat(error.getMessage()).contains(message);
  }
}
