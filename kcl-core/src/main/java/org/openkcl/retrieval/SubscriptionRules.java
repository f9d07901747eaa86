package org.openkcl.retrieval;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.openkcl.leases.Checkpoint;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.SubscriptionState.Connection;

/**
 * When a shard is subscribed to, and from where. The service lets each consumer subscribe to a shard
 * once a second, refuses another subscription within 5 s of the last one that it accepted, lets a
 * later one take the place of the last, and ends each after 5 minutes.
 *
 * <ul>
 *   <li>A subscription is replaced by the next between 4 min and 4 min 45 s, when an event has come.
 *   <li>While the processor is busy nothing is requested. If the subscription ends then, the next
 *       one waits until the processor is ready.
 *   <li>Refused because another one has just begun, as after a shard has changed hands: once or
 *       twice a second until the 5 s are over.
 *   <li>Replaced by somebody else: not again within 5 to 7.5 s, in which the lease tells who is right.
 *   <li>Refused or cut off otherwise: back-off from 1 s doubling to 10 s, with jitter; at once when
 *       it had lasted 5 s.
 *   <li>Silent: the service sends an event every few seconds even when there are no records. After
 *       20 s without one the subscription counts as lost.
 * </ul>
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html">SubscribeToShard</a>
 */
final class SubscriptionRules {
  /** Within this time of one subscription the service refuses the next. */
  static final Duration EXCLUSIVE = Duration.ofSeconds(5);

  static final Duration SILENCE = Duration.ofSeconds(20);
  static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
  static final Duration EARLIEST_RENEWAL = Duration.ofMinutes(4);
  static final Duration LATEST_RENEWAL = Duration.ofMinutes(4).plusSeconds(45);

  private static final long EXCLUSIVE_NANOS = EXCLUSIVE.toNanos();
  private static final long CALL_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long MAX_BACK_OFF_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long LEAST_EXPECTED_BYTES = 4 * 1024;
  private static final Duration CLOCK_MARGIN = Duration.ofSeconds(10);
  private static final int DOUBTS = 3;

  /** So many refusals in a row are what a change of hands can bring. */
  private static final int REFUSALS_OF_A_HANDOFF = 8;

  private SubscriptionRules() {}

  /**
   * What to do now.
   *
   * @param wanted whether another event has a place to go
   */
  static SubscriptionTurn next(SubscriptionState state, boolean wanted, long nowNanos) {
    if (state.ended()) {
      return SubscriptionTurn.DONE;
    }
    Connection connection = state.connection();
    if (connection != null) {
      return during(connection, nowNanos);
    }
    if (!wanted) {
      return SubscriptionTurn.HOLD;
    }
    long waitNanos = state.notBeforeNanos() - nowNanos;
    return waitNanos > 0 ? SubscriptionTurn.waiting(waitNanos) : SubscriptionTurn.SUBSCRIBE;
  }

  private static SubscriptionTurn during(Connection connection, long nowNanos) {
    boolean expecting = !connection.answered() || connection.requested();
    Duration patience = connection.answered() ? SILENCE : ANSWER_TIMEOUT;
    long patienceNanos = connection.heardNanos() + patience.toNanos() - nowNanos;
    if (expecting && patienceNanos <= 0) {
      return SubscriptionTurn.ABANDON;
    }
    return expecting ? SubscriptionTurn.waiting(patienceNanos) : SubscriptionTurn.HOLD;
  }

  /**
   * The state when the service has been asked for a subscription. LATEST means another record each
   * time: if this one fails before its first event, the next must not begin behind what has arrived
   * since, so the time of the first asking takes its place.
   */
  static SubscriptionState called(SubscriptionState state, Instant now, long nowNanos) {
    boolean latest = state.position().kind() == ReadPosition.Kind.LATEST;
    SubscriptionState pinned =
        latest ? state.withPosition(ReadPosition.atTimestamp(now.minus(CLOCK_MARGIN))) : state;
    return pinned.withConnection(new Connection(false, nowNanos, nowNanos, Long.MAX_VALUE, false));
  }

  /**
   * The state when the service has accepted the subscription.
   *
   * @param chance from 0 to 1, spreads the renewals of many shards
   */
  static SubscriptionState opened(SubscriptionState state, long nowNanos, double chance) {
    long spread = LATEST_RENEWAL.minus(EARLIEST_RENEWAL).toNanos();
    long renewNanos = nowNanos + EARLIEST_RENEWAL.toNanos() + (long) (chance * spread);
    return state.withConnection(new Connection(true, nowNanos, nowNanos, renewNanos, false));
  }

  /** The state when an event has been requested. */
  static SubscriptionState requested(SubscriptionState state, long nowNanos) {
    Connection open = required(state);
    return state.withConnection(
        new Connection(true, open.sinceNanos(), nowNanos, open.renewNanos(), true));
  }

  /**
   * The state after an event.
   *
   * @param fresh its records without those that had been received before
   */
  static SubscriptionState received(
      SubscriptionState state,
      SubscriptionEvent event,
      List<KinesisClientRecord> fresh,
      long nowNanos) {
    Connection open = required(state);
    String continuation = event.continuation();
    return new SubscriptionState(
        continuation == null ? state.position() : behind(continuation, event, state.position()),
        fresh.isEmpty() ? state.received() : checkpointOf(fresh.get(fresh.size() - 1)),
        continuation == null,
        state.notBeforeNanos(),
        hasLasted(open, nowNanos) ? 0 : state.failures(),
        expectedAfter(event, state.expectedBytes()),
        continuation == null
            ? null
            : new Connection(true, open.sinceNanos(), nowNanos, open.renewNanos(), false));
  }

  /** The state when a subscription that has lasted is over; the next may begin at once. */
  static SubscriptionState ended(SubscriptionState state, long nowNanos) {
    return state.disconnected(0, nowNanos);
  }

  /**
   * The state when a subscription was refused or has ended with an error.
   *
   * @param chance from 0 to 1, spreads the retries of many shards
   */
  static SubscriptionState failed(
      SubscriptionState state, StreamFailure.Kind kind, long nowNanos, double chance) {
    Connection lost = state.connection();
    boolean inUse = kind == StreamFailure.Kind.IN_USE;
    if (lost == null || !lost.answered()) {
      int doublings = inUse ? state.failures() - REFUSALS_OF_A_HANDOFF : state.failures();
      return state.disconnected(state.failures() + 1, nowNanos + backOff(doublings, chance));
    }
    boolean lasted = hasLasted(lost, nowNanos);
    int failuresBefore = lasted ? 0 : state.failures();
    if (inUse) {
      long pause = (long) (EXCLUSIVE_NANOS * (1 + chance / 2));
      return state.disconnected(failuresBefore + 1, nowNanos + pause);
    }
    long pause = lasted ? 0 : backOff(failuresBefore, chance);
    return state.disconnected(
        failuresBefore + 1, Math.max(lost.sinceNanos() + EXCLUSIVE_NANOS, nowNanos + pause));
  }

  /**
   * Whether a subscription is old enough to be replaced by the next. To be asked when an event has
   * come: then nothing is on its way that would have to be sent again, and a subscription that was
   * parked for long has first brought what it held, and its end.
   */
  static boolean isRenewalDue(SubscriptionState state, long nowNanos) {
    Connection open = state.connection();
    return open != null && open.answered() && nowNanos - open.renewNanos() >= 0;
  }

  /** Whether a failure is part of what happens when shards change hands. */
  static boolean isRoutine(SubscriptionState after, StreamFailure.Kind kind) {
    return kind == StreamFailure.Kind.IN_USE && after.failures() <= REFUSALS_OF_A_HANDOFF;
  }

  /** Whether a subscription has been good for long enough that what was before is forgotten. */
  static boolean hasLasted(SubscriptionState state, long nowNanos) {
    Connection open = state.connection();
    return open != null && hasLasted(open, nowNanos);
  }

  /**
   * Whether the event's end of shard is to be asked for again rather than believed. The service
   * always names the shards that follow; an end without them is believed when it is repeated.
   */
  static boolean doubts(SubscriptionState state, SubscriptionEvent event) {
    return event.endsWithoutChildren() && state.failures() < DOUBTS;
  }

  private static boolean hasLasted(Connection connection, long nowNanos) {
    return connection.answered() && nowNanos - connection.sinceNanos() >= EXCLUSIVE_NANOS;
  }

  /** A continuation that lags behind what has been received is not believed. */
  private static ReadPosition behind(
      String continuation, SubscriptionEvent event, ReadPosition before) {
    BigInteger greatest = new BigInteger(continuation);
    if (!event.records().isEmpty()) {
      KinesisClientRecord last = event.records().get(event.records().size() - 1);
      greatest = greatest.max(new BigInteger(last.sequenceNumber()));
    }
    if (before.kind() == ReadPosition.Kind.AFTER_SEQUENCE_NUMBER) {
      greatest = greatest.max(new BigInteger(String.valueOf(before.sequenceNumber())));
    }
    return ReadPosition.afterSequenceNumber(greatest.toString());
  }

  /** An idle shard has a request open all the time and must not keep memory from others. */
  private static long expectedAfter(SubscriptionEvent event, long before) {
    return event.records().isEmpty()
        ? 0
        : Math.max(LEAST_EXPECTED_BYTES, Math.max(event.bytes(), before / 2));
  }

  private static Checkpoint checkpointOf(KinesisClientRecord last) {
    return Checkpoint.at(last.sequenceNumber()); // as it is in the stream: aggregates are whole
  }

  private static long backOff(int doublings, double chance) {
    long doubled = CALL_INTERVAL_NANOS << Math.max(0, Math.min(doublings, 10));
    return (long) (Math.min((double) doubled, MAX_BACK_OFF_NANOS / 1.5) * (1 + chance / 2));
  }

  private static Connection required(SubscriptionState state) {
    Connection open = state.connection();
    if (open == null) {
      throw new IllegalStateException("There is no subscription to speak of: got " + state);
    }
    return open;
  }
}
