package org.openkcl.metering;

import org.jspecify.annotations.Nullable;
import org.openkcl.WorkerSnapshot;
import org.openkcl.retrieval.MemoryBudget;

/**
 * What a worker is measured with.
 *
 * @param meters where values go
 * @param budget what is looked at for the memory that records take; null for nothing
 */
public record Metering(Meters meters, @Nullable MemoryBudget budget) {
  /** Measures nothing. */
  public static final Metering NONE = new Metering(Meters.NONE, null);

  /** The budget now. On the worker's loop. */
  public WorkerSnapshot.Memory memory() {
    return budget == null
        ? new WorkerSnapshot.Memory(0, 0)
        : new WorkerSnapshot.Memory(budget.usedBytes(), budget.limitBytes());
  }
}
