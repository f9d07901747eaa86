package org.openkcl.leases;

import java.time.Duration;

/**
 * The lock that makes one worker the leader, in the form of the lock library that Amazon's library
 * uses. It holds no time: it is expired for whoever has seen {@code version} stand still for {@code
 * leaseDuration} by a clock of its own.
 *
 * @param owner the leader's worker id
 * @param leaseDuration positive, whole milliseconds (finer parts are dropped); Amazon's workers use
 *     2 minutes
 * @param version a random id; every heartbeat changes it
 * @param released given up by its owner, and anybody's to take
 * @param ofOpenKcl written by a worker of OpenKCL
 */
public record LeaderLock(
    String owner, Duration leaseDuration, String version, boolean released, boolean ofOpenKcl) {

  public LeaderLock {
    if (owner.isEmpty() || version.isEmpty()) {
      throw new IllegalArgumentException("A lock needs an owner and a version: got owner='"
          + owner
          + "', version='"
          + version
          + "'");
    }
    leaseDuration = Duration.ofMillis(leaseDuration.toMillis());
    if (leaseDuration.isZero() || leaseDuration.isNegative()) {
      throw new IllegalArgumentException(
          "A lock's leaseDuration must be 1 ms or more: got " + leaseDuration);
    }
  }

  /** A lock that a worker of OpenKCL holds. */
  public static LeaderLock heldBy(String worker, Duration leaseDuration, String version) {
    return new LeaderLock(worker, leaseDuration, version, false, true);
  }

  /** The lock after a heartbeat. */
  public LeaderLock beaten(String newVersion) {
    return new LeaderLock(owner, leaseDuration, newVersion, released, ofOpenKcl);
  }
}
