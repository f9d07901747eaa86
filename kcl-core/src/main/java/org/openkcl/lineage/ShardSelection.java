package org.openkcl.lineage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.openkcl.InitialPosition;

/**
 * Which shards to list: all that are kept, or those that were open at some moment.
 *
 * @param timestamp the moment; null unless {@code kind} is {@link Kind#AT_TIMESTAMP}
 */
public record ShardSelection(Kind kind, @Nullable Instant timestamp) {

  /** The moments that Kinesis can filter by. */
  public enum Kind {
    /** Every shard, open or closed, whose records are still kept. */
    ALL,
    /** The shards that are open now. */
    AT_LATEST,
    /** The shards that were open when the oldest kept record arrived. */
    AT_TRIM_HORIZON,
    /** The shards that were open at a timestamp. */
    AT_TIMESTAMP
  }

  public ShardSelection {
    if ((timestamp != null) != (kind == Kind.AT_TIMESTAMP)) {
      throw new IllegalArgumentException(
          "A timestamp belongs to AT_TIMESTAMP and to nothing else: got kind=" + kind
              + ", timestamp=" + timestamp);
    }
  }

  /** Every shard that is kept: the selection for a table that has leases. */
  public static ShardSelection all() {
    return new ShardSelection(Kind.ALL, null);
  }

  /** The shards from which an application without leases begins: the selection for seeding. */
  public static ShardSelection openAt(InitialPosition position) {
    return switch (position.kind()) {
      case LATEST -> new ShardSelection(Kind.AT_LATEST, null);
      case TRIM_HORIZON -> new ShardSelection(Kind.AT_TRIM_HORIZON, null);
      case AT_TIMESTAMP ->
        new ShardSelection(Kind.AT_TIMESTAMP, position.timestamp().orElseThrow());
    };
  }
}
