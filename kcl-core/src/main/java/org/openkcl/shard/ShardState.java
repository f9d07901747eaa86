package org.openkcl.shard;

/**
 * Where a shard stands on this worker.
 *
 * @param phase the stage of its life
 * @param call the call into user code that is under way; at most one
 * @param drainWanted the lease should be given up as soon as the call under way has ended
 */
public record ShardState(Phase phase, Call call, boolean drainWanted) {

  /** A shard whose lease was just acquired. */
  public static final ShardState ACQUIRED =
      new ShardState(Phase.AWAITING_PARENTS, Call.NONE, false);

  /** The stages of a shard's life on one worker. */
  public enum Phase {
    /** The parents are not completely processed yet. */
    AWAITING_PARENTS,
    /** The processor is being initialized. */
    STARTING,
    /** Records are read and processed. */
    CONSUMING,
    /** The processor is asked to finish, since the lease is to be given up. */
    DRAINING,
    /** The lease is being given up. */
    RELEASING,
    /** Every record was delivered; the end is being recorded. */
    ENDING,
    /** The shard is completely processed. */
    ENDED,
    /** The lease was given up. */
    RELEASED,
    /** Another worker has the lease. */
    LOST
  }

  /** The calls into user code. */
  public enum Call {
    NONE,
    INITIALIZE,
    PROCESS_RECORDS,
    SHUTDOWN_REQUESTED,
    SHARD_ENDED,
    LEASE_LOST
  }

  public boolean isBusy() {
    return call != Call.NONE;
  }
}
