package org.openkcl.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openkcl.benchmarks.probe.Probe;
import org.openkcl.benchmarks.probe.Stamp;
import org.openkcl.benchmarks.probe.Vitals;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.benchmarks.probe.WorkerOptions;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * The least that waits for records of many shards: per shard a GetRecords at each interval, with the
 * same client as a worker's and nothing else. Answers {@link Vitals}.
 */
final class IdleLoopMain {
  private static final int READ_RECORDS = 10_000;

  private final KinesisAsyncClient kinesis;
  private final long intervalMicros;
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private int begun;

  private IdleLoopMain(KinesisAsyncClient kinesis, long intervalMicros) {
    this.kinesis = kinesis;
    this.intervalMicros = intervalMicros;
  }

  /**
   * Arguments: Kinesis and DynamoDB endpoint, stream, worker id, which is not used, and the interval
   * in microseconds.
   */
  public static void main(String[] args) throws IOException {
    Probe probe = new Probe(WorkerOptions.defaults());
    AwsClients clients = AwsClients.create(client -> {
      LocalCloud.clientsFor(URI.create(args[0]), URI.create(args[1])).accept(client);
      client.overrideConfiguration(client.overrideConfiguration().toBuilder()
          .addExecutionInterceptor(probe.requests())
          .build());
    });
    IdleLoopMain loop = new IdleLoopMain(clients.kinesis(), Long.parseLong(args[4]));
    loop.openAll(args[2], null);
    probe.answer();
  }

  private void openAll(String stream, @Nullable String token) {
    ListShardsResponse page = kinesis
        .listShards(b -> b.streamName(token == null ? stream : null).nextToken(token))
        .join();
    page.shards().forEach(shard -> open(stream, shard.shardId()));
    if (page.nextToken() != null) {
      openAll(stream, page.nextToken());
    }
  }

  private void open(String stream, String shardId) {
    var unused = kinesis
        .getShardIterator(b ->
            b.streamName(stream).shardId(shardId).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .thenAccept(reply -> timer.execute(() -> {
          begun++;
          Probe.report(
              WorkerEvent.Kind.FIGURE,
              IdleShardsScenario.SHARDS,
              Stamp.nowMicros(),
              List.of(Integer.toString(begun)));
          read(reply.shardIterator());
        }));
  }

  private void read(String iterator) {
    long started = System.nanoTime();
    var unused = kinesis
        .getRecords(b -> b.shardIterator(iterator).limit(READ_RECORDS))
        .whenComplete((reply, failure) -> {
          if (failure != null) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
          }
          long taken = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - started);
          var unusedTimer = timer.schedule(
              () -> read(reply.nextShardIterator()),
              Math.max(0, intervalMicros - taken),
              TimeUnit.MICROSECONDS);
        });
  }
}
