package org.openkcl.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.openkcl.records.TestAggregate.streamRecord;
import static org.openkcl.records.TestAggregate.wrap;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.OddRecord;
import org.openkcl.processor.OddRecord.DeadLetters;
import org.openkcl.processor.OddRecord.Kind;
import org.openkcl.processor.OddRecord.Treatment;
import org.openkcl.records.TestAggregate.Message;
import org.openkcl.records.UserRecords.Finding;
import org.openkcl.records.UserRecords.Opened;
import org.openkcl.retrieval.TestRecords;

class UserRecordsTest {
  private static final BigInteger HALF = BigInteger.TWO.pow(127);
  private static final HashKeyRange LOWER =
      new HashKeyRange(BigInteger.ZERO, HALF.subtract(BigInteger.ONE));

  /** Its MD5 begins with 0c: the lower half of all hash keys. */
  private static final String LOW = "a";

  /** Its MD5 begins with 92: the upper half. */
  private static final String HIGH = "b";

  private final List<OddRecord> letters = new ArrayList<>();

  @Test
  void theKeysOfTheseTestsLieWhereTheyAreSaidTo() {
    assertThat(HashKeys.isIn(LOWER, HashKeys.ofPartitionKey(LOW))).isTrue();
    assertThat(HashKeys.isIn(LOWER, HashKeys.ofPartitionKey(HIGH))).isFalse();
    assertThat(HashKeys.ofPartitionKey("a"))
        .isEqualTo(new BigInteger("0cc175b9c0f1b6a831c399e269772661", 16));
  }

  @Test
  void ordinaryRecordsPassAsTheyAre() {
    List<KinesisClientRecord> plain = TestRecords.of("1", "2");
    UserRecords records = records(AggregateRules.DEFAULT, LOWER);
    assertThat(records.isWorkFor(plain)).isFalse();
    assertThat(records.open(plain, Checkpoint.TRIM_HORIZON).records()).isEqualTo(plain);
  }

  @Test
  void ordinaryRecordsAndAggregatesKeepTheirOrder() {
    List<KinesisClientRecord> mixed =
        List.of(TestRecords.plain("9"), two("10"), TestRecords.plain("11"), two("100"));
    UserRecords records = records(AggregateRules.DEFAULT, LOWER);
    assertThat(records.isWorkFor(mixed)).isTrue();
    assertThat(positions(records.open(mixed, Checkpoint.TRIM_HORIZON).records()))
        .containsExactly("9/0", "10/0", "10/1", "11/0", "100/0", "100/1");
    assertThat(positions(records.open(mixed, Checkpoint.at("9")).records()))
        .containsExactly("10/0", "10/1", "11/0", "100/0", "100/1");
    assertThat(positions(records.open(mixed, new Checkpoint("10", 0)).records()))
        .containsExactly("10/1", "11/0", "100/0", "100/1");
    assertThat(positions(records.open(mixed, new Checkpoint("10", 1)).records()))
        .containsExactly("11/0", "100/0", "100/1");
    assertThat(positions(records.open(mixed, new Checkpoint("100", 1)).records()))
        .isEmpty();
  }

  @Test
  void anEmptyAggregateHoldsNothing() {
    byte[] keysOnly = wrap(new Message().bytes(1, "key".getBytes(UTF_8)).toBytes());
    Opened opened = records(AggregateRules.DEFAULT, null)
        .open(List.of(streamRecord("1", keysOnly)), Checkpoint.TRIM_HORIZON);
    assertThat(opened.records()).isEmpty();
    assertThat(opened.findings()).isEmpty();
  }

  @Test
  void aggregatesAreLeftWholeIfThatIsWanted() {
    AggregateRules whole =
        new AggregateRules(false, Treatment.DELIVER, false, Treatment.DELIVER, null);
    List<KinesisClientRecord> aggregate = List.of(two("10"));
    assertThat(records(whole, LOWER).isWorkFor(aggregate)).isFalse();
    assertThat(records(whole, LOWER).open(aggregate, new Checkpoint("10", 1)).records())
        .as("a checkpoint inside it, from when it was taken apart, loses nothing")
        .isEqualTo(aggregate);
  }

  static Stream<Arguments> corrupt() {
    byte[] key = "key".getBytes(UTF_8);
    Message good = new Message().varint(1, 0).bytes(3, key);
    return Stream.of(
        Arguments.of(
            "no partition key",
            new Message().bytes(3, new Message().bytes(3, key).toBytes())),
        Arguments.of(
            "no data",
            new Message().bytes(1, key).bytes(3, new Message().varint(1, 0).toBytes())),
        Arguments.of("a partition key that is not there", new Message().bytes(3, good.toBytes())),
        Arguments.of(
            "an index of 64 bits",
            new Message()
                .bytes(1, key)
                .bytes(3, new Message().varint(1, -1).bytes(3, key).toBytes())),
        Arguments.of(
            "an explicit hash key that is not there",
            new Message()
                .bytes(1, key)
                .bytes(3, new Message().varint(1, 0).varint(2, 0).bytes(3, key).toBytes())),
        Arguments.of(
            "an explicit hash key that is no number",
            new TestAggregate().record("key", "0x17", key).message()),
        Arguments.of("a length behind the end", new Message().raw(0x0a).raw(77)),
        Arguments.of("a negative length", new Message().raw(0x0a).raw(0xffff_ffffL)),
        Arguments.of("field number 0", new Message().raw(2).raw(0)),
        Arguments.of("wire type 7", new Message().raw(0x0f).raw(0)),
        Arguments.of("the end of a group that was not begun", new Message().raw(0x0c)),
        Arguments.of("a group without an end", new Message().raw(0x2b).raw(0x08).raw(1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("corrupt")
  void whatCannotBeReadIsDeliveredAsItIsAndTold(String what, Message message) {
    KinesisClientRecord record = streamRecord("5", wrap(message.toBytes()));
    Opened opened =
        records(AggregateRules.DEFAULT, null).open(List.of(record), Checkpoint.TRIM_HORIZON);
    assertThat(opened.records()).containsExactly(record);
    assertThat(opened.findings()).singleElement().satisfies(finding -> {
      assertThat(finding.kind()).isEqualTo(Kind.CORRUPT);
      assertThat(finding.treatment()).isEqualTo(Treatment.DELIVER);
      assertThat(finding.sequenceNumber()).isEqualTo("5");
      assertThat(finding.detail()).isNotBlank();
    });
  }

  @Test
  void whatIsNotKnownIsPassedOver() {
    byte[] data = "data".getBytes(UTF_8);
    Message entry = new Message().varint(1, 0).varint(9, 7).bytes(3, data);
    entry.bytes(4, new Message().bytes(1, data).toBytes()); // tags
    Message message = new Message().bytes(1, "key".getBytes(UTF_8));
    message.raw(0x5b).raw(0x0b).raw(0x0c).raw(0x08).raw(300).raw(0x5c); // a group within a group
    message.raw(0x61).raw(0).raw(0).raw(0).raw(0).raw(0).raw(0).raw(0).raw(0); // 64 bits
    message.raw(0x65).raw(0).raw(0).raw(0).raw(0); // 32 bits
    message.varint(1, 5); // a key table of another type
    message.bytes(3, entry.toBytes());
    Opened opened = records(AggregateRules.DEFAULT, null)
        .open(List.of(streamRecord("5", wrap(message.toBytes()))), Checkpoint.TRIM_HORIZON);
    assertThat(opened.findings()).isEmpty();
    assertThat(opened.records()).singleElement().satisfies(record -> {
      assertThat(record.partitionKey()).isEqualTo("key");
      assertThat(UTF_8.decode(record.data()).toString()).isEqualTo("data");
    });
  }

  @Test
  void foreignRecordsAreDeliveredAndTold() {
    Opened opened = open(AggregateRules.DEFAULT, mixed("7"));
    assertThat(positions(opened.records())).containsExactly("7/0", "7/1", "7/2", "7/3");
    assertThat(opened.findings())
        .containsExactly(new Finding(
            Kind.FOREIGN,
            Treatment.DELIVER,
            2,
            "7",
            "2 of 4 user records of the aggregate have hash keys of other shards"));
  }

  @Test
  void foreignRecordsAreNoneWhereTheShardsHashKeysAreNotKnown() {
    Opened opened = records(drop(false), null).open(List.of(mixed("7")), Checkpoint.TRIM_HORIZON);
    assertThat(opened.records()).hasSize(4);
    assertThat(opened.findings()).isEmpty();
  }

  @Test
  void droppingLeavesTheOthersTheirPlaces() {
    Opened opened = open(drop(false), mixed("7"));
    assertThat(positions(opened.records())).containsExactly("7/0", "7/2");
    assertThat(opened.findings()).extracting(Finding::count).containsExactly(2);
  }

  @Test
  void amazonsRuleDropsAllOfTheAggregate() {
    Opened opened = open(drop(true), mixed("7"));
    assertThat(opened.records()).isEmpty();
    assertThat(opened.findings())
        .extracting(Finding::treatment, Finding::count)
        .containsExactly(tuple(Treatment.DROP, 4));
  }

  @Test
  void anExplicitHashKeyDecidesBeforeThePartitionKey() {
    byte[] data = {1};
    KinesisClientRecord aggregate = new TestAggregate()
        .record(LOW, HALF.toString(), data)
        .record(HIGH, "0", data)
        .record(HIGH, LOWER.ending().toString(), data)
        .at("7");
    assertThat(positions(open(drop(false), aggregate).records())).containsExactly("7/1", "7/2");
  }

  @Test
  void deadLettersAreGivenWhatTheProcessorIsNot() {
    AggregateRules rules =
        new AggregateRules(true, Treatment.DEAD_LETTER, false, Treatment.DEAD_LETTER, letters::add);
    KinesisClientRecord corrupt = streamRecord("8", wrap(new byte[] {7}));
    KinesisClientRecord lookalike = streamRecord("9", new byte[] {-13, -119, -102, -62, 0});
    Opened opened = records(rules, LOWER)
        .open(List.of(mixed("7"), corrupt, lookalike), Checkpoint.TRIM_HORIZON);
    assertThat(positions(opened.records())).containsExactly("7/0", "7/2", "9/0");
    assertThat(letters).extracting(OddRecord::shardId).containsOnly("shard");
    assertThat(letters)
        .extracting(letter -> letter.kind() + " " + position(letter.record()))
        .containsExactly("FOREIGN 7/1", "FOREIGN 7/3", "CORRUPT 8/0");
    assertThat(opened.findings())
        .extracting(Finding::kind)
        .containsExactly(Kind.FOREIGN, Kind.CORRUPT, Kind.LOOKALIKE);
  }

  @Test
  void whatWasProcessedBeforeIsNoDeadLetterAgain() {
    AggregateRules rules =
        new AggregateRules(true, Treatment.DEAD_LETTER, false, Treatment.DELIVER, letters::add);
    Opened opened = records(rules, LOWER).open(List.of(mixed("7")), new Checkpoint("7", 2));
    assertThat(opened.records()).isEmpty();
    assertThat(letters).extracting(letter -> position(letter.record())).containsExactly("7/3");
  }

  @Test
  void whatDeadLettersDoNotTakeIsDelivered() {
    DeadLetters failing = letter -> {
      throw new IOException("full");
    };
    AggregateRules rules =
        new AggregateRules(true, Treatment.DEAD_LETTER, false, Treatment.DELIVER, failing);
    Opened opened = open(rules, mixed("7"));
    assertThat(opened.records()).hasSize(4);
    assertThat(opened.findings()).singleElement().satisfies(finding -> {
      assertThat(finding.treatment()).isEqualTo(Treatment.DELIVER);
      assertThat(finding.detail()).contains("full");
    });
  }

  @Test
  void rulesThatContradictThemselvesAreRefused() {
    assertThatThrownBy(
            () -> new AggregateRules(true, Treatment.DEAD_LETTER, false, Treatment.DELIVER, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Set deadLetters");
    assertThatThrownBy(
            () -> new AggregateRules(true, Treatment.DROP, false, Treatment.DELIVER, letters::add))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("never called");
  }

  private static AggregateRules drop(boolean foreignSpoilsAggregate) {
    return new AggregateRules(
        true, Treatment.DROP, foreignSpoilsAggregate, Treatment.DELIVER, null);
  }

  private static UserRecords records(AggregateRules rules, @Nullable HashKeyRange range) {
    return new UserRecords(rules, "shard", range);
  }

  private static Opened open(AggregateRules rules, KinesisClientRecord record) {
    return records(rules, LOWER).open(List.of(record), Checkpoint.TRIM_HORIZON);
  }

  private static KinesisClientRecord two(String sequenceNumber) {
    return new TestAggregate().record(LOW, "one").record(LOW, "two").at(sequenceNumber);
  }

  /** Own, foreign, own, foreign. */
  private static KinesisClientRecord mixed(String sequenceNumber) {
    return new TestAggregate()
        .record(LOW, "0")
        .record(HIGH, "1")
        .record(LOW, "2")
        .record(HIGH, "3")
        .at(sequenceNumber);
  }

  private static List<String> positions(List<KinesisClientRecord> records) {
    return records.stream().map(UserRecordsTest::position).toList();
  }

  private static String position(KinesisClientRecord record) {
    return record.sequenceNumber() + "/" + record.subSequenceNumber();
  }
}
