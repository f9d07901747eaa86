package org.openkcl.lineage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.leases.Lease;

/**
 * A hole in the hash keys that a stream's unfinished leases take, and how often it was seen in a
 * row. Children get their leases before their parents' end is recorded, so there should be none; but
 * no look at the table is a snapshot, so one look proves nothing. A value; the next one comes from
 * {@link #see}.
 *
 * @param hole in words; empty when there is none
 * @param times in a row, this one included
 */
public record HoleWatch(Optional<String> hole, int times) {

  /** How often the same hole must be seen before something is done about it; Amazon's number. */
  public static final int CONFIRMATIONS = 3;

  /** How often it must be seen before it is said that nothing helps. */
  public static final int LASTING = 3 * CONFIRMATIONS;

  /** Nothing seen yet. */
  public static final HoleWatch NONE = new HoleWatch(Optional.empty(), 0);

  /** What there is now. */
  public HoleWatch see(Collection<Lease> leases) {
    Optional<String> now = holeOf(leases);
    if (now.isEmpty()) {
      return NONE;
    }
    return new HoleWatch(now, now.equals(hole) ? times + 1 : 1);
  }

  /** Whether shards and leases should be compared now; says so once. */
  public boolean isConfirmed() {
    return times == CONFIRMATIONS;
  }

  /** Whether it is still there long after shards and leases were compared. */
  public boolean isLasting() {
    return times >= LASTING;
  }

  /** None can be told while some lease does not say which hash keys it takes. */
  private static Optional<String> holeOf(Collection<Lease> leases) {
    List<HashKeyRange> ranges = new ArrayList<>();
    for (Lease lease : leases) {
      HashKeyRange range = lease.shard().hashKeyRange();
      if (!lease.isFinished()) {
        if (range == null) {
          return Optional.empty();
        }
        ranges.add(range);
      }
    }
    return leases.isEmpty() ? Optional.empty() : HashKeyCoverage.firstHole("lease", ranges);
  }
}
