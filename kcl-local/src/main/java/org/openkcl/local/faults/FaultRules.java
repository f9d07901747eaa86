package org.openkcl.local.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.faults.FaultEffect.Outcome;

/**
 * The faults in force, and what they do to each call: a function of the calls so far and the faults'
 * seeds. They are asked in the order in which they were added. Delays add up; the first fault that
 * refuses a call or loses its reply is the last one asked.
 *
 * <p>Not thread-safe: confine it to a thread or guard it with one lock.
 */
public final class FaultRules {
  private static final int KEPT_MAX = 1_000;

  private final List<Active> active = new ArrayList<>();
  private long lastId;

  /** A fault with its own chance and count. */
  private static final class Active {
    final long id;
    final Fault fault;
    final SplittableRandom random;
    long strikes;

    Active(long id, Fault fault) {
      this.id = id;
      this.fault = fault;
      this.random = new SplittableRandom(fault.seed());
    }

    boolean strikes(FaultCall call) {
      if (strikes >= fault.strikesMax() || !fault.scope().takes(call)) {
        return false;
      }
      if (fault.probability() < 1 && random.nextDouble() >= fault.probability()) {
        return false;
      }
      strikes++;
      return true;
    }

    FaultReport report() {
      return new FaultReport(id, fault, strikes);
    }
  }

  /**
   * Puts a fault in force, after those there are.
   *
   * @return its id
   * @throws IllegalStateException when there are 1,000 already
   */
  public long add(Fault fault) {
    if (active.size() >= KEPT_MAX) {
      throw new IllegalStateException(
          "At most " + KEPT_MAX + " faults can be in force. Remove those that are spent.");
    }
    active.add(new Active(++lastId, fault));
    return lastId;
  }

  /** All faults, spent ones too, in the order in which they were added. */
  public List<FaultReport> list() {
    return active.stream().map(Active::report).toList();
  }

  /** Takes a fault out of force; false when there is none of this id. */
  public boolean remove(long id) {
    return active.removeIf(one -> one.id == id);
  }

  /** Takes all faults out of force. */
  public void clear() {
    active.clear();
  }

  /** Whether there is nothing to ask. */
  public boolean isEmpty() {
    return active.isEmpty();
  }

  /** What happens to a call. */
  public FaultEffect onCall(FaultCall call) {
    Duration delay = Duration.ZERO;
    for (Active one : active) {
      FaultKind kind = one.fault.kind();
      if (!concerns(kind, call) || !one.strikes(call)) {
        continue;
      }
      Delay more = one.fault.delay();
      if (more != null) {
        delay = delay.plus(more.draw(one.random));
      } else {
        return ending(kind, call, delay);
      }
    }
    return delay.isZero() ? FaultEffect.NONE : new FaultEffect(Outcome.ANSWER, null, delay);
  }

  /**
   * The error of one record of a put, on the shard that it goes to; null for none. Only faults that
   * name the shard are asked; the others were asked about the call as a whole.
   */
  public @Nullable FaultError onRecord(FaultCall call) {
    for (Active one : active) {
      FaultKind kind = one.fault.kind();
      if (kind.refusesRecords() && one.fault.scope().shard() != null && one.strikes(call)) {
        return FaultError.ofRecord(kind, call);
      }
    }
    return null;
  }

  /** What happens to the next event of a subscription, given the call that began it. */
  public SubscriptionEffect onEvent(FaultCall call) {
    for (Active one : active) {
      if (one.fault.kind().strikesEvents() && one.strikes(call)) {
        return one.fault.kind().onEvent();
      }
    }
    return SubscriptionEffect.NONE;
  }

  private static boolean concerns(FaultKind kind, FaultCall call) {
    return !kind.strikesEvents()
        && (kind != FaultKind.EXPIRED_ITERATOR || call.operation().equals("GetRecords"));
  }

  private static FaultEffect ending(FaultKind kind, FaultCall call, Duration delay) {
    return switch (kind.onCall()) {
      case REFUSE -> new FaultEffect(Outcome.REFUSE, FaultError.of(kind, call), delay);
      case RESET, LOSE_REPLY, ANSWER -> new FaultEffect(kind.onCall(), null, delay);
    };
  }
}
