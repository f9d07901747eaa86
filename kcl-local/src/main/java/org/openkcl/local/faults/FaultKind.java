package org.openkcl.local.faults;

import org.openkcl.local.faults.FaultEffect.Outcome;

/** What goes wrong with a call, or with an event of a subscription. */
public enum FaultKind {
  /**
   * {@code ProvisionedThroughputExceededException} of operations that put and read records, {@code
   * LimitExceededException} of all others; nothing happens.
   */
  THROTTLE(Outcome.REFUSE),
  /**
   * {@code InternalFailureException} of operations that put and read records, {@code InternalFailure}
   * of all others; status 500; nothing happens.
   */
  INTERNAL_FAILURE(Outcome.REFUSE),
  /** {@code ServiceUnavailable}, status 503; nothing happens. */
  SERVICE_UNAVAILABLE(Outcome.REFUSE),
  /** {@code AccessDeniedException}; nothing happens. */
  ACCESS_DENIED(Outcome.REFUSE),
  /** {@code ExpiredIteratorException} of GetRecords; other operations are left alone. */
  EXPIRED_ITERATOR(Outcome.REFUSE),
  /** The reply comes late; the call takes effect at once. Adds up with other faults. */
  LATENCY(Outcome.ANSWER),
  /** The TCP connection is reset before the call takes effect, with all that is under way on it. */
  CONNECTION_RESET(Outcome.RESET),
  /** The call takes effect, and the client sees its request break off without a reply. */
  LOST_REPLY(Outcome.LOSE_REPLY),
  /** A subscription breaks off in place of its next event. */
  DROPPED_SUBSCRIPTION(SubscriptionEffect.DROP),
  /** A subscription stays open and delivers nothing from now on, not even empty events. */
  STALLED_SUBSCRIPTION(SubscriptionEffect.STALL),
  /**
   * An event repeats the continuation sequence number of the event before it, so that a subscription
   * continued from there delivers records again.
   */
  DUPLICATE_CONTINUATION(SubscriptionEffect.REPEAT_CONTINUATION);

  private final Outcome onCall;
  private final SubscriptionEffect onEvent;

  FaultKind(Outcome onCall) {
    this.onCall = onCall;
    this.onEvent = SubscriptionEffect.NONE;
  }

  FaultKind(SubscriptionEffect onEvent) {
    this.onCall = Outcome.ANSWER;
    this.onEvent = onEvent;
  }

  Outcome onCall() {
    return onCall;
  }

  SubscriptionEffect onEvent() {
    return onEvent;
  }

  /** Whether it strikes events of a subscription rather than calls. */
  public boolean strikesEvents() {
    return onEvent != SubscriptionEffect.NONE;
  }

  /** Whether single records of a put can fail by it (API reference: PutRecordsResultEntry). */
  boolean refusesRecords() {
    return this == THROTTLE || this == INTERNAL_FAILURE;
  }
}
