package org.openkcl.samples.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.openkcl.InitialPosition;
import org.openkcl.Scheduler;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.faults.Fault;
import org.openkcl.local.faults.FaultKind;
import org.openkcl.local.model.ServiceLimits;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.ProcessRecordsInput;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

/** The producer on kcl-local, with its limits on and with faults; OpenKCL reads what came of it. */
class ProducerIT {
  private static final int KEYS = 20;
  private final List<KinesisClientRecord> read = Collections.synchronizedList(new ArrayList<>());

  @Test
  void withinTheLimitsEveryRecordComesOnceInTheOrderOfItsKey() throws Exception {
    try (LocalCloud cloud = limited()) {
      create(cloud, "limits", 2);
      Map<String, CompletableFuture<Placement>> placed;
      try (Producer producer = new Producer(cloud.kinesis(), "limits", ProducerSettings.DEFAULT)) {
        placed = putAll(producer, 0, 20_000);
      }
      readUntil(cloud, "limits", 20_000);
      assertThat(read).hasSize(20_000);
      assertThat(positionsRead()).isEqualTo(positionsOf(placed));
      assertOrder(20_000);
      assertThat(read.stream().filter(KinesisClientRecord::aggregated).count())
          .isGreaterThan(19_000);
    }
  }

  @Test
  void withoutAggregatesAsWell() throws Exception {
    try (LocalCloud cloud = limited()) {
      create(cloud, "single", 2);
      Map<String, CompletableFuture<Placement>> placed;
      try (Producer producer =
          new Producer(cloud.kinesis(), "single", ProducerSettings.DEFAULT.withoutAggregates())) {
        placed = putAll(producer, 0, 5_000);
      }
      readUntil(cloud, "single", 5_000);
      assertThat(positionsRead()).isEqualTo(positionsOf(placed));
      assertThat(read).noneMatch(KinesisClientRecord::aggregated);
    }
  }

  @Test
  void refusedRecordsFailedCallsAndLostRepliesLoseNothingAndKeepTheOrder() throws Exception {
    try (LocalCloud cloud = LocalCloud.start()) {
      create(cloud, "faults", 3);
      cloud.faults().add(Fault.throttle().on("PutRecords").withProbability(0.2, 1));
      cloud
          .faults()
          .add(Fault.of(FaultKind.INTERNAL_FAILURE).on("PutRecords").withProbability(0.1, 2));
      cloud.faults().add(Fault.lostReply().on("PutRecords").withProbability(0.05, 3));
      Map<String, CompletableFuture<Placement>> placed;
      try (Producer producer = new Producer(cloud.kinesis(), "faults", ProducerSettings.DEFAULT)) {
        placed = putAll(producer, 0, 20_000);
      }
      cloud.faults().clear();
      assertThat(positionsOf(placed)).hasSize(20_000); // none failed
      readUntil(cloud, "faults", 20_000);
      assertOrder(20_000);
    }
  }

  @Test
  void aSplitAndAMergeOnTheWayLoseNothing() throws Exception {
    try (LocalCloud cloud = LocalCloud.start()) {
      create(cloud, "reshard", 2);
      Map<String, CompletableFuture<Placement>> placed = new HashMap<>();
      try (Producer producer = new Producer(cloud.kinesis(), "reshard", ProducerSettings.DEFAULT)) {
        placed.putAll(putAll(producer, 0, 5_000));
        positionsOf(placed); // all are placed, some of them on the shard that is split
        placed.putAll(putAll(producer, 5_000, 7_500));
        cloud
            .kinesis()
            .splitShard(b -> b.streamName("reshard")
                .shardToSplit("shardId-000000000000")
                .newStartingHashKey("85070591730234615865843651857942052863"))
            .join();
        placed.putAll(putAll(producer, 7_500, 10_000));
        cloud
            .kinesis()
            .mergeShards(b -> b.streamName("reshard")
                .shardToMerge("shardId-000000000003")
                .adjacentShardToMerge("shardId-000000000001"))
            .join();
        placed.putAll(putAll(producer, 10_000, 15_000));
      }
      assertThat(positionsOf(placed)).hasSize(15_000);
      readUntil(cloud, "reshard", 15_000);
      assertOrder(15_000);
      assertThat(placed.values())
          .extracting(placement -> placement.join().shardId())
          .contains("shardId-000000000000", "shardId-000000000002", "shardId-000000000004");
    }
  }

  @Test
  void whatCannotBePutFailsAfterItsTimeAndTheBufferIsBounded() throws Exception {
    try (LocalCloud cloud = LocalCloud.start()) {
      create(cloud, "closed", 1);
      cloud.faults().add(Fault.throttle().on("PutRecords"));
      ProducerSettings small = ProducerSettings.DEFAULT
          .withMaxBufferedBytes(1024 * 1024)
          .withTimeToLive(Duration.ofSeconds(2));
      try (Producer producer = new Producer(cloud.kinesis(), "closed", small)) {
        CompletableFuture<Placement> first = producer.put("key", new byte[600_000]);
        Instant before = Instant.now();
        producer.put("key", new byte[600_000]); // waits for room
        assertThat(first).isCompletedExceptionally();
        assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofSeconds(1));
        assertThatThrownBy(first::join)
            .isInstanceOf(CompletionException.class)
            .hasCauseInstanceOf(TimeoutException.class);
        cloud.faults().clear();
        assertThat(producer.put("key", new byte[1]).get(30, TimeUnit.SECONDS)).isNotNull();
      }
    }
  }

  @Test
  void aStreamThatDoesNotExistFailsAtOnceAndAWrongRecordWhereItIsGiven() throws Exception {
    try (LocalCloud cloud = LocalCloud.start();
        Producer producer = new Producer(cloud.kinesis(), "nowhere", ProducerSettings.DEFAULT)) {
      CompletableFuture<Placement> put = producer.put("key", new byte[1]);
      assertThatThrownBy(() -> put.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ResourceNotFoundException.class);
      assertThatThrownBy(() -> producer.put("", new byte[1]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> producer.put("key", new byte[1024 * 1024]))
          .hasMessageContaining("at most 1048576 bytes");
    }
  }

  private static LocalCloud limited() {
    return LocalCloud.builder().limits(ServiceLimits.service()).start();
  }

  private static void create(LocalCloud cloud, String stream, int shards) {
    cloud.kinesis().createStream(b -> b.streamName(stream).shardCount(shards)).join();
  }

  /** Record n has the key n modulo {@link #KEYS}, and its number as data. */
  private static Map<String, CompletableFuture<Placement>> putAll(
      Producer producer, int from, int to) throws InterruptedException {
    Map<String, CompletableFuture<Placement>> placed = new LinkedHashMap<>();
    for (int n = from; n < to; n++) {
      byte[] data = Integer.toString(n).getBytes(UTF_8);
      placed.put(Integer.toString(n), producer.put("key-" + n % KEYS, data));
    }
    return placed;
  }

  private static Map<String, String> positionsOf(Map<String, CompletableFuture<Placement>> placed) {
    Map<String, String> positions = new HashMap<>();
    placed.forEach((text, future) -> {
      Placement at = future.join();
      positions.put(text, at.sequenceNumber() + "/" + at.subSequenceNumber());
    });
    return positions;
  }

  private Map<String, String> positionsRead() {
    Map<String, String> positions = new HashMap<>();
    for (KinesisClientRecord record : List.copyOf(read)) {
      positions.put(text(record), record.sequenceNumber() + "/" + record.subSequenceNumber());
    }
    return positions;
  }

  /** Reads the stream with OpenKCL until so many different records have come. */
  private void readUntil(LocalCloud cloud, String stream, int distinct) throws Exception {
    try (Scheduler scheduler = Scheduler.builder()
        .applicationName("reader-of-" + stream)
        .streamName(stream)
        .initialPosition(InitialPosition.trimHorizon())
        .idleTimeBetweenReads(Duration.ofMillis(200))
        .clients(cloud.clients())
        .processor(() -> this::remember)
        .build()) {
      scheduler.start().join();
      Instant end = Instant.now().plusSeconds(90);
      while (distinctRead() < distinct && Instant.now().isBefore(end)) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    assertThat(distinctRead()).isEqualTo(distinct);
  }

  private long distinctRead() {
    synchronized (read) {
      return read.stream().map(ProducerIT::text).distinct().count();
    }
  }

  private void remember(ProcessRecordsInput batch) throws Exception {
    read.addAll(batch.records());
    batch.checkpointer().checkpoint();
  }

  /** Of each key, the first time that each record came is in the order in which they were put. */
  private void assertOrder(int records) {
    Map<String, List<Integer>> byKey = new HashMap<>();
    Map<Integer, Boolean> seen = new HashMap<>();
    for (KinesisClientRecord record : List.copyOf(read)) {
      int n = Integer.parseInt(text(record));
      if (seen.put(n, true) == null) {
        byKey
            .computeIfAbsent(record.partitionKey(), unknown -> new ArrayList<>())
            .add(n);
      }
    }
    assertThat(seen).hasSize(records);
    byKey.forEach((key, numbers) -> assertThat(numbers).as(key).isSorted());
  }

  private static String text(KinesisClientRecord record) {
    return UTF_8.decode(record.data()).toString();
  }
}
