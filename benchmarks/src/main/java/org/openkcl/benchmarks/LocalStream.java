package org.openkcl.benchmarks;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** A stream of a run and its producer; stream and lease table are deleted with it. */
final class LocalStream implements AutoCloseable {
  /** Records per shard and second are 1,000 divided by this. */
  static final int PRODUCER_INTERVAL_MILLIS = 250;

  private static final int ENTRIES_MAX = 500;

  private final LocalCloud cloud;
  private final String name;
  private final List<String> hashKeys;
  private final List<String> put = Collections.synchronizedList(new ArrayList<>());
  private final ScheduledExecutorService producer =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "producer");
        thread.setDaemon(true);
        return thread;
      });
  private int round;

  LocalStream(LocalCloud cloud, String name, int shards) {
    this.cloud = cloud;
    this.name = name;
    cloud.kinesis().createStream(b -> b.streamName(name).shardCount(shards)).join();
    cloud.kinesis().waiter().waitUntilStreamExists(b -> b.streamName(name)).join();
    hashKeys = shards().stream()
        .map(shard -> shard.hashKeyRange().startingHashKey())
        .collect(Collectors.toCollection(CopyOnWriteArrayList::new));
    if (hashKeys.size() != shards) {
      throw new IllegalStateException(
          "The stream should have " + shards + " shards: got " + hashKeys.size());
    }
  }

  String name() {
    return name;
  }

  /** One for each shard, which puts a record there. */
  List<String> hashKeys() {
    return hashKeys;
  }

  /**
   * Splits every shard in two, and from then on puts records on each half.
   *
   * @return parents by child
   */
  Map<String, String> splitAll() {
    for (Shard shard : shards()) {
      BigInteger first = new BigInteger(shard.hashKeyRange().startingHashKey());
      BigInteger last = new BigInteger(shard.hashKeyRange().endingHashKey());
      String middle = first.add(last).shiftRight(1).toString();
      cloud
          .kinesis()
          .splitShard(
              b -> b.streamName(name).shardToSplit(shard.shardId()).newStartingHashKey(middle))
          .join();
      hashKeys.add(middle);
    }
    return shards().stream()
        .filter(shard -> shard.parentShardId() != null)
        .collect(Collectors.toMap(Shard::shardId, Shard::parentShardId));
  }

  private List<Shard> shards() {
    return cloud.kinesis().listShards(b -> b.streamName(name)).join().shards();
  }

  /** Puts one record on every shard and waits until they are there. */
  void putOnEveryShard() {
    int current = round++;
    int shards = hashKeys.size();
    for (int from = 0; from < shards; from += ENTRIES_MAX) {
      putSome(current, from, Math.min(shards, from + ENTRIES_MAX));
    }
  }

  private void putSome(int current, int from, int to) {
    List<String> ids = new ArrayList<>();
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    for (int shard = from; shard < to; shard++) {
      String id = shard + ":" + current;
      ids.add(id);
      entries.add(PutRecordsRequestEntry.builder()
          .partitionKey(id)
          .explicitHashKey(hashKeys.get(shard))
          .data(SdkBytes.fromUtf8String(id))
          .build());
    }
    PutRecordsResponse reply =
        cloud.kinesis().putRecords(b -> b.streamName(name).records(entries)).join();
    for (int i = 0; i < ids.size(); i++) {
      if (reply.records().get(i).sequenceNumber() != null) {
        put.add(ids.get(i));
      }
    }
  }

  /** From now on puts a record on every shard at each interval. */
  void startProducer() {
    producer.scheduleAtFixedRate(
        this::putOrSayWhyNot, 0, PRODUCER_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void putOrSayWhyNot() {
    try {
      putOnEveryShard();
    } catch (RuntimeException e) {
      System.err.println("A put failed: " + e);
    }
  }

  void stopProducer() throws InterruptedException {
    producer.shutdown();
    if (!producer.awaitTermination(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The producer did not end within 30 s");
    }
  }

  /** The ids of all records that the stream has accepted. */
  List<String> put() {
    synchronized (put) {
      return List.copyOf(put);
    }
  }

  @Override
  public void close() {
    producer.shutdownNow();
    cloud
        .kinesis()
        .deleteStream(b -> b.streamName(name).enforceConsumerDeletion(true))
        .join();
    cloud
        .dynamoDb()
        .deleteTable(b -> b.tableName(name))
        .handle((ok, missing) -> ok)
        .join();
  }
}
