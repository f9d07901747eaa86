package org.openkcl.retrieval;

import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Checkpoint;

/**
 * How far the reading of one shard by subscriptions has got.
 *
 * @param position where the next subscription begins
 * @param received records up to and including this one have been received; a sentinel when there
 *     is none
 * @param ended whether the shard has been read to its end
 * @param notBeforeNanos the earliest time of the next call, on the monotonic clock
 * @param failures subscriptions that failed since the last one that lasted
 * @param expectedBytes what the next event is expected to take
 * @param connection the subscription under way; null when there is none
 */
record SubscriptionState(
    ReadPosition position,
    Checkpoint received,
    boolean ended,
    long notBeforeNanos,
    int failures,
    long expectedBytes,
    @Nullable Connection connection) {

  private static final long FIRST_EXPECTED_BYTES = 64 * 1024;

  /** The state of a shard from which nothing has been asked. */
  static SubscriptionState startingAt(ReadStart start, long nowNanos) {
    return new SubscriptionState(
        start.position(), Checkpoint.TRIM_HORIZON, false, nowNanos, 0, FIRST_EXPECTED_BYTES, null);
  }

  /** Whether an event may be requested: the service has accepted the subscription. */
  boolean isOpen() {
    return connection != null && connection.answered();
  }

  /** Whether an event has been requested that has not come. */
  boolean isRequested() {
    return connection != null && connection.requested();
  }

  SubscriptionState withPosition(ReadPosition newPosition) {
    return new SubscriptionState(
        newPosition, received, ended, notBeforeNanos, failures, expectedBytes, connection);
  }

  SubscriptionState withConnection(Connection newConnection) {
    return new SubscriptionState(
        position, received, ended, notBeforeNanos, failures, expectedBytes, newConnection);
  }

  /** The state without a subscription. */
  SubscriptionState disconnected(int newFailures, long newNotBeforeNanos) {
    return new SubscriptionState(
        position, received, ended, newNotBeforeNanos, newFailures, expectedBytes, null);
  }

  /**
   * A subscription under way.
   *
   * @param answered whether the service has accepted it
   * @param sinceNanos when it was accepted, or called for as long as it is not
   * @param heardNanos since when something is waited for: an answer, or the event requested
   * @param renewNanos when it is to be replaced by the next
   * @param requested whether an event has been requested that has not come
   */
  record Connection(
      boolean answered, long sinceNanos, long heardNanos, long renewNanos, boolean requested) {}
}
