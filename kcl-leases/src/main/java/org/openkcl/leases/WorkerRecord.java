package org.openkcl.leases;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A worker of OpenKCL as it shows itself in the table: its sign of life, its load, and how much it
 * wants to do. Others see that it lives by {@code beat} moving, never by comparing clocks.
 *
 * @param workerId unique among the workers of the application
 * @param beat moves with every write
 * @param leaving the worker is going and wants no more leases
 * @param writtenAt the worker's own wall clock, for people and for Amazon's library ({@code lut}),
 *     in whole seconds (finer parts are dropped)
 * @param metrics its load, for a leader of either library
 * @param capacity how much it wants to do
 */
public record WorkerRecord(
    String workerId,
    long beat,
    boolean leaving,
    Instant writtenAt,
    WorkerMetrics metrics,
    WorkerCapacity capacity) {
  public WorkerRecord {
    if (workerId.isEmpty()) {
      throw new IllegalArgumentException("A worker id must not be empty");
    }
    writtenAt = writtenAt.truncatedTo(ChronoUnit.SECONDS);
  }

  /** A worker that measures nothing and wants to do as much as any other. */
  public WorkerRecord(String workerId, long beat, boolean leaving, Instant writtenAt) {
    this(workerId, beat, leaving, writtenAt, WorkerMetrics.NONE);
  }

  /** A worker that wants to do as much as any other. */
  public WorkerRecord(
      String workerId, long beat, boolean leaving, Instant writtenAt, WorkerMetrics metrics) {
    this(workerId, beat, leaving, writtenAt, metrics, WorkerCapacity.EQUAL);
  }
}
