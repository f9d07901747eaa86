package org.openkcl.benchmarks;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.PutEntry;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * A service without limits that has been read from: in its first seconds it needs several times the
 * processor, which would be counted against whichever library goes first.
 */
final class WarmService {
  private static final String STREAM = "warm-up";
  private static final int SHARDS = 4;
  private static final int RECORDS_A_SHARD = 250_000;
  private static final int RECORD_BYTES = 1_024;
  private static final int PUT_AT_ONCE = 500;
  private static final int READ_AT_ONCE = 10_000;

  private WarmService() {}

  /** Starts one and reads a million records from it by GetRecords. */
  static LocalCloud start() {
    LocalCloud cloud = LocalCloud.builder().storedBytesMax(1L << 50).start();
    try (LocalStream stream = new LocalStream(cloud, STREAM, SHARDS)) {
      stream.hashKeys().forEach(hashKey -> fill(cloud, hashKey));
      cloud
          .kinesis()
          .listShards(b -> b.streamName(STREAM))
          .thenCompose(reply -> CompletableFuture.allOf(reply.shards().stream()
              .map(shard -> drain(cloud, shard.shardId()))
              .toArray(CompletableFuture[]::new)))
          .join();
    }
    return cloud;
  }

  private static void fill(LocalCloud cloud, String hashKey) {
    List<PutEntry> entries =
        Collections.nCopies(PUT_AT_ONCE, new PutEntry("k", hashKey, new byte[RECORD_BYTES - 1]));
    for (int done = 0; done < RECORDS_A_SHARD; done += PUT_AT_ONCE) {
      cloud.changeStreams(streams -> streams.putAll(STREAM, entries));
    }
  }

  private static CompletableFuture<Void> drain(LocalCloud cloud, String shardId) {
    return cloud
        .kinesis()
        .getShardIterator(b ->
            b.streamName(STREAM).shardId(shardId).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .thenCompose(reply -> readFrom(cloud, reply.shardIterator()));
  }

  private static CompletableFuture<Void> readFrom(LocalCloud cloud, String iterator) {
    return cloud
        .kinesis()
        .getRecords(b -> b.shardIterator(iterator).limit(READ_AT_ONCE))
        .thenCompose(reply -> reply.records().isEmpty()
            ? CompletableFuture.completedFuture(null)
            : readFrom(cloud, reply.nextShardIterator()));
  }
}
