package org.openkcl.samples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.openkcl.samples.demo.Resharding.Merge;
import org.openkcl.samples.demo.Resharding.OpenShard;
import org.openkcl.samples.demo.Resharding.Split;
import org.openkcl.samples.demo.proof.EpochMicros;
import org.openkcl.samples.demo.proof.Flight;
import org.openkcl.samples.demo.proof.PayloadCrc;
import org.openkcl.samples.demo.proof.PutRecord;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** A stream of flights as its owner deals with it, through the SDK. Every call waits. */
final class FlightStream {
  private static final BackoffStrategy WAIT =
      BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(100));

  private final KinesisAsyncClient kinesis;
  private final String name;

  FlightStream(KinesisAsyncClient kinesis, String name) {
    this.kinesis = kinesis;
    this.name = name;
  }

  /** Creates the stream and returns when it can be used. */
  void create(int shards) {
    kinesis.createStream(request -> request.streamName(name).shardCount(shards)).join();
    kinesis
        .waiter()
        .waitUntilStreamExists(
            request -> request.streamName(name),
            waiter -> waiter.backoffStrategyV2(WAIT).maxAttempts(100))
        .join();
  }

  /** What became of a call to put. */
  record Put(List<PutRecord> done, List<Flight> refused) {}

  /** Puts flights, each with its origin as partition key; the stream may refuse some. */
  Put put(List<Flight> flights) {
    List<ByteBuffer> payloads =
        flights.stream().map(flight -> UTF_8.encode(flight.line())).toList();
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < flights.size(); i++) {
      entries.add(PutRecordsRequestEntry.builder()
          .partitionKey(flights.get(i).origin())
          .data(SdkBytes.fromByteBuffer(payloads.get(i).duplicate()))
          .build());
    }
    List<PutRecordsResultEntry> results = kinesis
        .putRecords(request -> request.streamName(name).records(entries))
        .join()
        .records();
    long atMicros = EpochMicros.now();
    List<PutRecord> done = new ArrayList<>();
    List<Flight> refused = new ArrayList<>();
    for (int i = 0; i < flights.size(); i++) {
      PutRecordsResultEntry result = results.get(i);
      if (result.errorCode() != null) {
        refused.add(flights.get(i));
      } else {
        done.add(new PutRecord(
            atMicros,
            result.shardId(),
            result.sequenceNumber(),
            flights.get(i).origin(),
            PayloadCrc.of(payloads.get(i))));
      }
    }
    return new Put(done, refused);
  }

  /** All shards of the stream and their parents. */
  List<Shard> shards() {
    ListShardsResponse page =
        kinesis.listShards(request -> request.streamName(name)).join();
    List<Shard> shards = new ArrayList<>(page.shards());
    while (page.nextToken() != null) {
      String token = page.nextToken();
      page = kinesis.listShards(request -> request.nextToken(token)).join();
      shards.addAll(page.shards());
    }
    return shards;
  }

  /** A shard's parents: none, one after a split, two after a merge. */
  static List<String> parents(Shard shard) {
    return Stream.of(shard.parentShardId(), shard.adjacentParentShardId())
        .filter(Objects::nonNull)
        .toList();
  }

  /** The shards that take records. */
  List<OpenShard> openShards(Map<String, Long> recordsByShard) {
    return shards().stream()
        .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
        .map(shard -> new OpenShard(
            shard.shardId(),
            new BigInteger(shard.hashKeyRange().startingHashKey()),
            new BigInteger(shard.hashKeyRange().endingHashKey()),
            recordsByShard.getOrDefault(shard.shardId(), 0L)))
        .toList();
  }

  void split(Split split) {
    kinesis
        .splitShard(request -> request
            .streamName(name)
            .shardToSplit(split.shardId())
            .newStartingHashKey(split.at().toString()))
        .join();
  }

  void merge(Merge merge) {
    kinesis
        .mergeShards(request -> request
            .streamName(name)
            .shardToMerge(merge.shardId())
            .adjacentShardToMerge(merge.neighbour()))
        .join();
  }

  /** The oldest records of a shard, by one read; empty if there are none yet. */
  List<Record> oldest(String shardId) {
    String iterator = kinesis
        .getShardIterator(request -> request
            .streamName(name)
            .shardId(shardId)
            .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .join()
        .shardIterator();
    GetRecordsResponse response =
        kinesis.getRecords(request -> request.shardIterator(iterator).limit(10)).join();
    return response.records();
  }
}
