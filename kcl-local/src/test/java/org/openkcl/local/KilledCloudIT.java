package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** A cloud with a data folder is killed (SIGKILL) in the middle of its work, again and again. */
@Timeout(300)
class KilledCloudIT {
  private static final String STREAM = "orders";
  private static final String TABLE = "leases";
  private static final int ROUNDS = 5;
  private static final int PUTTERS = 3;
  private static final Duration REPLY_MAX = Duration.ofSeconds(20);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temporary;

  private final Random random = new Random(7);
  private final Queue<Acknowledged> records = new ConcurrentLinkedQueue<>();
  private final Queue<String> shards = new ConcurrentLinkedQueue<>();
  private final Queue<String> tags = new ConcurrentLinkedQueue<>();
  private final Queue<String> items = new ConcurrentLinkedQueue<>();

  private record Acknowledged(String shardId, String sequenceNumber, String data) {}

  @Test
  void losesNothingThatWasAcknowledged() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      try (CloudProcess process = CloudProcess.start(temporary);
          Clients clients = new Clients(process)) {
        if (round == 0) {
          clients.create();
        }
        clients.assertAllIsThere();
        List<Thread> workers = clients.work(round);
        TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(700));
        process.kill();
        for (Thread worker : workers) {
          worker.join();
        }
      }
    }
    try (CloudProcess process = CloudProcess.start(temporary);
        Clients clients = new Clients(process)) {
      clients.assertAllIsThere();
    }
    assertThat(records).hasSizeGreaterThan(100);
    assertThat(items).hasSizeGreaterThan(ROUNDS);
    assertThat(shards).hasSizeGreaterThan(1);
  }

  @Test
  void letsASplitHappenThatWasUnderWay() throws Exception {
    Duration reshard = Duration.ofSeconds(5);
    List<Shard> before;
    try (CloudProcess process = CloudProcess.start(temporary, reshard);
        Clients clients = new Clients(process)) {
      clients.create();
      clients.control("split");
      before = clients.shards();
      clients.putOne("before the end");
      process.kill();
    }
    assertThat(before).as("the split takes %s", reshard).hasSize(2);
    try (CloudProcess process = CloudProcess.start(temporary, reshard);
        Clients clients = new Clients(process)) {
      while (clients.shards().size() == before.size()) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      assertThat(clients.shards()).hasSize(4);
      clients.assertAllIsThere();
    }
  }

  /** A step of work; returns what was acknowledged. */
  @FunctionalInterface
  private interface Step {
    void run(String id) throws SdkException;
  }

  private final class Clients implements AutoCloseable {
    private final KinesisAsyncClient kinesis;
    private final DynamoDbAsyncClient dynamoDb;

    Clients(CloudProcess process) {
      kinesis = KinesisAsyncClient.builder()
          .applyMutation(process.clients()::accept)
          .overrideConfiguration(
              c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()).apiCallTimeout(REPLY_MAX))
          .build();
      dynamoDb = DynamoDbAsyncClient.builder()
          .applyMutation(process.clients()::accept)
          .overrideConfiguration(
              c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()).apiCallTimeout(REPLY_MAX))
          .build();
    }

    void create() {
      kinesis.createStream(b -> b.streamName(STREAM).shardCount(2)).join();
      dynamoDb
          .createTable(b -> b.tableName(TABLE)
              .billingMode(BillingMode.PAY_PER_REQUEST)
              .keySchema(KeySchemaElement.builder()
                  .attributeName("key")
                  .keyType(KeyType.HASH)
                  .build())
              .attributeDefinitions(AttributeDefinition.builder()
                  .attributeName("key")
                  .attributeType(ScalarAttributeType.S)
                  .build()))
          .join();
    }

    /** Returns once everybody has begun. */
    List<Thread> work(int round) throws InterruptedException {
      List<Thread> threads = new ArrayList<>();
      CountDownLatch begun = new CountDownLatch(PUTTERS + 2);
      for (int putter = 0; putter < PUTTERS; putter++) {
        Step step = putter == 0 ? this::putMany : this::putOne;
        threads.add(worker(round + "-" + putter, begun, step));
      }
      threads.add(worker(round + "-item", begun, this::putItem));
      threads.add(worker(round + "-control", begun, this::control));
      assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
      return threads;
    }

    private Thread worker(String name, CountDownLatch begun, Step step) {
      Thread thread = new Thread(() -> {
        for (int i = 0; ; i++) {
          try {
            step.run(name + "-" + i);
          } catch (RuntimeException killed) {
            return;
          } finally {
            begun.countDown();
          }
        }
      });
      thread.start();
      return thread;
    }

    private void putOne(String id) {
      var reply = kinesis
          .putRecord(b -> b.streamName(STREAM).partitionKey(id).data(SdkBytes.fromUtf8String(id)))
          .join();
      records.add(new Acknowledged(reply.shardId(), reply.sequenceNumber(), id));
    }

    private void putMany(String id) {
      List<PutRecordsRequestEntry> entries = IntStream.range(0, 20)
          .mapToObj(i -> PutRecordsRequestEntry.builder()
              .partitionKey(id + i)
              .data(SdkBytes.fromUtf8String(id + "/" + i))
              .build())
          .toList();
      var reply = kinesis.putRecords(b -> b.streamName(STREAM).records(entries)).join();
      for (int i = 0; i < 20; i++) {
        var result = reply.records().get(i);
        records.add(new Acknowledged(result.shardId(), result.sequenceNumber(), id + "/" + i));
      }
    }

    private void putItem(String id) {
      dynamoDb
          .putItem(b -> b.tableName(TABLE).item(Map.of("key", AttributeValue.fromS(id))))
          .join();
      items.add(id);
    }

    /** Tags the stream, and splits its youngest shard. */
    private void control(String id) {
      kinesis
          .addTagsToStream(b -> b.streamName(STREAM).tags(Map.of(tag(id), id)))
          .join();
      tags.add(tag(id));
      List<Shard> open = shards().stream()
          .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
          .toList();
      if (open.size() < 16) {
        Shard youngest = open.get(open.size() - 1);
        var range = youngest.hashKeyRange();
        kinesis
            .splitShard(b -> b.streamName(STREAM)
                .shardToSplit(youngest.shardId())
                .newStartingHashKey(new BigInteger(range.startingHashKey())
                    .add(new BigInteger(range.endingHashKey()))
                    .shiftRight(1)
                    .toString()))
            .join();
        shards().forEach(shard -> {
          if (!shards.contains(shard.shardId())) {
            shards.add(shard.shardId());
          }
        });
      }
    }

    /** One of 40, so that a stream has room for them. */
    private String tag(String id) {
      return "tag-" + Math.floorMod(id.hashCode(), 40);
    }

    void assertAllIsThere() {
      Map<String, List<Acknowledged>> found = new TreeMap<>();
      shards().forEach(shard -> found.put(shard.shardId(), readAll(shard.shardId())));
      assertThat(found.keySet()).containsAll(shards);
      Map<String, List<Acknowledged>> wanted = new TreeMap<>();
      records.forEach(record ->
          wanted.computeIfAbsent(record.shardId(), shard -> new ArrayList<>()).add(record));
      wanted.forEach((shard, acknowledged) -> {
        List<Acknowledged> missing = new ArrayList<>(acknowledged);
        missing.removeAll(new HashSet<>(found.getOrDefault(shard, List.of())));
        assertThat(missing).as("lost from %s", shard).isEmpty();
      });
      found.forEach((shard, all) -> assertThat(all.stream()
              .map(Acknowledged::sequenceNumber)
              .map(BigInteger::new)
              .toList())
          .as("order in %s", shard)
          .isSorted());
      assertThat(
              kinesis.listTagsForStream(b -> b.streamName(STREAM).limit(50)).join().tags().stream()
                  .map(tag -> tag.key()))
          .containsAll(tags);
      assertItems();
    }

    private void assertItems() {
      List<String> found = new ArrayList<>();
      dynamoDb
          .scanPaginator(b -> b.tableName(TABLE).consistentRead(true))
          .items()
          .subscribe(item -> item.values().forEach(key -> found.add(key.s())))
          .join();
      assertThat(found).containsAll(items);
    }

    private List<Shard> shards() {
      return kinesis.listShards(b -> b.streamName(STREAM)).join().shards();
    }

    private List<Acknowledged> readAll(String shardId) {
      List<Acknowledged> found = new ArrayList<>();
      String iterator = kinesis
          .getShardIterator(b -> b.streamName(STREAM)
              .shardId(shardId)
              .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
          .join()
          .shardIterator();
      while (iterator != null) {
        String at = iterator;
        GetRecordsResponse page = kinesis.getRecords(b -> b.shardIterator(at)).join();
        for (Record record : page.records()) {
          found.add(
              new Acknowledged(shardId, record.sequenceNumber(), record.data().asUtf8String()));
        }
        iterator = page.records().isEmpty() ? null : page.nextShardIterator();
      }
      return found;
    }

    @Override
    public void close() {
      kinesis.close();
      dynamoDb.close();
    }
  }
}
