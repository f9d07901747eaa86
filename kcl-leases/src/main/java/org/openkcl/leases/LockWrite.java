package org.openkcl.leases;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One conditional write of the leader's lock, under the conditions of Amazon's lock library.
 *
 * @param guard what must stand in the table
 * @param expected the lock as last read or written; null with {@link Guard#ABSENT}
 * @param intended the lock afterwards; null deletes it
 */
public record LockWrite(
    Guard guard, @Nullable LeaderLock expected, @Nullable LeaderLock intended) {

  /** The condition of a write. */
  public enum Guard {
    /** There is no lock. */
    ABSENT,
    /** The lock is marked as released. */
    RELEASED,
    /** The lock has the version that was seen standing still: nobody kept it. */
    VERSION,
    /** The lock has the version and the owner of our own last write. */
    VERSION_AND_OWNER
  }

  public LockWrite {
    if ((guard == Guard.ABSENT) != (expected == null)) {
      throw new IllegalArgumentException(
          "A lock write expects either no lock or the lock it has seen: got guard="
              + guard
              + ", expected="
              + expected);
    }
  }

  /**
   * Takes a lock that nobody holds. Whether it has expired is the caller's to judge, by having seen
   * its version stand still.
   *
   * @param seen null when there was no lock
   */
  public static LockWrite acquire(@Nullable LeaderLock seen, LeaderLock mine) {
    if (seen == null) {
      return new LockWrite(Guard.ABSENT, null, mine);
    }
    return new LockWrite(seen.released() ? Guard.RELEASED : Guard.VERSION, seen, mine);
  }

  /** Keeps a lock that this worker holds. */
  public static LockWrite heartbeat(LeaderLock held, String newVersion) {
    return new LockWrite(Guard.VERSION_AND_OWNER, held, held.beaten(newVersion));
  }

  /** Gives a lock up that this worker holds, by deleting it as Amazon's library does. */
  public static LockWrite release(LeaderLock held) {
    return new LockWrite(Guard.VERSION_AND_OWNER, held, null);
  }

  /**
   * Whether {@code actual}, read after this write was refused, is this write's own effect: its reply
   * had been lost. A release that finds no lock, or another's, has nothing left to do.
   */
  public boolean isEffectOf(Optional<LeaderLock> actual) {
    if (intended == null) {
      return actual
          .map(lock -> expected != null && !lock.owner().equals(expected.owner()))
          .orElse(true);
    }
    return actual.map(lock -> lock.version().equals(intended.version())).orElse(false);
  }
}
