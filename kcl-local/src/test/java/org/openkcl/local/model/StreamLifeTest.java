package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.START;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;
import static org.openkcl.local.model.ModelFixture.bytes;
import static org.openkcl.local.model.ModelFixture.id;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamLifeTest {
  private final ModelFixture fixture = ModelFixture.withShards(3);

  @Test
  void isDescribedAsCreated() {
    assertThat(fixture.streams.describe(STREAM))
        .isEqualTo(new StreamDescription(
            STREAM,
            "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
            "ACTIVE",
            START,
            Duration.ofHours(24),
            3,
            new StreamFeatures(StreamMode.PROVISIONED, null, List.of(), null, 1_024)));
    assertThat(fixture.shards())
        .extracting(ShardInfo::shardId)
        .containsExactly("shardId-000000000000", "shardId-000000000001", "shardId-000000000002");
  }

  @Test
  void cannotBeCreatedTwice() {
    assertError(
        "ResourceInUseException",
        "Stream orders under account 000000000000 already exists.",
        () -> fixture.streams.createStream(STREAM, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "é"})
  void needsAProperName(String name) {
    assertError(
        "ValidationException", "at 'streamName'", () -> fixture.streams.createStream(name, 1));
  }

  @Test
  void hasANameOf128CharactersAtMost() {
    fixture.streams.createStream("x".repeat(128), 1);
    assertError(
        "ValidationException",
        "less than or equal to 128",
        () -> fixture.streams.createStream("x".repeat(129), 1));
  }

  @Test
  void needsAShard() {
    assertError(
        "ValidationException", "at 'shardCount'", () -> fixture.streams.createStream("new", 0));
  }

  @Test
  void isNotFoundBeforeItIsCreatedAndAfterItIsDeleted() {
    String message = "Stream orders under account 000000000000 not found.";
    String iterator = fixture.iterator(0, IteratorPosition.latest());
    fixture.streams.deleteStream(STREAM);
    assertError("ResourceNotFoundException", message, () -> fixture.streams.describe(STREAM));
    assertError("ResourceNotFoundException", message, () -> fixture.put("a"));
    assertError("ResourceNotFoundException", message, fixture::shards);
    assertError("ResourceNotFoundException", message, () -> fixture.streams.read(iterator, 1));
    assertError("ResourceNotFoundException", message, () -> fixture.streams.deleteStream(STREAM));
  }

  @Test
  void refusesIteratorsAndSequenceNumbersOfADeletedNamesake() {
    String iterator = fixture.iterator(0, IteratorPosition.latest());
    String number = fixture.put("a").sequenceNumber();
    fixture.streams.deleteStream(STREAM);
    fixture.streams.createStream(STREAM, 3);
    assertError("ResourceNotFoundException", "not found", () -> fixture.streams.read(iterator, 1));
    assertError(
        "InvalidArgumentException",
        "did not come from this stream",
        () -> fixture.iterator(0, IteratorPosition.afterSequenceNumber(number)));
    assertThat(fixture.texts(0, IteratorPosition.trimHorizon())).isEmpty();
  }

  @Test
  void isListedByName() {
    fixture.streams.createStream("a-stream", 1);
    fixture.streams.createStream("z-stream", 1);
    assertThat(fixture.streams.listStreams())
        .extracting(StreamDescription::name)
        .containsExactly("a-stream", STREAM, "z-stream");
  }

  @Test
  void sharesTheAccountsShardsWithTheOthers() {
    ModelFixture small = new ModelFixture(ModelFixture.settings(1_000_000, 5));
    small.streams.createStream(STREAM, 3);
    assertError(
        "LimitExceededException", "(shardsMax): 5", () -> small.streams.createStream("b", 3));
    small.streams.createStream("b", 2);
    assertError(
        "LimitExceededException",
        "(shardsMax): 5",
        () -> small.streams.split(STREAM, id(0), BigInteger.TEN));
    assertError(
        "LimitExceededException",
        "(shardsMax): 5",
        () -> small.streams.updateShardCount(STREAM, 4));
    small.streams.updateShardCount(STREAM, 2);
  }

  @Test
  void refusesRecordsBeyondTheMemoryBoundUntilOldOnesExpire() {
    ModelFixture small = new ModelFixture(ModelFixture.settings(3_000, 10));
    small.streams.createStream(STREAM, 1);
    small.streams.createStream("other", 1);
    small.streams.put("other", "a", null, new byte[1_000]);
    small.advance(Duration.ofHours(1));
    small.streams.put(STREAM, "a", null, new byte[1_000]);
    assertError(
        "LimitExceededException",
        "takes no more than storedBytesMax=3000. Raise storedBytesMax, or delete a stream.",
        () -> small.streams.put(STREAM, "a", null, new byte[1_000]));
    small.advance(Duration.ofHours(23).plusMillis(1));
    small.streams.put(STREAM, "a", null, new byte[1_000]);
    small.streams.deleteStream(STREAM);
    small.streams.put("other", "a", null, new byte[1_000]);
    small.streams.put("other", "a", null, bytes("x"));
  }

  @Test
  void isFoundByItsArn() {
    assertThat(StreamNames.fromArn(StreamNames.arn(STREAM))).isEqualTo(STREAM);
    assertError(
        "ResourceNotFoundException",
        "kcl-local has account 000000000000 and region us-east-1",
        () -> StreamNames.fromArn("arn:aws:kinesis:eu-west-1:123456789012:stream/orders"));
    assertError("ValidationException", "at 'streamARN'", () -> StreamNames.fromArn("orders"));
  }
}
