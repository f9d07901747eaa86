package org.openkcl.testkit;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.lineage.Shard;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.lineage.ShardSelection;
import org.openkcl.lineage.StreamState;
import org.openkcl.local.model.ListShardsQuery;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.ShardFilter;
import org.openkcl.local.model.ShardInfo;
import org.openkcl.local.model.ShardPage;
import org.openkcl.local.model.StreamDescription;

/**
 * One simulated process's way to what a service in memory says of a stream: requests take virtual
 * time and fail as {@link StreamFaults} say.
 */
public final class SimulatedShardCatalog implements ShardCatalog {
  private final LocalStreams streams;
  private final String stream;
  private final SimulatedRequests requests;

  /**
   * @param streams with {@code world} as its clock
   * @param faults asked for each request, so that faults may begin and end
   */
  public SimulatedShardCatalog(
      Simulation world, LocalStreams streams, String stream, Supplier<StreamFaults> faults) {
    this(world, streams, stream, faults, () -> {});
  }

  SimulatedShardCatalog(
      Simulation world,
      LocalStreams streams,
      String stream,
      Supplier<StreamFaults> faults,
      Runnable onFault) {
    this.streams = streams;
    this.stream = stream;
    this.requests = new SimulatedRequests(world, faults, onFault);
  }

  @Override
  public CompletionStage<StreamState> describe() {
    return requests.request(() -> {
      StreamDescription found = streams.describe(stream);
      return new StreamState(
          found.name(),
          found.arn(),
          found.creationTime().truncatedTo(ChronoUnit.SECONDS),
          StreamState.Status.valueOf(found.status()),
          streams.now().truncatedTo(ChronoUnit.SECONDS));
    });
  }

  @Override
  public CompletionStage<List<Shard>> list(ShardSelection selection) {
    return requests.request(
        () -> list(ListShardsQuery.of(stream).with(filterOf(selection))).stream()
            .map(SimulatedShardCatalog::shardOf)
            .toList());
  }

  private List<ShardInfo> list(ListShardsQuery query) {
    ShardPage page = streams.listShards(query);
    List<ShardInfo> shards = new ArrayList<>(page.shards());
    while (page.nextToken() != null) {
      page = streams.listShards(page.nextToken(), query.maxResults());
      shards.addAll(page.shards());
    }
    return shards;
  }

  private static ShardFilter filterOf(ShardSelection selection) {
    return switch (selection.kind()) {
      case ALL -> ShardFilter.ALL;
      case AT_LATEST -> ShardFilter.of(ShardFilter.Type.AT_LATEST);
      case AT_TRIM_HORIZON -> ShardFilter.of(ShardFilter.Type.AT_TRIM_HORIZON);
      case AT_TIMESTAMP ->
        new ShardFilter(ShardFilter.Type.AT_TIMESTAMP, null, selection.timestamp());
    };
  }

  private static Shard shardOf(ShardInfo listed) {
    Set<String> parents = new HashSet<>();
    if (listed.parentShardId() != null) {
      parents.add(listed.parentShardId());
    }
    if (listed.adjacentParentShardId() != null) {
      parents.add(listed.adjacentParentShardId());
    }
    return new Shard(
        listed.shardId(),
        parents,
        new HashKeyRange(listed.hashKeyRange().start(), listed.hashKeyRange().end()),
        listed.startingSequenceNumber(),
        listed.endingSequenceNumber());
  }
}
