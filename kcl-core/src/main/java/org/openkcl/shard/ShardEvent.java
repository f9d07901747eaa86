package org.openkcl.shard;

/** What can happen to a shard. */
public enum ShardEvent {
  /** Every parent is completely processed. */
  PARENTS_DONE,
  /** A batch is there to be processed. */
  BATCH_READY,
  /** Reading is to begin anew behind the last batch: nothing was heard, or a pause is over. */
  READING_DUE,
  /** The shard is closed and its last batch was processed. */
  END_REACHED,
  /** The call into user code returned, or threw and is not to be made again. */
  CALL_DONE,
  /** The call into user code threw, and is to be made again. */
  CALL_FAILED,
  /** The back-off after a failure is over. */
  RETRY_DUE,
  /** The leases of the children exist. */
  CHILDREN_READY,
  /** The end is in the table. */
  END_STORED,
  /** The application has not acknowledged everything: the end must not be recorded yet. */
  END_REFUSED,
  /** The lease should go to another worker, or the worker stops. */
  DRAIN,
  /** User code has had its time, whatever it does: the worker stops, or the call is stuck. */
  TIME_OVER,
  /** The lease was given up, or could not be and expires. */
  RELEASE_DONE,
  /** Another worker has the lease. */
  LEASE_LOST
}
