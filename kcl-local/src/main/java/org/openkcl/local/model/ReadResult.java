package org.openkcl.local.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a read found.
 *
 * @param records oldest first; may be empty
 * @param nextIterator where to read on; null exactly when a closed shard was read to its end
 * @param millisBehindLatest 0 when no record is left to read now; else at least 1: the age of the
 *     last record returned
 * @param childShards the shards that go on after this one; empty unless {@code nextIterator} is null
 */
public record ReadResult(
    List<StreamRecord> records,
    @Nullable String nextIterator,
    long millisBehindLatest,
    List<ChildShard> childShards) {
  public ReadResult {
    childShards = List.copyOf(childShards);
  }
}
