package org.openkcl.metering;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openkcl.StreamShard;
import org.openkcl.processor.StreamIdentifier;

/**
 * What values belong to, beside their worker.
 *
 * @param stream null for the worker as a whole
 * @param shardId null for the stream as a whole
 */
record Subject(@Nullable StreamIdentifier stream, @Nullable String shardId) {
  static final Subject WORKER = new Subject(null, null);

  static Subject of(StreamShard shard) {
    return new Subject(shard.stream(), shard.shardId());
  }

  /**
   * A dimension's value in CloudWatch; null where it has none. As in Amazon's library, a stream has
   * one only if its account is known.
   */
  @Nullable
  String dimension(String name, String workerId) {
    return switch (name) {
      case "WorkerIdentifier" -> workerId;
      case "ShardId" -> shardId;
      case "StreamId" ->
        stream == null || stream.accountIdOptional().isEmpty() ? null : stream.serialize();
      default -> throw new IllegalArgumentException("No dimension is called " + name);
    };
  }

  /** As a registry's names have it. */
  Map<String, String> tags() {
    Map<String, String> tags = new TreeMap<>();
    if (stream != null) {
      tags.put("stream", stream.serialize());
    }
    if (shardId != null) {
      tags.put("shard", shardId);
    }
    return tags;
  }

  /** The same without what is narrower than the scope of a metric. */
  Subject ofStream() {
    return new Subject(stream, null);
  }
}
