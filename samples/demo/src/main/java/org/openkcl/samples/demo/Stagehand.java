package org.openkcl.samples.demo;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.openkcl.samples.demo.Producer.Produced;
import org.openkcl.samples.demo.Resharding.Merge;
import org.openkcl.samples.demo.Resharding.Split;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** Performs the acts on the stream and the fleet. */
final class Stagehand {
  private final FlightStream stream;
  private final Fleet fleet;

  Stagehand(FlightStream stream, Fleet fleet) {
    this.stream = stream;
    this.fleet = fleet;
  }

  /**
   * Performs an act.
   *
   * @return what was done, for people; empty if the stream is busy and it has to be tried again
   * @throws IllegalStateException if the stream has no shards to do it to
   */
  Optional<String> perform(Act act, Produced produced) throws IOException {
    try {
      return Optional.of(
          switch (act) {
            case SPLIT -> split(produced);
            case MERGE -> merge(produced);
            case C_JOINS -> {
              fleet.start("C", List.of());
              yield "worker C starts";
            }
            case C_STOPS -> {
              fleet.askToStop("C");
              yield "worker C is asked to stop (SIGTERM)";
            }
            case B_IS_KILLED -> {
              fleet.kill("B");
              yield "worker B is killed (kill -9)";
            }
          });
    } catch (CompletionException e) {
      if (e.getCause() instanceof ResourceInUseException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private String split(Produced produced) {
    Split split = Resharding.split(stream.openShards(produced.byShard()))
        .orElseThrow(() -> new IllegalStateException("No shard can be split"));
    stream.split(split);
    return "shard " + WorkerReport.number(split.shardId()) + ", the busiest, is split";
  }

  private String merge(Produced produced) {
    Merge merge = Resharding.merge(stream.openShards(produced.byShard()), children())
        .orElseThrow(() -> new IllegalStateException("No shards can be merged"));
    stream.merge(merge);
    return "shards %s and %s are merged"
        .formatted(WorkerReport.number(merge.shardId()), WorkerReport.number(merge.neighbour()));
  }

  private Set<String> children() {
    Set<String> children = new HashSet<>();
    for (Shard shard : stream.shards()) {
      if (!FlightStream.parents(shard).isEmpty()) {
        children.add(shard.shardId());
      }
    }
    return children;
  }
}
