package org.openkcl.local.http;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import org.openkcl.local.http.Operation.Question;
import org.openkcl.local.model.HashKeyRange;
import org.openkcl.local.model.ListShardsQuery;
import org.openkcl.local.model.ShardFilter;
import org.openkcl.local.model.ShardInfo;
import org.openkcl.local.model.ShardPage;
import org.openkcl.local.model.StreamException;

/** Operations on the shards of a stream. */
final class ShardOperations {
  static final Map<String, Operation> ALL = Map.of(
      "ListShards", ShardOperations::list,
      "SplitShard", ShardOperations::split,
      "MergeShards", ShardOperations::merge);

  private ShardOperations() {}

  private static Question list(Params in) {
    int maxResults = in.integer("MaxResults", ListShardsQuery.MAX_RESULTS_DEFAULT);
    String nextToken = in.textOrNull("NextToken");
    if (nextToken != null) {
      for (String other : new String[] {"StreamName", "ExclusiveStartShardId", "ShardFilter"}) {
        if (in.has(other)) {
          throw StreamException.invalidArgument(
              "NextToken and " + other + " cannot be provided together.");
        }
      }
      return streams -> reply(streams.listShards(nextToken, maxResults));
    }
    ListShardsQuery query = new ListShardsQuery(
        in.streamName(), filter(in), in.textOrNull("ExclusiveStartShardId"), maxResults);
    return streams -> reply(streams.listShards(query));
  }

  private static ShardFilter filter(Params in) {
    Params filter = in.objectOrNull("ShardFilter");
    return filter == null
        ? ShardFilter.ALL
        : new ShardFilter(
            choice(ShardFilter.Type.class, "shardFilter.type", filter.text("Type")),
            filter.textOrNull("ShardId"),
            filter.timeOrNull("Timestamp"));
  }

  private static ReplyBody reply(ShardPage page) {
    return out -> {
      out.objects("Shards", page.shards(), ShardOperations::writeShard);
      out.text("NextToken", page.nextToken());
    };
  }

  private static Question split(Params in) {
    String stream = in.streamName();
    String shardId = in.text("ShardToSplit");
    String hashKey = in.text("NewStartingHashKey");
    if (!hashKey.matches("0|([1-9]\\d{0,38})")) {
      throw StreamException.validation(
          hashKey, "newStartingHashKey", "satisfy regular expression pattern: 0|([1-9]\\d{0,38})");
    }
    return streams -> {
      streams.split(stream, shardId, new BigInteger(hashKey));
      return ReplyBody.EMPTY;
    };
  }

  private static Question merge(Params in) {
    String stream = in.streamName();
    String shardId = in.text("ShardToMerge");
    String adjacent = in.text("AdjacentShardToMerge");
    return streams -> {
      streams.merge(stream, shardId, adjacent);
      return ReplyBody.EMPTY;
    };
  }

  /** The enum constant of this name, or the service's complaint that there is none. */
  static <E extends Enum<E>> E choice(Class<E> type, String member, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(name))
        .findFirst()
        .orElseThrow(() -> StreamException.validation(
            name, member, "satisfy enum value set: " + Arrays.toString(type.getEnumConstants())));
  }

  static void writeShard(ReplyWriter out, ShardInfo shard) throws IOException {
    out.text("ShardId", shard.shardId());
    out.text("ParentShardId", shard.parentShardId());
    out.text("AdjacentParentShardId", shard.adjacentParentShardId());
    writeRange(out, shard.hashKeyRange());
    out.object("SequenceNumberRange", range -> {
      range.text("StartingSequenceNumber", shard.startingSequenceNumber());
      range.text("EndingSequenceNumber", shard.endingSequenceNumber());
    });
  }

  static void writeRange(ReplyWriter out, HashKeyRange keys) throws IOException {
    out.object("HashKeyRange", range -> {
      range.text("StartingHashKey", keys.start().toString());
      range.text("EndingHashKey", keys.end().toString());
    });
  }
}
