package org.openkcl.local.faults;

/** What faults do to the next event of a subscription. */
public enum SubscriptionEffect {
  /** Nothing: it is sent. */
  NONE,
  /** It is not sent; the subscription breaks off. */
  DROP,
  /** It is not sent, nor is any later one; the subscription stays open. */
  STALL,
  /** It is sent with the continuation sequence number of the event before it. */
  REPEAT_CONTINUATION
}
