package org.openkcl.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openkcl.benchmarks.probe.Detail;
import org.openkcl.benchmarks.probe.Probe;
import org.openkcl.benchmarks.probe.ShardProbe;
import org.openkcl.benchmarks.probe.Stamp;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * The least that reads a stream: per shard one GetRecords after the other, with the same client as a
 * worker's and nothing else. Reports {@link PollReaderMain#RECORDS} twice a second. Ends when its
 * standard input does.
 */
final class BareLoopMain {
  private static final int READ_RECORDS = 10_000;
  private static final long NEVER_MILLIS = TimeUnit.DAYS.toMillis(1);

  private final KinesisAsyncClient kinesis;
  private final LongAdder records = new LongAdder();
  private final ShardProbe probe;

  private BareLoopMain(KinesisAsyncClient kinesis, ShardProbe probe) {
    this.kinesis = kinesis;
    this.probe = probe;
  }

  /**
   * Arguments: Kinesis and DynamoDB endpoint, stream, worker id, which is not used; and after how
   * many records to report {@link Probe#DRAINED}, if at all.
   */
  public static void main(String[] args) throws IOException {
    AwsClients clients =
        AwsClients.create(LocalCloud.clientsFor(URI.create(args[0]), URI.create(args[1])));
    WorkerOptions options = WorkerOptions.defaults()
        .with(WorkerOption.DETAIL, Detail.COUNTS)
        .with(WorkerOption.CHECKPOINT_MILLIS, NEVER_MILLIS)
        .with(WorkerOption.EXPECTED, args.length > 4 ? args[4] : Long.MAX_VALUE);
    BareLoopMain loop = new BareLoopMain(clients.kinesis(), new Probe(options).shard());
    String stream = args[2];
    clients
        .kinesis()
        .listShards(b -> b.streamName(stream))
        .join()
        .shards()
        .forEach(shard -> loop.open(stream, shard.shardId()));
    var unused = Executors.newSingleThreadScheduledExecutor()
        .scheduleAtFixedRate(
            () -> Probe.report(
                WorkerEvent.Kind.FIGURE,
                PollReaderMain.RECORDS,
                Stamp.nowMicros(),
                List.of(Long.toString(loop.records.sum()))),
            0,
            500,
            TimeUnit.MILLISECONDS);
    while (System.in.read() >= 0) {
      // Only the end counts.
    }
    Runtime.getRuntime().halt(2);
  }

  private void open(String stream, String shardId) {
    var unused = kinesis
        .getShardIterator(b ->
            b.streamName(stream).shardId(shardId).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .thenAccept(reply -> read(reply.shardIterator()));
  }

  private void read(String iterator) {
    var unused = kinesis
        .getRecords(b -> b.shardIterator(iterator).limit(READ_RECORDS))
        .whenComplete((reply, failure) -> {
          if (failure != null) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
          }
          probe.records(reply.records(), record -> record.data().asByteBuffer(), () -> {});
          records.add(reply.records().size());
          read(reply.nextShardIterator());
        });
  }
}
