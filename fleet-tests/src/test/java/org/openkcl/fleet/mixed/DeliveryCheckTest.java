package org.openkcl.fleet.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeliveryCheckTest {
  private static final List<PutRecord> TEN = put("s", 1, 10);

  @Test
  void oneWorkerThatDeliversAllIsFine() {
    DeliveryVerdict verdict =
        judge(TEN, given("a", "s", 100, 1, 2, 3), given("a", "s", 200, 4, 5, 6, 7, 8, 9, 10));

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.delivered()).isEqualTo(10);
    assertThat(verdict.repeated()).isZero();
    assertThat(verdict.handovers()).isEmpty();
  }

  @Test
  void aHandoverIsTimedAndItsRepetitionsAreCounted() {
    DeliveryVerdict verdict = judge(
        TEN, given("a", "s", 100, 1, 2, 3, 4), given("b", "s", 3_100, 3, 4, 5, 6, 7, 8, 9, 10));

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.repeated()).isEqualTo(2);
    assertThat(verdict.handovers())
        .containsExactly(new DeliveryVerdict.Handover("s", "a", "b", 3_000, 2));
    assertThat(verdict.longestGapSeconds()).isEqualTo(0.003);
  }

  @Test
  void aRecordThatNobodyWasGivenIsLost() {
    DeliveryVerdict verdict = judge(TEN, given("a", "s", 100, 1, 2, 3, 4, 5, 6, 7, 8, 9));

    assertThat(rules(verdict)).containsExactly("lost");
    assertThat(verdict.delivered()).isEqualTo(9);
  }

  @Test
  void aHoleThatNobodyElseFilledIsOutOfOrderEvenIfItIsFilledLater() {
    DeliveryVerdict verdict = judge(
        TEN,
        given("a", "s", 100, 1, 2, 3),
        given("b", "s", 200, 5, 6, 7, 8, 9, 10),
        given("a", "s", 300, 4));

    assertThat(rules(verdict)).containsExactly("order");
  }

  @Test
  void aWorkerThatLeavesRecordsOutThatAnotherHadSkipsThem() {
    DeliveryVerdict verdict = judge(
        TEN,
        given("a", "s", 100, 1, 2, 3, 4, 5),
        given("b", "s", 200, 1, 2),
        given("b", "s", 300, 5, 6, 7, 8, 9, 10));

    assertThat(rules(verdict)).containsExactly("skipped");
    assertThat(verdict.repeated()).isEqualTo(3);
  }

  @Test
  void aWorkerThatComesBackMayBeginWhereAnotherEnded() {
    DeliveryVerdict verdict = judge(
        TEN,
        given("a", "s", 100, 1, 2),
        given("b", "s", 200, 3, 4, 5),
        given("a", "s", 300, 6, 7, 8, 9, 10));

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.reigns()).hasSize(3);
  }

  @Test
  void aChildMayNotBeginBeforeItsParentsLastRecord() {
    List<PutRecord> all =
        Stream.concat(TEN.stream(), put("child", 11, 12).stream()).toList();
    DeliveryVerdict early = judge(
        all,
        given("a", "s", 100, 1, 2, 3, 4, 5, 6, 7, 8, 9),
        given("b", "child", 200, 11, 12),
        given("a", "s", 300, 10));
    DeliveryVerdict inTime = judge(
        all, given("a", "s", 100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), given("b", "child", 200, 11, 12));

    assertThat(rules(early)).containsExactly("child before parent");
    assertThat(inTime.findings()).isEmpty();
  }

  @Test
  void aRecordOfAnotherShardIsForeign() {
    DeliveryVerdict verdict =
        judge(TEN, given("a", "s", 100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), given("a", "t", 200, 1));

    assertThat(rules(verdict)).containsExactly("foreign record");
  }

  private static DeliveryVerdict judge(List<PutRecord> put, Delivery... deliveries) {
    return DeliveryCheck.judge(put, Arrays.asList(deliveries), Map.of("child", Set.of("s")));
  }

  private static List<String> rules(DeliveryVerdict verdict) {
    return verdict.findings().stream().map(Finding::rule).toList();
  }

  private static List<PutRecord> put(String shard, long first, long last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(number -> new PutRecord(shard, BigInteger.valueOf(number)))
        .toList();
  }

  private static Delivery given(String worker, String shard, long micros, long... numbers) {
    return new Delivery(
        worker,
        shard,
        micros,
        Arrays.stream(numbers).mapToObj(BigInteger::valueOf).toList());
  }
}
