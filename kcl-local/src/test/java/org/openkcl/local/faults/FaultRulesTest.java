package org.openkcl.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.local.faults.FaultEffect.Outcome;

class FaultRulesTest {
  private static final FaultCall READ =
      new FaultCall("GetRecords", "orders", "shardId-000000000000", null);

  private final FaultRules rules = new FaultRules();

  @Test
  void nothingHappensWithoutFaults() {
    assertThat(rules.isEmpty()).isTrue();
    assertThat(rules.onCall(READ)).isEqualTo(FaultEffect.NONE);
    assertThat(rules.onEvent(READ)).isEqualTo(SubscriptionEffect.NONE);
    assertThat(rules.onRecord(READ)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "THROTTLE | GetRecords | 400 | ProvisionedThroughputExceededException",
        "THROTTLE | PutRecords | 400 | ProvisionedThroughputExceededException",
        "THROTTLE | ListShards | 400 | LimitExceededException",
        "THROTTLE | SubscribeToShard | 400 | LimitExceededException",
        "INTERNAL_FAILURE | PutRecord | 500 | InternalFailureException",
        "INTERNAL_FAILURE | ListShards | 500 | InternalFailure",
        "SERVICE_UNAVAILABLE | ListShards | 503 | ServiceUnavailable",
        "ACCESS_DENIED | ListShards | 400 | AccessDeniedException",
        "EXPIRED_ITERATOR | GetRecords | 400 | ExpiredIteratorException",
      })
  void refusesWithTheServicesError(FaultKind kind, String operation, int status, String type) {
    rules.add(Fault.of(kind));
    FaultEffect effect = rules.onCall(new FaultCall(operation, "orders", null, null));
    assertThat(effect.outcome()).isEqualTo(Outcome.REFUSE);
    assertThat(effect.requiredError().status()).isEqualTo(status);
    assertThat(effect.requiredError().type()).isEqualTo(type);
  }

  @Test
  void speaksTheServicesWords() {
    long throttle = rules.add(Fault.throttle());
    assertThat(rules.onCall(READ).requiredError().message())
        .isEqualTo("Rate exceeded for shard shardId-000000000000 in stream orders under account"
            + " 000000000000.");
    rules.remove(throttle);
    rules.add(Fault.of(FaultKind.ACCESS_DENIED));
    assertThat(rules.onCall(READ).requiredError().message())
        .contains("is not authorized to perform: kinesis:GetRecords on resource:"
            + " arn:aws:kinesis:us-east-1:000000000000:stream/orders");
  }

  @Test
  void anIteratorExpiresOnlyWhereOneIsUsed() {
    long id = rules.add(Fault.of(FaultKind.EXPIRED_ITERATOR));
    assertThat(rules.onCall(new FaultCall("ListShards", "orders", null, null)))
        .isEqualTo(FaultEffect.NONE);
    assertThat(rules.list())
        .extracting(FaultReport::id, FaultReport::strikes)
        .containsExactly(org.assertj.core.api.Assertions.tuple(id, 0L));
  }

  @Test
  void strikesOnlyTheCallsInItsScope() {
    rules.add(Fault.throttle()
        .on("SubscribeToShard")
        .ofStream("orders")
        .ofShard("shardId-000000000001")
        .ofConsumer("billing"));
    FaultCall struck =
        new FaultCall("SubscribeToShard", "orders", "shardId-000000000001", "billing");
    assertThat(rules.onCall(struck).outcome()).isEqualTo(Outcome.REFUSE);
    for (FaultCall other : List.of(
        new FaultCall("GetRecords", "orders", "shardId-000000000001", "billing"),
        new FaultCall("SubscribeToShard", "returns", "shardId-000000000001", "billing"),
        new FaultCall("SubscribeToShard", "orders", "shardId-000000000002", "billing"),
        new FaultCall("SubscribeToShard", "orders", "shardId-000000000001", "audit"),
        new FaultCall("SubscribeToShard", "orders", null, null))) {
      assertThat(rules.onCall(other)).as(other.toString()).isEqualTo(FaultEffect.NONE);
    }
    assertThat(rules.list().get(0).strikes()).isEqualTo(1);
  }

  @Test
  void strikesTheNextCallsOnlyAndStaysInTheListSpent() {
    rules.add(Fault.lostReply().next(2));
    assertThat(IntStream.range(0, 4).mapToObj(i -> rules.onCall(READ).outcome()))
        .containsExactly(Outcome.LOSE_REPLY, Outcome.LOSE_REPLY, Outcome.ANSWER, Outcome.ANSWER);
    assertThat(rules.list()).singleElement().satisfies(report -> {
      assertThat(report.isSpent()).isTrue();
      assertThat(report.strikes()).isEqualTo(2);
    });
  }

  @Test
  void theSeedDecidesWhichCallsAreStruck() {
    List<Boolean> once = struckBy(Fault.throttle().withProbability(0.3, 7));
    assertThat(struckBy(Fault.throttle().withProbability(0.3, 7))).isEqualTo(once);
    assertThat(struckBy(Fault.throttle().withProbability(0.3, 8))).isNotEqualTo(once);
    assertThat(once.stream().filter(struck -> struck).count()).isBetween(230L, 370L);
  }

  private static List<Boolean> struckBy(Fault fault) {
    FaultRules fresh = new FaultRules();
    fresh.add(fault);
    return IntStream.range(0, 1_000)
        .mapToObj(i -> fresh.onCall(READ).outcome() == Outcome.REFUSE)
        .toList();
  }

  @Test
  void delaysAddUpAndTheFirstFailureIsTheLastAsked() {
    rules.add(Fault.latency(Duration.ofMillis(30)));
    rules.add(Fault.latency(Duration.ofMillis(12)));
    rules.add(Fault.connectionReset());
    rules.add(Fault.throttle());
    FaultEffect effect = rules.onCall(READ);
    assertThat(effect.delay()).isEqualTo(Duration.ofMillis(42));
    assertThat(effect.outcome()).isEqualTo(Outcome.RESET);
    assertThat(rules.list()).extracting(FaultReport::strikes).containsExactly(1L, 1L, 1L, 0L);
  }

  @Test
  void delaysFollowTheirDistribution() {
    List<Long> even = millis(Delay.between(Duration.ofMillis(10), Duration.ofMillis(20)));
    assertThat(even).allMatch(millis -> millis >= 10 && millis <= 20);
    assertThat(even.get(500)).isBetween(14L, 16L);
    List<Long> skewed = millis(Delay.skewed(Duration.ofMillis(100), Duration.ofMillis(900)));
    assertThat(skewed.get(500)).isBetween(85L, 115L);
    assertThat(skewed.get(990)).isBetween(600L, 1_400L);
  }

  private static List<Long> millis(Delay delay) {
    FaultRules fresh = new FaultRules();
    fresh.add(Fault.latency(delay).withSeed(1));
    return IntStream.range(0, 1_001)
        .mapToObj(i -> fresh.onCall(READ).delay().toMillis())
        .sorted()
        .toList();
  }

  @Test
  void strikesEventsApartFromCalls() {
    rules.add(Fault.of(FaultKind.DUPLICATE_CONTINUATION).next(1));
    rules.add(Fault.of(FaultKind.STALLED_SUBSCRIPTION).next(1));
    rules.add(Fault.of(FaultKind.DROPPED_SUBSCRIPTION).next(1));
    assertThat(rules.onCall(READ)).isEqualTo(FaultEffect.NONE);
    assertThat(IntStream.range(0, 4).mapToObj(i -> rules.onEvent(READ)))
        .containsExactly(
            SubscriptionEffect.REPEAT_CONTINUATION,
            SubscriptionEffect.STALL,
            SubscriptionEffect.DROP,
            SubscriptionEffect.NONE);
  }

  @Test
  void strikesRecordsOfAPutThroughTheirShard() {
    rules.add(Fault.throttle()); // was asked about the call as a whole
    rules.add(Fault.throttle().ofShard("shardId-000000000000"));
    FaultCall put = new FaultCall("PutRecords", "orders", null, null);
    assertThat(rules.onRecord(put.withShard("shardId-000000000001"))).isNull();
    assertThat(rules.onRecord(put.withShard("shardId-000000000000")))
        .isEqualTo(new FaultError(
            400,
            "ProvisionedThroughputExceededException",
            "Rate exceeded for shard shardId-000000000000 in stream orders under account"
                + " 000000000000."));
  }

  @Test
  void refusesFaultsThatMakeNoSense() {
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.of(FaultKind.LATENCY));
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.throttle().next(0));
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.throttle().withProbability(1.5, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fault.throttle().withProbability(Double.NaN, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Delay.between(Duration.ofMillis(2), Duration.ofMillis(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> Delay.fixed(Duration.ofHours(1)));
    for (int i = 0; i < 1_000; i++) {
      rules.add(Fault.throttle());
    }
    assertThatIllegalStateException().isThrownBy(() -> rules.add(Fault.throttle()));
  }
}
