package org.openkcl.leases;

import org.jspecify.annotations.Nullable;

/**
 * Who may read a shard, and the optimistic lock that decides races about it.
 *
 * @param owner the worker that holds the lease or, while {@code checkpointOwner} is set, the worker
 *     that gets it next; null when nobody does
 * @param checkpointOwner during a handoff of Amazon's kind the worker that still reads and
 *     checkpoints; null otherwise
 * @param counter moves with every write of ownership or progress; the value after an owner's own
 *     acquiring write is its fencing token
 * @param switchesSinceCheckpoint changes of owner since the last checkpoint
 * @param writer the OpenKCL process that holds the lease, or the worker of ours that it waits for,
 *     as {@link LeaseWriter} has it: tells a lost reply from the write of a namesake, and a lease
 *     that waits for its owner from one that a namesake reads. Null when neither is known
 */
public record Ownership(
    @Nullable String owner,
    @Nullable String checkpointOwner,
    long counter,
    long switchesSinceCheckpoint,
    @Nullable String writer) {

  public Ownership {
    rejectEmpty("owner", owner);
    rejectEmpty("checkpointOwner", checkpointOwner);
    rejectEmpty("writer", writer);
  }

  /** The worker that reads the shard now, or null when nobody does. */
  public @Nullable String actualOwner() {
    return checkpointOwner != null ? checkpointOwner : owner;
  }

  private static void rejectEmpty(String name, @Nullable String value) {
    if (value != null && value.isEmpty()) {
      throw new IllegalArgumentException(
          "Nobody is null, never an empty text: got an empty " + name + " of a lease");
    }
  }
}
