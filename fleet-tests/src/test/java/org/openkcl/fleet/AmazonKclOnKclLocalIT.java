package org.openkcl.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openkcl.fleet.peer.PeerEvent;
import org.openkcl.fleet.peer.PeerProcess;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.ListShardsQuery;
import org.openkcl.local.model.ShardInfo;
import org.openkcl.local.model.metrics.DataPoint;
import org.openkcl.samples.producer.Placement;
import org.openkcl.samples.producer.Producer;
import org.openkcl.samples.producer.ProducerSettings;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/** Amazon's library, unmodified, in a JVM of its own, on kcl-local. */
class AmazonKclOnKclLocalIT {
  private static final String PEER = "amazon-kcl-3.5.1";

  /** An empty table makes it wait 1 to 30 s, its index 10 s more. */
  private static final Duration COLD_START_MAX = Duration.ofMinutes(3);

  private static final Duration CATCH_UP_MAX = Duration.ofMinutes(2);
  private static final Duration STOP_MAX = Duration.ofSeconds(70);

  /** What shortens its start and its handling of new shards, by its own settings. */
  private static final List<String> QUICK = List.of(
      "--set=leaseManagement.shardSyncIntervalMillis=1",
      "--set=leaseManagement.failoverTimeMillis=2000",
      "--set=leaseManagement.leaseAssignmentIntervalMillis=1000",
      "--set=coordinator.parentShardPollIntervalMillis=500",
      "--set=polling.idleTimeBetweenReadsInMillis=300");

  /** One way of reading, on a stream of its own; all run at once because each starts slowly. */
  private record Mode(String name, List<String> options) {
    List<String> allOptions(LocalCloud cloud) {
      List<String> all = new ArrayList<>(QUICK);
      all.addAll(options);
      all.add("--cloudwatch=" + cloud.cloudWatchEndpoint());
      return all;
    }
  }

  private static final List<Mode> MODES =
      List.of(new Mode("polling", List.of()), new Mode("fan-out", List.of("--fan-out")));

  @Test
  void consumesAReshardingStreamToTheEnd() throws Exception {
    try (LocalCloud cloud = LocalCloud.start()) {
      List<Reader> readers = new ArrayList<>();
      try {
        for (Mode mode : MODES) {
          readers.add(new Reader(cloud, mode));
        }
        for (Reader reader : readers) {
          reader.produceAndReshard();
        }
        for (Reader reader : readers) {
          reader.finish();
        }
      } finally {
        readers.forEach(Reader::close);
      }
    }
  }

  /** One peer with its stream and what was put into it. */
  private static final class Reader implements AutoCloseable {
    private final LocalCloud cloud;
    private final String stream;
    private final PeerProcess peer;
    private final Map<String, List<String>> put = new TreeMap<>();

    Reader(LocalCloud cloud, Mode mode) throws Exception {
      this.cloud = cloud;
      this.stream = "orders-" + mode.name();
      cloud.kinesis().createStream(b -> b.streamName(stream).shardCount(2)).join();
      this.peer =
          PeerProcess.start(PEER, cloud, "app-" + stream, stream, "amazon", mode.allOptions(cloud));
      produce(5);
    }

    void produceAndReshard() throws Exception {
      peer.await(
          "the first records", COLD_START_MAX, events -> !delivered(events).isEmpty());
      KinesisAsyncClient kinesis = cloud.kinesis();
      produce(20);
      ShardInfo first = openShards().get(0);
      kinesis
          .splitShard(b -> b.streamName(stream)
              .shardToSplit(first.shardId())
              .newStartingHashKey(first.hashKeyRange().end().shiftRight(1).toString()))
          .join();
      produce(20);
      List<ShardInfo> open = openShards();
      kinesis
          .mergeShards(b -> b.streamName(stream)
              .shardToMerge(open.get(0).shardId())
              .adjacentShardToMerge(open.get(1).shardId()))
          .join();
      produce(20);
    }

    void finish() throws Exception {
      long total = put.values().stream().mapToLong(List::size).sum();
      peer.await("all records", CATCH_UP_MAX, events -> count(delivered(events)) >= total);
      assertThat(delivered(peer.events()))
          .as("records and their order, by shard")
          .isEqualTo(put);
      assertChildrenStartAfterTheirParents();

      peer.terminate();
      assertThat(peer.awaitEnd(STOP_MAX)).as("stopped on SIGTERM").isTrue();
      assertThat(peer.events("stopped"))
          .singleElement()
          .satisfies(stopped -> assertThat(stopped.value("outcome")).isEqualTo("graceful"));
      assertThat(peer.events("checkpointFailed")).isEmpty();
      assertThat(processedByItsMetrics()).as("RecordsProcessed in CloudWatch").isEqualTo((double)
          total);
    }

    private double processedByItsMetrics() {
      List<DataPoint> points =
          cloud.metrics(m -> m.dataPoints("app-" + stream, "RecordsProcessed"));
      return points.stream().mapToDouble(point -> point.statistics().sum()).sum();
    }

    private void assertChildrenStartAfterTheirParents() {
      List<PeerEvent> events = peer.events();
      List<ShardInfo> shards = shards();
      assertThat(shards).hasSize(5);
      for (ShardInfo shard : shards) {
        for (String parent : parents(shard)) {
          int ended = indexOf(events, "shardEnded", parent);
          assertThat(ended).as("%s ended", parent).isNotNegative();
          assertThat(indexOf(events, "initialized", shard.shardId()))
              .as("%s begins after its parent %s", shard.shardId(), parent)
              .isGreaterThan(ended);
        }
      }
    }

    /** So many batches of 25 records, about ten a second, over all shards; then some in aggregates. */
    private void produce(int batches) throws InterruptedException {
      for (int batch = 0; batch < batches; batch++) {
        List<PutRecordsRequestEntry> entries = IntStream.range(0, 25)
            .mapToObj(i -> PutRecordsRequestEntry.builder()
                .partitionKey("key-" + i)
                .data(SdkBytes.fromUtf8String("record " + i))
                .build())
            .toList();
        PutRecordsResponse response = cloud
            .kinesis()
            .putRecords(b -> b.streamName(stream).records(entries))
            .join();
        assertThat(response.failedRecordCount()).isZero();
        response
            .records()
            .forEach(record -> put.computeIfAbsent(record.shardId(), shard -> new ArrayList<>())
                .add(record.sequenceNumber()));
        TimeUnit.MILLISECONDS.sleep(100);
      }
      produceAggregates();
    }

    /** What our producer packs must be what Amazon's library takes apart. */
    private void produceAggregates() throws InterruptedException {
      List<CompletableFuture<Placement>> placed = new ArrayList<>();
      try (Producer producer = new Producer(cloud.kinesis(), stream, ProducerSettings.DEFAULT)) {
        for (int i = 0; i < 200; i++) {
          byte[] data = ("aggregated " + i).getBytes(UTF_8);
          String hashKey = i % 4 == 0
              ? BigInteger.TWO.pow(127).add(BigInteger.TWO.pow(i % 100)).toString()
              : null;
          placed.add(producer.put("key-" + i % 25, hashKey, data));
        }
      }
      placed.stream()
          .map(CompletableFuture::join)
          .sorted(Comparator.comparing((Placement at) -> new BigInteger(at.sequenceNumber()))
              .thenComparing(Placement::subSequenceNumber))
          .forEach(at -> put.computeIfAbsent(at.shardId(), shard -> new ArrayList<>())
              .add(at.sequenceNumber() + "/" + at.subSequenceNumber()));
    }

    private List<ShardInfo> shards() {
      return cloud.streams(s -> s.listShards(ListShardsQuery.of(stream))).shards();
    }

    /** By their place in the hash keys. */
    private List<ShardInfo> openShards() {
      return shards().stream()
          .filter(shard -> shard.endingSequenceNumber() == null)
          .sorted((a, b) -> a.hashKeyRange().start().compareTo(b.hashKeyRange().start()))
          .toList();
    }

    @Override
    public void close() {
      peer.close();
    }
  }

  private static Map<String, List<String>> delivered(List<PeerEvent> events) {
    Map<String, List<String>> delivered = new TreeMap<>();
    for (PeerEvent event : events) {
      if (event.is("records")) {
        delivered
            .computeIfAbsent(event.shardId(), shard -> new ArrayList<>())
            .addAll(event.sequenceNumbers());
      }
    }
    return delivered;
  }

  private static long count(Map<String, List<String>> records) {
    return records.values().stream().mapToLong(List::size).sum();
  }

  private static Set<String> parents(ShardInfo shard) {
    Set<String> parents = new TreeSet<>();
    if (shard.parentShardId() != null) {
      parents.add(shard.parentShardId());
    }
    if (shard.adjacentParentShardId() != null) {
      parents.add(shard.adjacentParentShardId());
    }
    return parents;
  }

  private static int indexOf(List<PeerEvent> events, String kind, String shardId) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).is(kind, shardId)) {
        return i;
      }
    }
    return -1;
  }
}
