package org.openkcl.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * The least that reads a stream: per shard one GetRecords after the other, with the same client as a
 * worker's and nothing else. Reports {@link PollReaderMain#RECORDS} twice a second. Ends when its
 * standard input does.
 */
final class BareLoopMain {
  private static final int READ_RECORDS = 10_000;

  private final KinesisAsyncClient kinesis;
  private final LongAdder records = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  private BareLoopMain(KinesisAsyncClient kinesis) {
    this.kinesis = kinesis;
  }

  /** Arguments: Kinesis and DynamoDB endpoint, stream, worker id, which is not used. */
  public static void main(String[] args) throws IOException {
    AwsClients clients =
        AwsClients.create(LocalCloud.clientsFor(URI.create(args[0]), URI.create(args[1])));
    BareLoopMain loop = new BareLoopMain(clients.kinesis());
    String stream = args[2];
    clients
        .kinesis()
        .listShards(b -> b.streamName(stream))
        .join()
        .shards()
        .forEach(shard -> loop.open(stream, shard.shardId()));
    var unused = Executors.newSingleThreadScheduledExecutor()
        .scheduleAtFixedRate(
            () -> WorkerMain.report(
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
          for (Record record : reply.records()) {
            bytes.add(record.data().asByteBuffer().remaining());
          }
          records.add(reply.records().size());
          read(reply.nextShardIterator());
        });
  }
}
