package org.openkcl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openkcl.LocalApplication.waitUntil;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.local.LocalCloud;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.StreamIdentifier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** Several streams, a changing set of them, and streams that are made again. */
class MultiStreamIT {
  private static final Duration OFTEN = Duration.ofMillis(200);
  private static LocalCloud cloud;

  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void startCloud() {
    cloud = LocalCloud.start();
  }

  @AfterAll
  static void stopCloud() {
    cloud.close();
  }

  @Test
  void aChangingSetOfStreamsIsReadUnderTheirIdentifiers() throws Exception {
    create(cloud, "set-a", 2);
    create(cloud, "set-b", 1);
    create(cloud, "set-c", 1);
    put(cloud, "set-a", 0, 20);
    put(cloud, "set-b", 0, 10);
    StreamConfig a = StreamConfig.of("set-a");
    StreamConfig b = StreamConfig.of(arnOf("set-b"));
    AtomicReference<List<StreamConfig>> streams = new AtomicReference<>(List.of(a, b));
    try (Scheduler scheduler = application("set")
        .streamTracker(() -> Objects.requireNonNull(streams.get()), OFTEN)
        .build()) {
      scheduler.start().join();
      waitUntil("both streams", () -> seen.size() == 30);
      assertThat(scheduler.health().status()).isEqualTo(Health.Status.UP);
      assertThat(scheduler.snapshot().streams())
          .extracting(WorkerSnapshot.StreamSnapshot::state)
          .containsExactly("OPEN", "OPEN");

      put(cloud, "set-c", 0, 10);
      streams.set(List.of(a, b, StreamConfig.of("set-c")));
      waitUntil("the stream that was added", () -> seen.size() == 40);

      streams.set(List.of(b, StreamConfig.of("set-c")));
      waitUntil(
          "the stream that was removed", () -> scheduler.snapshot().shards().size() == 2);
      put(cloud, "set-a", 20, 30);
      put(cloud, "set-b", 10, 20);
      waitUntil("the others are read on", () -> seen.size() == 50);
      assertThat(seen).noneMatch(record -> record.matches("set-a/2[0-9]"));

      streams.set(List.of(a, b));
      waitUntil("the stream that came back is read on", () -> seen.size() == 60);
    }
    assertThat(seen).doesNotHaveDuplicates();
    String identifier = identifierOf("set-a");
    String key = identifier + ":shardId-000000000000";
    assertThat(attribute("set", key, "streamName").s()).isEqualTo(identifier);
    assertThat(attribute("set", key, "shardId").s()).isEqualTo("shardId-000000000000");
    assertThat(attribute("set", key, "checkpoint").s()).matches("[0-9]+");
  }

  @Test
  void oneStreamThatIsMissingHoldsTheOthersNotUpAndIsReadOnceItIsThere() throws Exception {
    create(cloud, "there", 1);
    put(cloud, "there", 0, 10);
    try (Scheduler scheduler = application("missing")
        .streams(StreamConfig.of("there"), StreamConfig.of("not-there"))
        .build()) {
      scheduler.start().join();
      waitUntil("the other stream", () -> seen.size() == 10);
      Health health = scheduler.health();
      assertThat(health.status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(health.reasons())
          .singleElement()
          .asString()
          .startsWith("Stream not-there: Stream 'not-there' does not exist");
    }
  }

  @Test
  void noStreamAtAllIsAReasonNotToStart() {
    assertThatThrownBy(() -> {
          try (Scheduler scheduler = application("none-there")
              .streams(StreamConfig.of("nope-1"), StreamConfig.of("nope-2"))
              .build()) {
            scheduler.start().join();
          }
        })
        .hasMessageContaining("does not exist");
  }

  @Test
  void aStreamUnderAnotherRoleOrInAnotherRegionHasAClientOfItsOwn() throws Exception {
    try (LocalCloud elsewhere = LocalCloud.start()) {
      create(cloud, "here", 1);
      create(elsewhere, "elsewhere", 1);
      put(cloud, "here", 0, 5);
      put(elsewhere, "elsewhere", 0, 5);
      try (Scheduler scheduler = application("clients")
          .streams(
              StreamConfig.of("here"), StreamConfig.of("elsewhere").withClient(elsewhere.clients()))
          .build()) {
        scheduler.start().join();
        waitUntil("both", () -> seen.size() == 10);
      }
    }
  }

  @Test
  void aStreamWithAClientOfItsOwnIsReadByFanOutAsAnyOther() throws Exception {
    try (LocalCloud elsewhere = LocalCloud.start()) {
      create(cloud, "here-fan", 1);
      create(elsewhere, "elsewhere-fan", 2);
      put(cloud, "here-fan", 0, 5);
      put(elsewhere, "elsewhere-fan", 0, 5);
      try (Scheduler scheduler = application("fan-clients")
          .streams(
              StreamConfig.of("here-fan").withRetrieval(Retrieval.fanOut()),
              StreamConfig.of("elsewhere-fan")
                  .withClient(elsewhere.clients())
                  .withRetrieval(Retrieval.fanOut()))
          .build()) {
        scheduler.start().join();
        waitUntil("both", () -> seen.size() == 10);
        assertThat(consumers(elsewhere, "elsewhere-fan")).isEqualTo(1);
        scheduler.stop().join();
        scheduler.deregisterConsumer().join();
        assertThat(consumers(elsewhere, "elsewhere-fan")).isZero();
        assertThat(consumers(cloud, "here-fan")).isZero();
      }
    }
  }

  @Test
  void everyStreamBeginsWhereItSays() throws Exception {
    create(cloud, "old", 1);
    create(cloud, "new", 1);
    put(cloud, "old", 0, 5);
    put(cloud, "new", 0, 5);
    Thread.sleep(3_000); // LATEST begins two seconds early
    try (Scheduler scheduler = application("positions")
        .streams(
            StreamConfig.of("old"),
            StreamConfig.of("new").withInitialPosition(InitialPosition.latest()))
        .build()) {
      scheduler.start().join();
      put(cloud, "new", 5, 10);
      waitUntil("five of each", () -> seen.size() >= 10);
    }
    assertThat(seen).hasSize(10).contains("old/0", "new/9").doesNotContain("new/4");
  }

  @Test
  void aStreamThatWasMadeAgainStopsTheWorkerUnlessItIsToStartAnew() throws Exception {
    create(cloud, "again", 2);
    put(cloud, "again", 0, 20);
    try (Scheduler scheduler = application("again").streamName("again").build()) {
      scheduler.start().join();
      waitUntil("the former stream", () -> seen.size() == 20);
    }
    long formerCounter = counter("again", "shardId-000000000000");
    makeAgain("again", 1);
    put(cloud, "again", 20, 30);
    try (Scheduler scheduler = application("again").streamName("again").build()) {
      assertThatThrownBy(() -> scheduler.start().join())
          .hasMessageContaining("Stream 'again' was deleted and created again at")
          .hasMessageContaining("START_ANEW");
    }
    assertThat(counter("again", "shardId-000000000000")).isEqualTo(formerCounter);
    assertThat(seen).hasSize(20);
    try (Scheduler scheduler = application("again")
        .streamName("again")
        .recreatedStreams(RecreatedStream.START_ANEW)
        .build()) {
      scheduler.start().join();
      waitUntil("the new stream", () -> seen.size() == 30);
      assertThat(counter("again", "shardId-000000000000")).isGreaterThan(formerCounter);
    }
    try (Scheduler scheduler = application("again").streamName("again").build()) {
      put(cloud, "again", 30, 35);
      scheduler.start().join(); // the leases are the new stream's
      waitUntil("more of the new stream", () -> seen.size() == 35);
    }
    assertThat(seen).doesNotHaveDuplicates();
  }

  @Test
  void aStreamThatIsMadeAgainWhileItIsReadIsStartedAnew() throws Exception {
    create(cloud, "live", 2);
    put(cloud, "live", 0, 20);
    try (Scheduler scheduler = application("live")
        .streamName("live")
        .recreatedStreams(RecreatedStream.START_ANEW)
        .build()) {
      scheduler.start().join();
      waitUntil("the former stream", () -> seen.size() == 20);
      makeAgain("live", 2);
      put(cloud, "live", 20, 40);
      waitUntil("the new stream", () -> seen.stream().distinct().count() == 40);
      waitUntil("health", () -> scheduler.health().status() == Health.Status.UP);
    }
  }

  @Test
  void oneOfSeveralThatWasMadeAgainIsAnotherStream() throws Exception {
    create(cloud, "several-again", 1);
    create(cloud, "several-same", 1);
    put(cloud, "several-again", 0, 5);
    StreamConfig[] both = {StreamConfig.of("several-again"), StreamConfig.of("several-same")};
    try (Scheduler scheduler = application("several").streams(both).build()) {
      scheduler.start().join();
      waitUntil("the former stream", () -> seen.size() == 5);
    }
    makeAgain("several-again", 1);
    put(cloud, "several-again", 5, 10);
    put(cloud, "several-same", 0, 5);
    try (Scheduler scheduler = application("several").streams(both).build()) {
      scheduler.start().join();
      waitUntil("the other stream", () -> seen.size() == 10);
      assertThat(scheduler.health().status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(scheduler.health().reasons()).singleElement().asString().contains("created again");
    }
    try (Scheduler scheduler = application("several")
        .streams(both)
        .recreatedStreams(RecreatedStream.START_ANEW)
        .build()) {
      scheduler.start().join();
      waitUntil("the new stream", () -> seen.size() == 15);
    }
    assertThat(seen).doesNotHaveDuplicates();
  }

  @Test
  void anApplicationDoesNotChangeBetweenOneStreamAndSeveral() throws Exception {
    create(cloud, "mode", 1);
    put(cloud, "mode", 0, 5);
    try (Scheduler scheduler = application("mode").streamName("mode").build()) {
      scheduler.start().join();
      waitUntil("the stream", () -> seen.size() == 5);
    }
    try (Scheduler scheduler =
        application("mode").streams(StreamConfig.of("mode")).build()) {
      assertThatThrownBy(() -> scheduler.start().join())
          .hasMessageContaining("has leases of an application that reads one stream");
    }
  }

  @Test
  void aLeaseOfAmazonsAtLatestIsPinnedByItsFirstReader() throws Exception {
    create(cloud, "pin", 1);
    cloud
        .dynamoDb()
        .createTable(table -> table
            .tableName("pin")
            .keySchema(KeySchemaElement.builder()
                .attributeName("leaseKey")
                .keyType("HASH")
                .build())
            .attributeDefinitions(AttributeDefinition.builder()
                .attributeName("leaseKey")
                .attributeType("S")
                .build())
            .billingMode("PAY_PER_REQUEST"))
        .join();
    cloud
        .dynamoDb()
        .putItem(item -> item.tableName("pin")
            .item(Map.of(
                "leaseKey", AttributeValue.fromS("shardId-000000000000"),
                "leaseCounter", AttributeValue.fromN("0"),
                "checkpoint", AttributeValue.fromS("LATEST"),
                "checkpointSubSequenceNumber", AttributeValue.fromN("0"),
                "ownerSwitchesSinceCheckpoint", AttributeValue.fromN("0"))))
        .join();
    Instant before = Instant.now();
    try (Scheduler scheduler = application("pin").streamName("pin").build()) {
      scheduler.start().join();
      waitUntil(
          "reading",
          () -> scheduler.snapshot().shards().stream()
              .anyMatch(shard -> shard.state().equals("CONSUMING")));
    }
    String key = "shardId-000000000000";
    assertThat(attribute("pin", key, "checkpoint").s()).isEqualTo("LATEST");
    Instant pin = Instant.ofEpochMilli(
        Long.parseLong(attribute("pin", key, "openkclStartAt").n()));
    assertThat(pin).isBetween(before.minusSeconds(10), Instant.now());
  }

  private SchedulerBuilder application(String name) {
    return Scheduler.builder()
        .applicationName(name)
        .initialPosition(InitialPosition.trimHorizon())
        .idleTimeBetweenReads(OFTEN)
        .clients(cloud.clients())
        .processor(this::remembering);
  }

  /** Remembers stream and data of every record, and checkpoints every batch. */
  private ShardRecordProcessor remembering(StreamIdentifier stream) {
    return batch -> {
      for (KinesisClientRecord record : batch.records()) {
        seen.add(stream.streamName() + "/" + UTF_8.decode(record.data()));
      }
      batch.checkpointer().checkpoint();
    };
  }

  private static void create(LocalCloud where, String stream, int shards) {
    where.kinesis().createStream(b -> b.streamName(stream).shardCount(shards)).join();
  }

  /** Deletes a stream and creates it again in another second, by which the two are told apart. */
  private static void makeAgain(String stream, int shards) throws InterruptedException {
    cloud.kinesis().deleteStream(b -> b.streamName(stream)).join();
    Thread.sleep(1_100);
    create(cloud, stream, shards);
  }

  private static int consumers(LocalCloud where, String stream) {
    return where.streams(s -> s.consumers().count(stream));
  }

  private static void put(LocalCloud where, String stream, int from, int to) {
    List<PutRecordsRequestEntry> entries = IntStream.range(from, to)
        .mapToObj(n -> PutRecordsRequestEntry.builder()
            .partitionKey("key-" + n)
            .data(SdkBytes.fromUtf8String("" + n))
            .build())
        .toList();
    where.kinesis().putRecords(b -> b.streamName(stream).records(entries)).join();
  }

  private static String arnOf(String stream) {
    return cloud
        .kinesis()
        .describeStreamSummary(b -> b.streamName(stream))
        .join()
        .streamDescriptionSummary()
        .streamARN();
  }

  private static String identifierOf(String stream) {
    Instant created = cloud
        .kinesis()
        .describeStreamSummary(b -> b.streamName(stream))
        .join()
        .streamDescriptionSummary()
        .streamCreationTimestamp();
    String account = arnOf(stream).split(":")[4];
    return account + ":" + stream + ":" + created.getEpochSecond();
  }

  private static AttributeValue attribute(String table, String leaseKey, String name) {
    Map<String, AttributeValue> item = cloud
        .dynamoDb()
        .getItem(b -> b.tableName(table)
            .key(Map.of("leaseKey", AttributeValue.fromS(leaseKey)))
            .consistentRead(true))
        .join()
        .item();
    return Objects.requireNonNull(item.get(name), () -> name + " in " + item);
  }

  private static long counter(String table, String leaseKey) {
    return Long.parseLong(attribute(table, leaseKey, "leaseCounter").n());
  }
}
