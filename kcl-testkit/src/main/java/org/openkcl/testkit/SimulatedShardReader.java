package org.openkcl.testkit;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.openkcl.environment.Simulation;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.local.model.IteratorPosition;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.ReadResult;
import org.openkcl.local.model.StreamRecord;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.ReadPosition;
import org.openkcl.retrieval.ReadReply;
import org.openkcl.retrieval.ShardReader;

/**
 * One simulated process's way to the records of a stream in memory: requests take virtual time and
 * fail as {@link StreamFaults} say.
 */
public final class SimulatedShardReader implements ShardReader {
  private final LocalStreams streams;
  private final String stream;
  private final Supplier<StreamFaults> faults;
  private final Runnable onFault;
  private final SimulatedRequests requests;

  /**
   * @param streams with {@code world} as its clock
   * @param faults asked for each request, so that faults may begin and end
   */
  public SimulatedShardReader(
      Simulation world, LocalStreams streams, String stream, Supplier<StreamFaults> faults) {
    this(world, streams, stream, faults, () -> {});
  }

  SimulatedShardReader(
      Simulation world,
      LocalStreams streams,
      String stream,
      Supplier<StreamFaults> faults,
      Runnable onFault) {
    this.streams = streams;
    this.stream = stream;
    this.faults = faults;
    this.onFault = onFault;
    this.requests = new SimulatedRequests(world, faults, onFault);
  }

  @Override
  public CompletionStage<String> openIterator(String shardId, ReadPosition position) {
    return requests.request(() -> streams.shardIterator(stream, shardId, modelOf(position)));
  }

  @Override
  public CompletionStage<ReadReply> read(String iterator, int maxRecords) {
    return requests.request(() -> {
      if (requests.happens(faults.get().expired())) {
        onFault.run();
        throw new StreamFailure(StreamFailure.Kind.EXPIRED_ITERATOR, "Expired by the simulation");
      }
      boolean shortened = requests.happens(faults.get().shortened());
      int limit = shortened ? requests.between(1, Math.min(maxRecords, 3)) : maxRecords;
      return replyOf(streams.read(iterator, limit));
    });
  }

  static IteratorPosition modelOf(ReadPosition position) {
    return new IteratorPosition(
        IteratorPosition.Type.valueOf(position.kind().name()),
        position.sequenceNumber(),
        position.timestamp());
  }

  private static ReadReply replyOf(ReadResult result) {
    return new ReadReply(
        recordsOf(result.records()),
        result.nextIterator(),
        result.millisBehindLatest(),
        childrenOf(result.childShards()),
        bytesOf(result.records()));
  }

  static List<KinesisClientRecord> recordsOf(List<StreamRecord> found) {
    return found.stream()
        .map(each -> KinesisClientRecord.builder()
            .sequenceNumber(each.sequenceNumber())
            .approximateArrivalTimestamp(each.approximateArrival())
            .data(each.data())
            .partitionKey(each.partitionKey())
            .build())
        .toList();
  }

  static long bytesOf(List<StreamRecord> found) {
    return found.stream()
        .mapToLong(each -> each.sharedData().length + each.partitionKey().length())
        .sum();
  }

  static List<ChildShard> childrenOf(List<org.openkcl.local.model.ChildShard> found) {
    return found.stream().map(SimulatedShardReader::childOf).toList();
  }

  private static ChildShard childOf(org.openkcl.local.model.ChildShard child) {
    return new ChildShard(
        child.shardId(),
        child.parentShardIds(),
        new ChildShard.HashKeyRange(
            child.hashKeyRange().start().toString(), child.hashKeyRange().end().toString()));
  }
}
