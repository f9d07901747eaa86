package org.openkcl.local.model;

import org.jspecify.annotations.Nullable;

/**
 * A first page of shards to list (API reference: ListShards). Later pages need only the token.
 *
 * @param streamName the stream
 * @param filter which shards
 * @param exclusiveStartShardId list the shards after this one; null for all
 * @param maxResults shards per page, 1 to 10,000
 */
public record ListShardsQuery(
    String streamName, ShardFilter filter, @Nullable String exclusiveStartShardId, int maxResults) {
  /** Shards per page unless told otherwise. */
  public static final int MAX_RESULTS_DEFAULT = 1_000;

  /** All stored shards, 1,000 a page. */
  public static ListShardsQuery of(String streamName) {
    return new ListShardsQuery(streamName, ShardFilter.ALL, null, MAX_RESULTS_DEFAULT);
  }

  public ListShardsQuery with(ShardFilter newFilter) {
    return new ListShardsQuery(streamName, newFilter, exclusiveStartShardId, maxResults);
  }

  public ListShardsQuery startingAfter(String shardId) {
    return new ListShardsQuery(streamName, filter, shardId, maxResults);
  }

  public ListShardsQuery withMaxResults(int shardsPerPage) {
    return new ListShardsQuery(streamName, filter, exclusiveStartShardId, shardsPerPage);
  }
}
