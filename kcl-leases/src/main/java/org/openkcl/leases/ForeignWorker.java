package org.openkcl.leases;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A worker of Amazon's library, 3.0 or later, by the metrics item it writes every 30 seconds.
 *
 * @param workerId its worker id
 * @param writtenAt its own wall clock when it wrote the item, in whole seconds
 * @param metrics its load
 * @param support what it says it can do; null for versions before 3.5
 */
public record ForeignWorker(
    String workerId,
    Instant writtenAt,
    WorkerMetrics metrics,
    @Nullable Support support) {
  public ForeignWorker {
    if (workerId.isEmpty()) {
      throw new IllegalArgumentException("A worker id must not be empty");
    }
    writtenAt = writtenAt.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * The greatest feature a worker knows.
   *
   * @param feature 1 or more means that it can keep everything in the lease table
   * @param writtenAt when it said so, in whole seconds
   */
  public record Support(long feature, Instant writtenAt) {
    /** The feature of keeping everything in one table. */
    public static final long SINGLE_TABLE = 1;

    public Support {
      writtenAt = writtenAt.truncatedTo(ChronoUnit.SECONDS);
    }
  }
}
