package org.openkcl.shard;

/** What is to be done about a shard. */
public enum ShardEffect {
  CALL_INITIALIZE(ShardState.Call.INITIALIZE),
  CALL_PROCESS_RECORDS(ShardState.Call.PROCESS_RECORDS),
  CALL_SHUTDOWN_REQUESTED(ShardState.Call.SHUTDOWN_REQUESTED),
  CALL_SHARD_ENDED(ShardState.Call.SHARD_ENDED),
  CALL_LEASE_LOST(ShardState.Call.LEASE_LOST),
  /** Begin to read at the stored position. */
  START_READING(ShardState.Call.NONE),
  /** Ask for the next batch. */
  NEXT_BATCH(ShardState.Call.NONE),
  /** Stop reading and give its memory back. */
  STOP_READING(ShardState.Call.NONE),
  /** Make the same call again after a back-off. */
  SCHEDULE_RETRY(ShardState.Call.NONE),
  /** Create the leases of the children, before the end is recorded. */
  CREATE_CHILDREN(ShardState.Call.NONE),
  /** Record the end, if everything delivered is acknowledged. */
  STORE_END(ShardState.Call.NONE),
  /** Give the lease up with the last progress. */
  RELEASE(ShardState.Call.NONE),
  /** Nothing is left to do for this shard here. */
  FORGET(ShardState.Call.NONE);

  private final ShardState.Call call;

  ShardEffect(ShardState.Call call) {
    this.call = call;
  }

  /** The call into user code that this effect begins; NONE if it begins none. */
  public ShardState.Call call() {
    return call;
  }
}
