package org.openkcl.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.leases.Checkpoint;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.shard.CheckpointRules.Decision;

class CheckpointRulesTest {

  @ParameterizedTest(name = "last {0}, delivered {1}, ended {2}: {3} gives {4}")
  @CsvSource({
    // last,       delivered, ended, asked,        decision
    "TRIM_HORIZON, 200,       false, everything,   store 200",
    "TRIM_HORIZON, 200/3,     false, everything,   store 200/3",
    "200/3,        200/3,     false, everything,   nothing",
    "TRIM_HORIZON, TRIM_HORIZON, false, everything, nothing", // in initialize
    "100,          200,       false, 100,          nothing",
    "100,          200,       false, 150,          store 150", // need not have been delivered
    "100,          200,       false, 200,          store 200",
    "100,          200,       false, 200/1,        refuse",
    "100,          200/3,     false, 200/2,        store 200/2",
    "100/2,        200,       false, 100/1,        refuse",
    "100/2,        200,       false, 100,          refuse",
    "100,          200,       false, 99,           refuse",
    "100,          200,       false, 201,          refuse",
    "99,           1000,      false, 100,          store 100", // by value, not by text
    "100,          200,       false, SHARD_END,    refuse",
    "100,          200,       false, TRIM_HORIZON, refuse",
    "TRIM_HORIZON, 200,       false, TRIM_HORIZON, nothing",
    "TRIM_HORIZON, 200,       false, LATEST,       refuse", // would skip records
    "AT_TIMESTAMP, 200,       false, TRIM_HORIZON, refuse",
    "100,          200,       false, abc,          refuse",
    "100,          200,       false, -5,           refuse",
    // the shard has ended
    "100,          200,       true,  everything,   store SHARD_END",
    "100,          200,       true,  200,          store SHARD_END",
    "100,          200,       true,  SHARD_END,    store SHARD_END",
    "200,          200,       true,  200,          store SHARD_END", // checkpointed before
    "200,          200,       true,  everything,   store SHARD_END",
    "100,          200/3,     true,  200/3,        store SHARD_END",
    "100,          200/3,     true,  200/2,        store 200/2",
    "100,          200/3,     true,  200,          store 200",
    "100,          200,       true,  150,          store 150",
    "100,          200,       true,  201,          refuse",
    "TRIM_HORIZON, TRIM_HORIZON, true, everything, store SHARD_END", // an empty shard
    "LATEST,       LATEST,    true,  LATEST,       store SHARD_END",
    // and its end is stored
    "SHARD_END,    200,       true,  everything,   nothing",
    "SHARD_END,    200,       true,  200,          nothing",
    "SHARD_END,    200,       true,  SHARD_END,    nothing",
    "SHARD_END,    200,       true,  150,          refuse"
  })
  void decides(String last, String delivered, boolean ended, String asked, String expected) {
    CheckpointRules rules = new CheckpointRules(checkpoint(last), checkpoint(delivered), ended);
    assertThat(text(ask(rules, asked))).isEqualTo(expected);
  }

  @Test
  void aSecondAttemptToEndTheShardIsLikeTheFirst() {
    CheckpointRules rules = CheckpointRules.startingAt(Checkpoint.TRIM_HORIZON)
        .afterDelivery(Checkpoint.at("200"))
        .afterStore(Checkpoint.at("200"))
        .afterShardEnd();
    assertThat(text(rules.at("200"))).isEqualTo("store SHARD_END");
    assertThat(text(rules.afterShardEnd().at("200"))).isEqualTo("store SHARD_END");
  }

  @Test
  void aRecordOfAnAggregateKeepsItsSubSequenceNumber() {
    KinesisClientRecord record = KinesisClientRecord.builder()
        .sequenceNumber("200")
        .subSequenceNumber(2)
        .partitionKey("key")
        .data(ByteBuffer.allocate(0))
        .build();
    CheckpointRules rules =
        CheckpointRules.startingAt(Checkpoint.LATEST).afterDelivery(new Checkpoint("200", 5));
    assertThat(text(rules.at(record))).isEqualTo("store 200/2");
  }

  @Test
  void aPreparedPositionIsCheckedAgainAndEndsTheShardIfItIsTheLast() {
    CheckpointRules rules =
        CheckpointRules.startingAt(Checkpoint.LATEST).afterDelivery(Checkpoint.at("200"));
    var prepared = CheckpointRules.extendedSequenceNumberOf(Checkpoint.at("200"));
    assertThat(text(rules.at(prepared))).isEqualTo("store 200");
    assertThat(text(rules.afterShardEnd().at(prepared))).isEqualTo("store SHARD_END");
    CheckpointRules further =
        rules.afterDelivery(Checkpoint.at("300")).afterStore(Checkpoint.at("250"));
    assertThat(text(further.at(prepared))).isEqualTo("refuse");
  }

  @Test
  void knowsWhetherAnythingWouldBeRepeated() {
    CheckpointRules rules = CheckpointRules.startingAt(Checkpoint.at("100"));
    assertThat(rules.isEverythingCheckpointed()).isTrue();
    CheckpointRules more = rules.afterDelivery(new Checkpoint("200", 3));
    assertThat(more.isEverythingCheckpointed()).isFalse();
    assertThat(more.afterStore(new Checkpoint("200", 2)).isEverythingCheckpointed())
        .isFalse();
    assertThat(more.afterStore(new Checkpoint("200", 3)).isEverythingCheckpointed())
        .isTrue();
    assertThat(more.afterDelivery(Checkpoint.at("150"))).isEqualTo(more);
  }

  @Test
  void aRefusalNamesTheValues() {
    Decision refused = CheckpointRules.startingAt(Checkpoint.at("100"))
        .afterDelivery(Checkpoint.at("200"))
        .at("201");
    String message = refused.match(c -> "", c -> "", m -> m);
    assertThat(message).contains("got 201, last checkpoint 100, delivered 200");
  }

  private static Decision ask(CheckpointRules rules, String asked) {
    if (asked.equals("everything")) {
      return rules.everything();
    }
    int slash = asked.indexOf('/');
    return slash < 0
        ? rules.at(asked)
        : rules.at(asked.substring(0, slash), Long.parseLong(asked.substring(slash + 1)));
  }

  private static Checkpoint checkpoint(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? Checkpoint.at(text)
        : new Checkpoint(text.substring(0, slash), Long.parseLong(text.substring(slash + 1)));
  }

  private static String text(Decision decision) {
    return decision.match(stored -> "store " + stored, same -> "nothing", message -> "refuse");
  }
}
