package org.openkcl.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.local.model.ModelFixture.START;
import static org.openkcl.local.model.ModelFixture.STREAM;
import static org.openkcl.local.model.ModelFixture.assertError;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openkcl.local.model.ConsumerDescription.Status;

final class ConsumersTest {
  private static final String STREAM_ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
  private static final Duration CHANGE_TIME = Duration.ofSeconds(10);

  private final ModelFixture fixture = ModelFixture.withShards(1);
  private final StreamConsumers consumers = fixture.streams.consumers();

  @Test
  void hasAnArnWithTheSecondOfItsCreation() {
    fixture.advance(Duration.ofMillis(1_999));
    ConsumerDescription registered = consumers.register(STREAM, "billing");
    assertThat(registered.name()).isEqualTo("billing");
    assertThat(registered.streamArn()).isEqualTo(STREAM_ARN);
    assertThat(registered.arn())
        .isEqualTo(STREAM_ARN + "/consumer/billing:" + (START.getEpochSecond() + 1));
    assertThat(registered.creationTime()).isEqualTo(START.plusMillis(1_999));
    assertThat(registered.status()).as("in the reply, as the service's").isEqualTo(Status.CREATING);
    assertThat(describe("billing")).isEqualTo(registered.with(Status.ACTIVE));
    assertThat(consumers.describe(ConsumerId.fromArn(registered.arn())))
        .isEqualTo(describe("billing"));
  }

  @Test
  void takesAsLongToCreateAndDeleteAsTheSettingsSay() {
    ModelFixture slow = slow();
    StreamConsumers theirs = slow.streams.consumers();
    theirs.register(STREAM, "billing");
    ConsumerId id = ConsumerId.of(STREAM, "billing");
    assertThat(theirs.describe(id).status()).isEqualTo(Status.CREATING);
    assertError(
        "ResourceInUseException",
        "Consumer billing of Stream orders under account 000000000000 is not in ACTIVE status",
        () -> theirs.subscribe(id, ModelFixture.id(0), IteratorPosition.latest(), () -> {}));
    slow.advance(CHANGE_TIME);
    assertThat(theirs.describe(id).status()).isEqualTo(Status.ACTIVE);

    theirs.deregister(id);
    slow.advance(CHANGE_TIME.minusMillis(1));
    assertThat(theirs.describe(id).status()).isEqualTo(Status.DELETING);
    assertThat(theirs.count(STREAM)).isEqualTo(1);
    assertError(
        "ResourceInUseException", "already exists", () -> theirs.register(STREAM, "billing"));
    slow.advance(Duration.ofMillis(1));
    assertError("ResourceNotFoundException", "not found", () -> theirs.describe(id));
    assertThat(theirs.count(STREAM)).isZero();
    theirs.register(STREAM, "billing");
  }

  private static ModelFixture slow() {
    ServiceDelays delays = new ServiceDelays(
        Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, CHANGE_TIME);
    ModelFixture slow = new ModelFixture(LocalStreamsSettings.defaults().withDelays(delays));
    slow.streams.createStream(STREAM, 1);
    return slow;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "ä", "a:1"})
  void refusesNamesOfOtherCharacters(String name) {
    assertError("ValidationException", "consumerName", () -> consumers.register(STREAM, name));
  }

  @Test
  void takesNamesOf128CharactersAndNoMore() {
    consumers.register(STREAM, "c".repeat(128));
    assertError(
        "ValidationException",
        "less than or equal to 128",
        () -> consumers.register(STREAM, "c".repeat(129)));
  }

  @Test
  void refusesANameOnlyWithinItsStream() {
    fixture.streams.createStream("other", 1);
    consumers.register(STREAM, "billing");
    consumers.register("other", "billing");
    assertError(
        "ResourceInUseException", "already exists", () -> consumers.register(STREAM, "billing"));
    assertError(
        "ResourceNotFoundException", "not found", () -> consumers.register("none", "billing"));
  }

  @Test
  void refusesTheTwentyFirstOfAStream() {
    for (int i = 0; i < StreamConsumers.PER_STREAM_MAX; i++) {
      consumers.register(STREAM, "consumer-" + i);
    }
    assertThat(consumers.count(STREAM)).isEqualTo(20);
    assertError(
        "LimitExceededException",
        "has 20 consumers",
        () -> consumers.register(STREAM, "one-too-many"));
    consumers.deregister(ConsumerId.of(STREAM, "consumer-7"));
    consumers.register(STREAM, "one-for-another");
  }

  @Test
  void refusesTheSixthToBeCreatedAtOnce() {
    ModelFixture slow = slow();
    slow.streams.createStream("other", 1);
    StreamConsumers theirs = slow.streams.consumers();
    for (int i = 0; i < StreamConsumers.CREATING_MAX; i++) {
      theirs.register(i % 2 == 0 ? STREAM : "other", "consumer-" + i);
    }
    assertError(
        "LimitExceededException",
        "5 consumers are being created",
        () -> theirs.register(STREAM, "sixth"));
    slow.advance(CHANGE_TIME);
    theirs.register(STREAM, "sixth");
  }

  @Test
  void listsThemByNamePageByPage() {
    for (String name : List.of("delta", "alpha", "charlie", "bravo")) {
      consumers.register(STREAM, name);
    }
    List<String> names = new ArrayList<>();
    ConsumerPage page = consumers.list(STREAM, null, 3);
    page.consumers().forEach(consumer -> names.add(consumer.name()));
    String token = Objects.requireNonNull(page.nextToken());
    page = consumers.list(token, 3);
    page.consumers().forEach(consumer -> names.add(consumer.name()));
    assertThat(names).containsExactly("alpha", "bravo", "charlie", "delta");
    assertThat(page.nextToken()).isNull();
    assertThat(consumers.list(STREAM, null, 4).nextToken())
        .as("no empty page follows")
        .isNull();

    assertError("InvalidArgumentException", "NextToken", () -> consumers.list("rubbish", 3));
    assertError("ValidationException", "maxResults", () -> consumers.list(STREAM, null, 0));
    fixture.advance(LocalStreams.TOKEN_LIFE.plusMillis(1));
    assertError("ExpiredNextTokenException", "300 seconds", () -> consumers.list(token, 3));
  }

  @Test
  void listsThoseOfTheStreamCreatedThenOnly() {
    consumers.register(STREAM, "billing");
    assertThat(consumers.list(STREAM, START, 10).consumers()).hasSize(1);
    assertError(
        "ResourceNotFoundException",
        "with creation time",
        () -> consumers.list(STREAM, START.minusSeconds(1), 10));
  }

  @Test
  void isNotTakenForANamesakeOfAnotherSecond() {
    ConsumerDescription former = consumers.register(STREAM, "billing");
    consumers.deregister(ConsumerId.fromArn(former.arn()));
    fixture.advance(Duration.ofSeconds(1));
    consumers.register(STREAM, "billing");
    assertError(
        "ResourceNotFoundException",
        "Consumer billing with creation timestamp " + START.getEpochSecond(),
        () -> consumers.deregister(ConsumerId.fromArn(former.arn())));
    assertThat(describe("billing").creationTime()).isEqualTo(START.plusSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "billing",
        STREAM_ARN,
        STREAM_ARN + "/consumer/billing",
        STREAM_ARN + "/consumer/billing:9999999999999999999",
        STREAM_ARN + "/consumer/bill ing:1"
      })
  void refusesWhatIsNoArnOfAConsumer(String arn) {
    assertError("ValidationException", "consumerARN", () -> ConsumerId.fromArn(arn));
  }

  @Test
  void refusesConsumersOfOtherAccounts() {
    assertError(
        "ResourceNotFoundException",
        "kcl-local has account",
        () -> ConsumerId.fromArn(
            "arn:aws:kinesis:us-east-1:123456789012:stream/orders/consumer/billing:1"));
  }

  @Test
  void keepsItsStreamFromBeingDeletedUnlessThatIsEnforced() {
    consumers.register(STREAM, "billing");
    assertError(
        "ResourceInUseException", "1 consumers", () -> fixture.streams.deleteStream(STREAM));
    fixture.streams.deleteStreamAndConsumers(STREAM);
    fixture.streams.createStream(STREAM, 1);
    assertThat(consumers.count(STREAM)).isZero();
    fixture.streams.deleteStream(STREAM);
  }

  private ConsumerDescription describe(String name) {
    return consumers.describe(ConsumerId.of(STREAM, name));
  }
}
