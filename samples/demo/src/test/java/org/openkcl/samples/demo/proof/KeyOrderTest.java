package org.openkcl.samples.demo.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyOrderTest {
  private final List<PutRecord> puts = new ArrayList<>();
  private final List<Incarnation> lives = new ArrayList<>();

  @Test
  void followsAKeyFromParentToChild() {
    put("parent", 1, "k").put("parent", 2, "k").put("child", 3, "k");
    life("a", "parent", at(10, 1), at(10, 2));
    life("b", "child", at(11, 3));
    assertThat(check().outOfOrder()).isZero();
  }

  @Test
  void noticesAKeysRecordOnAChildBeforeThatOnItsParent() {
    put("parent", 1, "k").put("parent", 2, "k").put("child", 3, "k");
    life("a", "parent", at(10, 1), at(12, 2));
    life("b", "child", at(11, 3));
    assertThat(check().outOfOrder()).isOne();
    assertThat(check().reasons()).singleElement().asString().contains("key k", "3 of child");
  }

  @Test
  void judgesByFirstDeliveries() {
    put("s", 1, "k").put("s", 2, "k");
    life("a", "s", at(10, 1), at(11, 2));
    life("b", "s", at(20, 1), at(21, 2)); // after a takeover
    assertThat(check().outOfOrder()).isZero();
  }

  @Test
  void knowsNoOrderBetweenKeys() {
    put("s", 1, "k").put("t", 2, "l");
    life("a", "t", at(10, 2));
    life("a", "s", at(11, 1));
    assertThat(check().outOfOrder()).isZero();
  }

  @Test
  void leavesLostRecordsToOthers() {
    put("s", 1, "k").put("s", 2, "k");
    life("a", "s", at(10, 2));
    assertThat(check().outOfOrder()).isZero();
  }

  private KeyOrderTest put(String shardId, int number, String key) {
    puts.add(new PutRecord(number, shardId, Integer.toString(number), key, 0));
    return this;
  }

  private static Delivery at(long micros, int number) {
    return new Delivery(micros, Integer.toString(number), "", 0, 0);
  }

  private void life(String worker, String shardId, Delivery... deliveries) {
    lives.add(new Incarnation(worker, shardId, lives.size(), List.of(deliveries), List.of()));
  }

  private KeyOrder.Findings check() {
    return KeyOrder.check(new Production(puts, Map.of()), lives);
  }
}
