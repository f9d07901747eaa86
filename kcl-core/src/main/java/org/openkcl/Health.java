package org.openkcl;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a worker does its work.
 *
 * @param status the worst that was found
 * @param reasons one sentence per finding; empty when UP
 */
public record Health(Status status, List<String> reasons) {
  private static final int DOWN_AFTER_FAILURES = 10;

  /** From well to not. */
  public enum Status {
    /** All is well. */
    UP,
    /** Some shard does not get on; the others do. */
    DEGRADED,
    /** A shard has failed for long, or the worker does not work. */
    DOWN
  }

  public Health {
    reasons = List.copyOf(reasons);
  }

  static Health of(WorkerSnapshot snapshot) {
    List<String> reasons = new ArrayList<>();
    boolean down = false;
    if (!snapshot.failure().isEmpty()) {
      reasons.add(snapshot.failure());
      down = true;
    } else if (snapshot.phase() != WorkerSnapshot.Phase.RUNNING) {
      reasons.add("The worker is " + snapshot.phase());
      down = snapshot.phase() == WorkerSnapshot.Phase.STOPPED;
    }
    boolean oneIsOpen = false;
    for (WorkerSnapshot.StreamSnapshot stream : snapshot.streams()) {
      oneIsOpen |= stream.state().equals("OPEN");
      if (!stream.failure().isEmpty()) {
        reasons.add("Stream %s: %s".formatted(stream.stream(), stream.failure()));
      }
    }
    down |= !oneIsOpen && !snapshot.streams().isEmpty();
    for (WorkerSnapshot.ShardSnapshot shard : snapshot.shards()) {
      if (shard.failures() > 0) {
        reasons.add("Shard %s failed %d times in a row: %s"
            .formatted(shard.shardId(), shard.failures(), shard.lastFailure()));
        down |= shard.failures() >= DOWN_AFTER_FAILURES;
      }
      if (!shard.trouble().isEmpty()) {
        reasons.add("Shard %s: %s".formatted(shard.shardId(), shard.trouble()));
      }
    }
    Status bad = down ? Status.DOWN : Status.DEGRADED;
    return new Health(reasons.isEmpty() ? Status.UP : bad, reasons);
  }
}
