package org.openkcl.local.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing, by shard id.
 *
 * @param nextToken for the next page, good for 300 seconds; null on the last page
 */
public record ShardPage(List<ShardInfo> shards, @Nullable String nextToken) {
  public ShardPage {
    shards = List.copyOf(shards);
  }
}
