package org.openkcl.fleet.mixed;

import java.util.Optional;

/**
 * What the lease table says of one lease from a moment on.
 *
 * @param owner {@code leaseOwner}; empty when the lease is free
 * @param checkpointOwner who may still deliver while a handoff is under way
 * @param finished whether the checkpoint is SHARD_END
 */
record OwnerChange(
    long micros,
    String lease,
    Optional<String> owner,
    Optional<String> checkpointOwner,
    boolean finished) {

  boolean sameAs(OwnerChange other) {
    return owner.equals(other.owner)
        && checkpointOwner.equals(other.checkpointOwner)
        && finished == other.finished;
  }

  /** {@code a}, {@code a (handed over by b)}, {@code nobody}, {@code a, finished}. */
  String described() {
    return owner.orElse("nobody")
        + checkpointOwner.map(from -> " (handed over by " + from + ")").orElse("")
        + (finished ? ", finished" : "");
  }
}
