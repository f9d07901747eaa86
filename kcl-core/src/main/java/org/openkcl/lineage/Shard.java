package org.openkcl.lineage;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.HashKeyRange;

/**
 * A shard as Kinesis lists it.
 *
 * @param shardId never empty
 * @param parentShardIds the shards it came from, 0 to 2; they may be gone from the listing already
 * @param hashKeyRange the hash keys it takes
 * @param startingSequenceNumber decimal digits
 * @param endingSequenceNumber decimal digits; null while the shard is open
 */
public record Shard(
    String shardId,
    Set<String> parentShardIds,
    HashKeyRange hashKeyRange,
    String startingSequenceNumber,
    @Nullable String endingSequenceNumber) {

  public Shard {
    parentShardIds = Collections.unmodifiableSet(new TreeSet<>(parentShardIds));
    if (shardId.isEmpty()) {
      throw new IllegalArgumentException("A shard id must not be empty");
    }
    if (parentShardIds.size() > 2) {
      throw new IllegalArgumentException(
          "A shard has at most two parents: got " + parentShardIds + " of " + shardId);
    }
  }

  /** Whether the shard still takes records. */
  public boolean isOpen() {
    return endingSequenceNumber == null;
  }
}
