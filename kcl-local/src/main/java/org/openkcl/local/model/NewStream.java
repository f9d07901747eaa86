package org.openkcl.local.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stream to create.
 *
 * @param shardCount at least 1; null for an on-demand stream
 * @param tags up to 50; may be empty
 * @param warmThroughputMiBps for an on-demand stream only; null for none
 * @param maxRecordSizeKiB 1,024 to 10,240; null for 1,024
 */
public record NewStream(
    String name,
    StreamMode mode,
    @Nullable Integer shardCount,
    Map<String, String> tags,
    @Nullable Integer warmThroughputMiBps,
    @Nullable Integer maxRecordSizeKiB) {
  public NewStream {
    tags = Map.copyOf(tags);
  }

  public static NewStream provisioned(String name, int shardCount) {
    return new NewStream(name, StreamMode.PROVISIONED, shardCount, Map.of(), null, null);
  }

  public static NewStream onDemand(String name) {
    return new NewStream(name, StreamMode.ON_DEMAND, null, Map.of(), null, null);
  }

  public NewStream named(String newName) {
    return new NewStream(newName, mode, shardCount, tags, warmThroughputMiBps, maxRecordSizeKiB);
  }

  public NewStream withTags(Map<String, String> newTags) {
    return new NewStream(name, mode, shardCount, newTags, warmThroughputMiBps, maxRecordSizeKiB);
  }

  public NewStream withWarmThroughput(int mibps) {
    return new NewStream(name, mode, shardCount, tags, mibps, maxRecordSizeKiB);
  }

  /** The shards to begin with, once it is warm. */
  int shardsWithWarmThroughput() {
    int initial = initialShards();
    return warmThroughputMiBps == null
        ? initial
        : OnDemandRules.shardsForWarmThroughput(warmThroughputMiBps, initial);
  }

  /** The shards to begin with. */
  int initialShards() {
    if (mode == StreamMode.ON_DEMAND) {
      if (shardCount != null) {
        throw StreamException.invalidRequest(
            "ShardCount must not be given for the on-demand capacity mode: got " + shardCount);
      }
      return OnDemandRules.INITIAL_SHARDS;
    }
    if (shardCount == null) {
      throw StreamException.missing("shardCount");
    }
    if (shardCount < 1) {
      throw StreamException.validation(
          shardCount, "shardCount", "have value greater than or equal to 1");
    }
    return shardCount;
  }
}
