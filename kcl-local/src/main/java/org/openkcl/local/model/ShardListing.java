package org.openkcl.local.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Which shards a filter selects, page by page (API reference: ListShards, ShardFilter). */
final class ShardListing {
  private ShardListing() {}

  /**
   * When a listing is made.
   *
   * @param now the time
   * @param shown the time whose shards it shows; not after {@code now}
   */
  record Moment(long now, long shown) {}

  static ShardPage firstPage(Stream stream, ListShardsQuery query, Moment moment) {
    int after = startsAfter(query.filter());
    String start = query.exclusiveStartShardId();
    if (start != null) {
      after = Math.max(after, checkedIndex(start));
    }
    return page(stream, query.filter(), after, query.maxResults(), moment);
  }

  static ShardPage nextPage(Stream stream, Token token, int maxResults, Moment moment) {
    ShardFilter.Type type = ShardFilter.Type.valueOf(token.detail());
    ShardFilter filter = switch (type) {
      case AFTER_SHARD_ID -> ShardFilter.ALL;
      case AT_TIMESTAMP, FROM_TIMESTAMP ->
        new ShardFilter(type, null, Instant.ofEpochMilli(token.position()));
      case AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST -> ShardFilter.of(type);
    };
    return page(stream, filter, token.shardIndex(), maxResults, moment);
  }

  static StreamException expired(Token token) {
    return new StreamException(
        "ExpiredNextTokenException",
        "The NextToken expired: it was created at "
            + Instant.ofEpochMilli(token.issuedMillis())
            + " and is good for 300 seconds.");
  }

  private static ShardPage page(
      Stream stream, ShardFilter filter, int after, int maxResults, Moment moment) {
    if (maxResults < 1 || maxResults > 10_000) {
      throw StreamException.validation(maxResults, "maxResults", "have value between 1 and 10000");
    }
    Predicate<Shard> selected = selected(stream, filter, moment);
    List<ShardInfo> shards = new ArrayList<>();
    int last = after;
    for (Shard shard : stream.shardsAfter(after)) {
      if (!shard.wasThereAt(moment.shown()) || !selected.test(shard)) {
        continue;
      }
      if (shards.size() == maxResults) {
        return new ShardPage(shards, token(stream, filter, last, moment.now()).text());
      }
      shards.add(stream.info(shard, moment.shown()));
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

  private static Predicate<Shard> selected(Stream stream, ShardFilter filter, Moment moment) {
    return switch (filter.type()) {
      case AFTER_SHARD_ID, FROM_TRIM_HORIZON -> shard -> true;
      case AT_LATEST -> shard -> !shard.wasClosedAt(moment.shown());
      case AT_TRIM_HORIZON -> shard -> isOldest(stream, shard);
      case AT_TIMESTAMP -> {
        long millis = filter.timestampMillis();
        yield millis <= Math.max(stream.createdMillis, stream.horizonMillis(moment.now()))
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
