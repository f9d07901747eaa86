package org.openkcl.local.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Which shards a filter selects, page by page (API reference: ListShards, ShardFilter). */
final class ShardListing {
  private ShardListing() {}

  static ShardPage firstPage(Stream stream, ListShardsQuery query, long now) {
    int after = startsAfter(query.filter());
    String start = query.exclusiveStartShardId();
    if (start != null) {
      after = Math.max(after, checkedIndex(start));
    }
    return page(stream, query.filter(), after, query.maxResults(), now);
  }

  static ShardPage nextPage(Stream stream, Token token, int maxResults, long now) {
    ShardFilter.Type type = ShardFilter.Type.valueOf(token.detail());
    ShardFilter filter = switch (type) {
      case AFTER_SHARD_ID -> ShardFilter.ALL;
      case AT_TIMESTAMP, FROM_TIMESTAMP ->
        new ShardFilter(type, null, Instant.ofEpochMilli(token.position()));
      case AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST -> ShardFilter.of(type);
    };
    return page(stream, filter, token.shardIndex(), maxResults, now);
  }

  static StreamException expired(Token token) {
    return new StreamException(
        "ExpiredNextTokenException",
        "The NextToken expired: it was created at "
            + Instant.ofEpochMilli(token.issuedMillis())
            + " and is good for 300 seconds.");
  }

  private static ShardPage page(
      Stream stream, ShardFilter filter, int after, int maxResults, long now) {
    if (maxResults < 1 || maxResults > 10_000) {
      throw StreamException.validation(maxResults, "maxResults", "have value between 1 and 10000");
    }
    Predicate<Shard> selected = selected(stream, filter, now);
    List<ShardInfo> shards = new ArrayList<>();
    int last = after;
    for (Shard shard : stream.shardsAfter(after)) {
      if (!selected.test(shard)) {
        continue;
      }
      if (shards.size() == maxResults) {
        return new ShardPage(shards, token(stream, filter, last, now).text());
      }
      shards.add(stream.info(shard));
      last = shard.index;
    }
    return new ShardPage(shards, null);
  }

  private static Token token(Stream stream, ShardFilter filter, int last, long now) {
    Instant timestamp = filter.timestamp();
    return new Token(
        Token.Kind.LISTING,
        stream.createdMillis,
        stream.incarnation,
        last,
        timestamp == null ? 0 : timestamp.toEpochMilli(),
        now,
        stream.name,
        filter.type().name());
  }

  private static Predicate<Shard> selected(Stream stream, ShardFilter filter, long now) {
    return switch (filter.type()) {
      case AFTER_SHARD_ID, FROM_TRIM_HORIZON -> shard -> true;
      case AT_LATEST -> Shard::isOpen;
      case AT_TRIM_HORIZON -> shard -> isOldest(stream, shard);
      case AT_TIMESTAMP -> {
        long millis = filter.timestampMillis();
        yield millis <= Math.max(stream.createdMillis, stream.horizonMillis(now))
            ? shard -> isOldest(stream, shard)
            : shard -> shard.wasOpenAt(millis);
      }
      case FROM_TIMESTAMP -> shard -> !shard.closedBefore(filter.timestampMillis());
    };
  }

  /** The index of the last shard not to list because of where the filter starts; -1 for none. */
  private static int startsAfter(ShardFilter filter) {
    String shardId = filter.type() == ShardFilter.Type.AFTER_SHARD_ID ? filter.shardId() : null;
    return shardId == null ? -1 : checkedIndex(shardId);
  }

  private static int checkedIndex(String shardId) {
    int index = Shard.index(shardId);
    if (index < 0) {
      throw StreamException.invalidArgument("Invalid ShardId: " + shardId);
    }
    return index;
  }

  /** Parents expire together, so those whose first parent is gone cover all hash keys. */
  private static boolean isOldest(Stream stream, Shard shard) {
    return shard.parentId == null || stream.find(shard.parentId) == null;
  }
}
