package org.openkcl.local.faults;

import org.jspecify.annotations.Nullable;

/**
 * What a call is about, as far as its request says it.
 *
 * @param operation its name in the API reference
 * @param stream the stream's name; null where the request has none
 * @param shard the shard's id; null where the request has none
 * @param consumer the name of a registered consumer; null where the request has none
 */
public record FaultCall(
    String operation,
    @Nullable String stream,
    @Nullable String shard,
    @Nullable String consumer) {

  /** The same call, or the part of it that concerns one shard. */
  public FaultCall withShard(String shardId) {
    return new FaultCall(operation, stream, shardId, consumer);
  }
}
