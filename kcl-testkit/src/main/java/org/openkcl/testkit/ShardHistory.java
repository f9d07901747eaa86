package org.openkcl.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Checkpoint;

/** All that ever happened to one shard. Positions are indexes into the records put on it. */
final class ShardHistory {
  final String shardId;
  final Set<String> parents;
  final List<String> children = new ArrayList<>();
  private final List<Long> arrivals = new ArrayList<>();
  private @Nullable String newest;

  /** No record can come any more. */
  boolean closed;

  /** Where the application begins: 0 but for LATEST and AT_TIMESTAMP. */
  int firstDue;

  /** Every record before this one was delivered, or was not due. */
  int delivered;

  /** User code has acknowledged every record before this one. */
  int acknowledged;

  /** The table has had a lease of the shard. */
  boolean leased;

  /** SHARD_END is or was in the table. */
  boolean ended;

  /** The greatest checkpoint there ever was. */
  @Nullable
  Checkpoint checkpoint;

  /** The process that acquired the lease last. */
  @Nullable
  String writer;

  /** The owner that the table named last. */
  @Nullable
  String owner;

  /** The counter after the last acquiring write. */
  long token;

  /** The token of the last ownership under which records were delivered. */
  long deliveredToken;

  /** When the lease was last written. */
  long writtenNanos;

  ShardHistory(String shardId, Set<String> parents) {
    this.shardId = shardId;
    this.parents = parents;
  }

  int put(String sequenceNumber, long arrivalMillis) {
    newest = sequenceNumber;
    arrivals.add(arrivalMillis);
    return arrivals.size() - 1;
  }

  Optional<Checkpoint> newest() {
    return Optional.ofNullable(newest).map(Checkpoint::at);
  }

  int size() {
    return arrivals.size();
  }

  int firstAt(long millis) {
    int index = 0;
    while (index < arrivals.size() && arrivals.get(index) < millis) {
      index++;
    }
    return index;
  }
}
