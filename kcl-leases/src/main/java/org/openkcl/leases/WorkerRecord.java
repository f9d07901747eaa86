package org.openkcl.leases;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A worker's sign of life in the table. Others see that it lives by {@code beat} moving, never by
 * comparing clocks.
 *
 * @param workerId unique among the workers of the application
 * @param beat moves with every write
 * @param leaving the worker is going and wants no more leases
 * @param writtenAt the worker's own wall clock, for people and for Amazon's library ({@code lut}),
 *     in whole seconds (finer parts are dropped)
 */
public record WorkerRecord(String workerId, long beat, boolean leaving, Instant writtenAt) {
  public WorkerRecord {
    if (workerId.isEmpty()) {
      throw new IllegalArgumentException("A worker id must not be empty");
    }
    writtenAt = writtenAt.truncatedTo(ChronoUnit.SECONDS);
  }
}
