package org.openkcl.samples.demo.proof;

/**
 * A call to a processor that was not about records.
 *
 * @param atMicros when it came, since the epoch
 */
public record Milestone(long atMicros, Call call) {
  /** Which call. */
  public enum Call {
    INITIALIZED,
    SHUTDOWN_REQUESTED,
    LEASE_LOST,
    SHARD_ENDED;

    /** Whether the processor gets no records after it. */
    boolean closes() {
      return this != INITIALIZED;
    }
  }
}
