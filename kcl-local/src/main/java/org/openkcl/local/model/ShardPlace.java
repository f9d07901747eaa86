package org.openkcl.local.model;

import org.jspecify.annotations.Nullable;

/**
 * Which shard of which stream.
 *
 * @param shardId {@code shardId-} and twelve digits
 */
public record ShardPlace(String streamName, String shardId) {

  /** The shard that an iterator reads, whether it still exists or not; null for any other text. */
  public static @Nullable ShardPlace ofIterator(String iterator) {
    Token token = Token.parse(Token.Kind.ITERATOR, iterator);
    return token == null ? null : new ShardPlace(token.streamName(), Shard.id(token.shardIndex()));
  }
}
