package org.openkcl.leases.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.Progress;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class LeaseItemsTest {

  @Test
  void theLeastALeaseNeedsIsACounterSwitchesAndACheckpoint() {
    Lease lease = lease(item());

    assertThat(lease.owner()).isNull();
    assertThat(lease.counter()).isEqualTo(7);
    assertThat(lease.checkpoint()).isEqualTo(Checkpoint.TRIM_HORIZON);
    assertThat(lease.progress().pending()).isNull();
    assertThat(lease.shard().hashKeyRange()).isNull();
    assertThat(lease.throughputKBps()).isNull();
  }

  @Test
  void missingSubSequenceNumbersAreZero() {
    Lease lease = lease(with(item(), "pendingCheckpoint", s("15")));

    assertThat(lease.checkpoint().subSequenceNumber()).isZero();
    assertThat(lease.progress().pending())
        .isEqualTo(new Progress.Pending(Checkpoint.at("15"), null));
  }

  @Test
  void oneEndOfAHashKeyRangeIsNone() {
    assertThat(lease(with(item(), "startingHashKey", s("0"))).shard().hashKeyRange())
        .isNull();
  }

  @Test
  void aNumberInPlaceOfPendingBytesIsNone() {
    Map<String, AttributeValue> item = with(item(), "pendingCheckpoint", s("15"));

    Lease lease = lease(with(item, "pendingCheckpointState", n("0")));

    assertThat(lease.progress().pending())
        .isEqualTo(new Progress.Pending(Checkpoint.at("15"), null));
  }

  @Test
  void bytesWithoutAPendingCheckpointAreNone() {
    AttributeValue bytes = AttributeValue.fromB(SdkBytes.fromUtf8String("left over"));

    assertThat(lease(with(item(), "pendingCheckpointState", bytes)).progress().pending())
        .isNull();
  }

  @Test
  void anUnknownEntityTypeIsALeaseIfItLooksLikeOne() {
    assertThat(lease(with(item(), "entityType", s("LEASE_V9"))).counter()).isEqualTo(7);
    assertThat(kind(Map.of("leaseKey", s("Paused"), "entityType", s("PAUSE")))).isEqualTo("other");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LEADER",
        "STREAM",
        "CLIENT_VERSION_MIGRATION",
        "TABLE_MIGRATION",
        "WORKER_METRIC_STATS"
      })
  void itemsOfAmazonsThatAreNoLeasesAreRecognised(String entityType) {
    assertThat(kind(with(item(), "entityType", s(entityType)))).isEqualTo("other");
  }

  @ParameterizedTest
  @MethodSource
  void aMalformedItemNamesAttributeFoundAndExpected(
      String attribute, @Nullable AttributeValue value, String found, String expected) {
    Map<String, AttributeValue> item = with(item(), "endingHashKey", s("100"));

    String reason = kind(with(item, attribute, value));

    assertThat(reason)
        .startsWith("malformed ")
        .contains(attribute + ": found " + found)
        .contains(", expected " + expected);
  }

  static Stream<Arguments> aMalformedItemNamesAttributeFoundAndExpected() {
    return Stream.of(
        Arguments.of("leaseCounter", null, "nothing", "a whole number"),
        Arguments.of("leaseCounter", s("7"), "the text '7'", "a whole number"),
        Arguments.of("leaseCounter", n("7.5"), "the number 7.5", "a whole number"),
        Arguments.of("leaseCounter", n("1E40"), "the number 1E40", "a whole number"),
        Arguments.of("ownerSwitchesSinceCheckpoint", null, "nothing", "a whole number"),
        Arguments.of("checkpoint", null, "nothing", "decimal digits or one of AT_TIMESTAMP"),
        Arguments.of("checkpoint", n("12"), "the number 12", "a text"),
        Arguments.of("checkpoint", s("latest"), "the text 'latest'", "decimal digits"),
        Arguments.of("checkpoint", s(""), "the text ''", "a text that is not empty"),
        Arguments.of("pendingCheckpoint", s("-1"), "the text '-1'", "decimal digits"),
        Arguments.of("checkpointSubSequenceNumber", s("x"), "the text 'x'", "a whole number"),
        Arguments.of("leaseOwner", AttributeValue.fromNul(true), "NULL", "a text"),
        Arguments.of("checkpointOwner", s(""), "the text ''", "a text that is not empty"),
        Arguments.of("parentShardId", s("shardId-0"), "the text 'shardId-0'", "a set of texts"),
        Arguments.of(
            "childShardIds",
            AttributeValue.fromL(List.of()),
            "a value of type L",
            "a set of texts"),
        Arguments.of("startingHashKey", s("100"), "the text '100'", "decimal digits, 0 or more"),
        Arguments.of("startingHashKey", s("0x1"), "the text '0x1'", "decimal digits, 0 or more"),
        Arguments.of("throughputKBps", s("fast"), "the text 'fast'", "a number"),
        Arguments.of("openkclLagSeconds", s("long"), "the text 'long'", "a whole number"),
        Arguments.of("openkclWriter", AttributeValue.fromBool(true), "true (type BOOL)", "a text"),
        Arguments.of("openkclStartAt", s("noon"), "the text 'noon'", "a whole number"),
        Arguments.of(
            "leaseOwner",
            AttributeValue.fromB(SdkBytes.fromUtf8String("abc")),
            "3 bytes (type B)",
            "a text"));
  }

  /** Written by hand after the format; no fixture shows them. */
  @Test
  void itemsOfMultiStreamModePreparedCheckpointsAndTimestampsAreWrittenAsTheyWereRead() {
    Map<String, AttributeValue> multiStream = new HashMap<>(item());
    multiStream.put("leaseKey", s("123456789012:orders:1700000000:shardId-000000000001"));
    multiStream.put("streamName", s("123456789012:orders:1700000000"));
    multiStream.put("shardId", s("shardId-000000000001"));
    Map<String, AttributeValue> prepared = new HashMap<>(item());
    prepared.put("pendingCheckpoint", s("4959"));
    prepared.put("pendingCheckpointSubSequenceNumber", n("3"));
    prepared.put(
        "pendingCheckpointState", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1})));
    Map<String, AttributeValue> timestamp = new HashMap<>(item());
    timestamp.put("checkpoint", s("AT_TIMESTAMP"));

    for (Map<String, AttributeValue> item : List.of(multiStream, prepared, timestamp)) {
      item.put("checkpointSubSequenceNumber", n("0"));
      assertThat(LeaseItems.attributes(lease(item))).isEqualTo(item);
    }
    assertThat(lease(multiStream).shardId()).isEqualTo("shardId-000000000001");
    assertThat(lease(timestamp).checkpoint()).isEqualTo(Checkpoint.AT_TIMESTAMP);
  }

  @Test
  void streamAndShardOfMultiStreamModeNeedEachOther() {
    assertThat(kind(with(item(), "streamName", s("1:a:2"))))
        .startsWith("malformed shardId: found nothing, expected the bare shard id");
    assertThat(kind(with(item(), "shardId", s("shardId-0"))))
        .startsWith("malformed streamName: found nothing, expected account:stream:creationEpoch");
  }

  @Test
  void aReasonNamesEverythingThatIsWrongAndNeverTheWholeOfALongText() {
    Map<String, AttributeValue> item = with(item(), "leaseCounter", null);

    String reason = kind(with(item, "checkpoint", s("x".repeat(5_000))));

    assertThat(reason).contains("leaseCounter: ").contains("; checkpoint: ").contains("5000");
    assertThat(reason).hasSizeLessThan(500);
  }

  private static Map<String, AttributeValue> item() {
    return Map.of(
        "leaseKey", s("shardId-000000000000"),
        "leaseCounter", n("7"),
        "ownerSwitchesSinceCheckpoint", n("0"),
        "checkpoint", s("TRIM_HORIZON"));
  }

  private static Map<String, AttributeValue> with(
      Map<String, AttributeValue> item, String name, @Nullable AttributeValue value) {
    Map<String, AttributeValue> changed = new HashMap<>(item);
    if (value == null) {
      changed.remove(name);
    } else {
      changed.put(name, value);
    }
    return changed;
  }

  private static Lease lease(Map<String, AttributeValue> item) {
    return LeaseItems.read(item)
        .match(
            lease -> lease.lease(), malformed -> notALease(malformed), other -> notALease(other));
  }

  private static Lease notALease(ItemContent content) {
    throw new AssertionError("Not a lease: " + content);
  }

  private static String kind(Map<String, AttributeValue> item) {
    return LeaseItems.read(item)
        .match(
            lease -> "lease",
            malformed -> "malformed " + malformed.malformed().reason(),
            other -> "other");
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue n(String number) {
    return AttributeValue.fromN(number);
  }
}
