package org.openkcl.retrieval;

import java.time.Duration;

/**
 * What the reading of a shard by subscriptions does next.
 *
 * @param action what to do
 * @param in for {@link Action#WAIT} after which time to ask again, else zero
 */
record SubscriptionTurn(Action action, Duration in) {
  static final SubscriptionTurn SUBSCRIBE = new SubscriptionTurn(Action.SUBSCRIBE, Duration.ZERO);
  static final SubscriptionTurn ABANDON = new SubscriptionTurn(Action.ABANDON, Duration.ZERO);
  static final SubscriptionTurn HOLD = new SubscriptionTurn(Action.HOLD, Duration.ZERO);
  static final SubscriptionTurn DONE = new SubscriptionTurn(Action.DONE, Duration.ZERO);

  /** The kinds of next steps. */
  enum Action {
    /** Subscribe from the state's position. */
    SUBSCRIBE,
    /** Give the subscription up, which is silent. */
    ABANDON,
    /** Nothing for a while. */
    WAIT,
    /** Nothing before something happens. */
    HOLD,
    /** Nothing any more: the shard has been read to its end. */
    DONE
  }

  static SubscriptionTurn waiting(long nanos) {
    return new SubscriptionTurn(Action.WAIT, Duration.ofNanos(nanos));
  }
}
