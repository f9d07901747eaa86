package org.openkcl.benchmarks.probe;

/** What a measured worker process is told. */
public enum WorkerOption {
  /** Endpoint of Kinesis. */
  KINESIS,
  /** Endpoint of DynamoDB. */
  DYNAMODB,
  /** Application; also names the lease table. */
  APPLICATION,
  STREAM,
  /** The worker's id. */
  WORKER,
  /** {@code true}: enhanced fan-out; else polling. */
  FAN_OUT,
  /** From one read of a shard to the next while there is nothing, in milliseconds. */
  IDLE_MILLIS,
  /** After what time without renewal a lease counts as orphaned, in milliseconds. */
  FAILOVER_MILLIS,
  /** One of {@link Detail}; what is reported of records. */
  DETAIL,
  /** How seldom to checkpoint a shard, in milliseconds; 0, after every batch. */
  CHECKPOINT_MILLIS,
  /** After how many records to report {@link Probe#DRAINED}, each time. */
  EXPECTED,
  /** {@code true}: reads as fast as the service answers, where the library has limits of its own. */
  UNLIMITED,
  /** {@code true}: the library's settings are those that make it fastest here. */
  TUNED,
  /** {@code true}: does not wait at start for what has no part in the measurement. */
  QUICK_START
}
