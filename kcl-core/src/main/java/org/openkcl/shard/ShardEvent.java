package org.openkcl.shard;

/** What can happen to a shard. */
public enum ShardEvent {
  /** Every parent is completely processed. */
  PARENTS_DONE,
  /** A batch is there to be processed. */
  BATCH_READY,
  /** The shard is closed and its last batch was processed. */
  END_REACHED,
  /** The call into user code returned. */
  CALL_DONE,
  /** The call into user code threw. */
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
  /** The worker stops and its time is over, whatever user code does. */
  DRAIN_TIMEOUT,
  /** The lease was given up, or could not be and expires. */
  RELEASE_DONE,
  /** Another worker has the lease. */
  LEASE_LOST
}
