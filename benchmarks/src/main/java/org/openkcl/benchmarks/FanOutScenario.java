package org.openkcl.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * From the call of PutRecord to {@code processRecords} of a worker JVM that reads by enhanced
 * fan-out and checkpoints every batch: 20 records a second on every shard, put one by one at even
 * distances whether or not the one before has arrived. The first third is warm-up.
 */
final class FanOutScenario implements Scenario {
  private static final Metric P50 = Metric.count("putToProcessP50Millis", "ms");
  private static final Metric P99 = Metric.count("putToProcessP99Millis", "ms").atMost(25);
  private static final Metric P999 = Metric.count("putToProcessP999Millis", "ms");
  private static final Metric MISSING = Metric.count("missing", "records").atMost(0);

  private static final int RECORDS_PER_SECOND_AND_SHARD = 20;
  private static final int RECORD_BYTES = 128;

  private final int seconds;

  FanOutScenario(int seconds) {
    this.seconds = seconds;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(P50, P99, P999, MISSING);
  }

  @Override
  public Map<Metric, Double> measure(Run run) throws InterruptedException {
    run.workers().start("a", Workers.HEAP, WorkerMain.class, "fan-out");
    run.stream().putOnEveryShard();
    run.workers()
        .await(
            "a reads all shards",
            Run.PATIENCE,
            timeline -> timeline.shardsReadBy("a").size() == run.shards());
    Map<String, Long> putMicros = new ConcurrentHashMap<>();
    int records = RECORDS_PER_SECOND_AND_SHARD * seconds * run.shards();
    put(run, records, putMicros);
    await(run, records);
    double[] millis = latencies(run, records, putMicros);
    return Map.of(
        P50, at(millis, 0.5),
        P99, at(millis, 0.99),
        P999, at(millis, 0.999),
        MISSING, (double) (records - arrived(run)));
  }

  private static void put(Run run, int records, Map<String, Long> putMicros) {
    KinesisAsyncClient kinesis = run.cloud().kinesis();
    String stream = run.stream().name();
    List<Shard> shards = kinesis.listShards(b -> b.streamName(stream)).join().shards();
    long intervalNanos = TimeUnit.SECONDS.toNanos(1) / RECORDS_PER_SECOND_AND_SHARD / shards.size();
    long begin = System.nanoTime();
    for (int number = 0; number < records; number++) {
      long due = begin + number * intervalNanos;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      String id =
          "n" + number + ".".repeat(RECORD_BYTES - 1 - Integer.toString(number).length());
      String hashKey = shards.get(number % shards.size()).hashKeyRange().startingHashKey();
      putMicros.put(id, Stamp.nowMicros());
      CompletableFuture<?> reply = kinesis.putRecord(b -> b.streamName(stream)
          .partitionKey("key")
          .explicitHashKey(hashKey)
          .data(SdkBytes.fromUtf8String(id)));
      reply.whenComplete((done, failure) -> {
        if (failure != null) {
          putMicros.remove(id);
          System.err.println("A put failed: " + failure);
        }
      });
    }
  }

  private static void await(Run run, int records) throws InterruptedException {
    try {
      run.workers()
          .await("all processed", Duration.ofSeconds(20), timeline -> arrived(run) >= records);
    } catch (IllegalStateException some) {
      // The metric says how many are missing.
    }
  }

  private static long arrived(Run run) {
    return run.workers().timeline().processed().stream()
        .filter(id -> id.startsWith("n"))
        .count();
  }

  private static double[] latencies(Run run, int records, Map<String, Long> putMicros) {
    List<Double> millis = new ArrayList<>();
    for (Timeline.Entry entry : run.workers().timeline().entries()) {
      if (entry.event().kind() != WorkerEvent.Kind.RECORDS) {
        continue;
      }
      for (String id : entry.event().items()) {
        Long put = putMicros.get(id);
        if (put != null && numberOf(id) >= records / 3) {
          millis.add((entry.event().fromMicros() - put) / 1e3);
        }
      }
    }
    return millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static int numberOf(String id) {
    return Integer.parseInt(id.substring(1, id.indexOf('.')));
  }

  private static double at(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  }
}
