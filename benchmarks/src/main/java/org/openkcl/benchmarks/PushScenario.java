package org.openkcl.benchmarks;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/**
 * How long kcl-local takes to push a record: from its put into the streams, without HTTP, to the
 * SDK's subscriber in the same JVM. A record is put every 2 ms, whether or not the one before has
 * arrived, on the shards in turn; the first third is warm-up. No workers take part.
 */
final class PushScenario implements Scenario {
  private static final Metric P50 = Metric.count("pushP50Millis", "ms");
  private static final Metric P99 = Metric.count("pushP99Millis", "ms").atMost(10);
  private static final Metric P999 = Metric.count("pushP999Millis", "ms");
  private static final Metric MISSING = Metric.count("missing", "records").atMost(0);

  private static final int RECORDS = 6_000;
  private static final int RECORD_BYTES = 1_024;
  private static final Duration INTERVAL = Duration.ofMillis(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Override
  public List<Metric> metrics() {
    return List.of(P50, P99, P999, MISSING);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    KinesisAsyncClient kinesis = run.cloud().kinesis();
    String stream = run.stream().name();
    ConcurrentLinkedQueue<long[]> arrived = new ConcurrentLinkedQueue<>();
    List<Shard> shards = kinesis.listShards(b -> b.streamName(stream)).join().shards();
    String consumer = register(kinesis, stream);
    List<CompletableFuture<Void>> calls = new ArrayList<>();
    for (Shard shard : shards) {
      calls.add(subscribe(kinesis, consumer, shard.shardId(), arrived));
    }
    TimeUnit.SECONDS.sleep(1);
    put(run, stream, shards);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (arrived.size() < RECORDS && System.nanoTime() - end < 0) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    calls.forEach(call -> call.cancel(true));
    kinesis.deregisterStreamConsumer(b -> b.consumerARN(consumer)).join();
    double[] millis = arrived.stream()
        .filter(record -> record[0] >= RECORDS / 3)
        .mapToDouble(record -> record[1] / 1e6)
        .sorted()
        .toArray();
    return Samples.of(Map.of(
        P50, at(millis, 0.5),
        P99, at(millis, 0.99),
        P999, at(millis, 0.999),
        MISSING, (double) (RECORDS - arrived.size())));
  }

  private static String register(KinesisAsyncClient kinesis, String stream)
      throws InterruptedException {
    String streamArn = kinesis
        .describeStreamSummary(b -> b.streamName(stream))
        .join()
        .streamDescriptionSummary()
        .streamARN();
    String consumer = kinesis
        .registerStreamConsumer(b -> b.streamARN(streamArn).consumerName("push"))
        .join()
        .consumer()
        .consumerARN();
    while (kinesis
            .describeStreamConsumer(b -> b.consumerARN(consumer))
            .join()
            .consumerDescription()
            .consumerStatus()
        != ConsumerStatus.ACTIVE) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return consumer;
  }

  private static CompletableFuture<Void> subscribe(
      KinesisAsyncClient kinesis,
      String consumer,
      String shardId,
      ConcurrentLinkedQueue<long[]> arrived) {
    return kinesis.subscribeToShard(
        b -> b.consumerARN(consumer)
            .shardId(shardId)
            .startingPosition(p -> p.type(ShardIteratorType.TRIM_HORIZON)),
        SubscribeToShardResponseHandler.builder()
            .onEventStream((SdkPublisher<SubscribeToShardEventStream> events) -> events
                .filter(SubscribeToShardEvent.class)
                .subscribe(event -> {
                  long now = System.nanoTime();
                  event.records().forEach(record -> {
                    ByteBuffer data = record.data().asByteBuffer();
                    arrived.add(new long[] {data.getInt(), now - data.getLong()});
                  });
                }))
            .build());
  }

  private static void put(Run run, String stream, List<Shard> shards) {
    long begin = System.nanoTime();
    for (int number = 0; number < RECORDS; number++) {
      long due = begin + number * INTERVAL.toNanos();
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      String hashKey = shards.get(number % shards.size()).hashKeyRange().startingHashKey();
      byte[] data = ByteBuffer.allocate(RECORD_BYTES)
          .putInt(number)
          .putLong(System.nanoTime())
          .array();
      run.cloud().changeStreams(streams -> streams.put(stream, "key", hashKey, data));
    }
  }

  private static double at(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  }
}
