package org.openkcl.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.leases.Checkpoint;
import org.openkcl.lineage.StreamFailure.Kind;
import org.openkcl.retrieval.SubscriptionTurn.Action;

class SubscriptionRulesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final SubscriptionState START =
      SubscriptionState.startingAt(ReadStart.of(Checkpoint.TRIM_HORIZON, null).orElseThrow(), 0);

  @ParameterizedTest(name = "chance {0}: after {1} s")
  @CsvSource({"0, 240", "0.5, 262.5", "1, 285"})
  void renewalsAreSpreadAndLeaveAQuarterOfAMinute(double chance, double seconds) {
    SubscriptionState open = SubscriptionRules.opened(called(START, 0), 0, chance);
    assertThat(SubscriptionRules.isRenewalDue(open, nanos(seconds) - 1)).isFalse();
    assertThat(SubscriptionRules.isRenewalDue(open, nanos(seconds))).isTrue();
  }

  @Test
  void silenceCountsOnlyWhileSomethingIsExpected() {
    SubscriptionState open = SubscriptionRules.opened(called(START, 0), 0, 0);
    assertThat(action(open, true, nanos(100))).isEqualTo(Action.HOLD);
    SubscriptionState asked = SubscriptionRules.requested(open, nanos(100));
    assertThat(action(asked, true, nanos(119))).isEqualTo(Action.WAIT);
    assertThat(action(asked, true, nanos(120))).isEqualTo(Action.ABANDON);
    assertThat(action(called(START, 0), true, nanos(9))).isEqualTo(Action.WAIT);
    assertThat(action(called(START, 0), true, nanos(10))).isEqualTo(Action.ABANDON);
  }

  /** What the service refuses is never asked for: within 1 s of a call, 5 s of a subscription. */
  @ParameterizedTest(name = "{0}, answered: {1}, lasted {2} s, {3} failures: after {4} s")
  @CsvSource({
    "IN_USE,      false, 0,  0,  1.0",
    "IN_USE,      false, 0,  8,  1.0",
    "IN_USE,      false, 0,  10, 4.0",
    "THROTTLED,   false, 0,  0,  1.0",
    "THROTTLED,   false, 0,  1,  2.0",
    "UNAVAILABLE, false, 0,  9,  6.666",
    "IN_USE,      true,  60, 0,  5.0",
    "IN_USE,      true,  1,  0,  5.0",
    "UNAVAILABLE, true,  60, 3,  0",
    "UNAVAILABLE, true,  1,  0,  4.0",
    "UNAVAILABLE, true,  1,  9,  6.666"
  })
  void theNextSubscriptionIsLateEnough(
      Kind kind, boolean answered, long lasted, int failures, double seconds) {
    SubscriptionState before = called(START.disconnected(failures, 0), 0);
    if (answered) {
      before = SubscriptionRules.opened(before, 0, 0);
    }
    SubscriptionState after = SubscriptionRules.failed(before, kind, lasted * SECOND, 0);
    assertThat((after.notBeforeNanos() - lasted * SECOND) / 1e9).isCloseTo(seconds, offset(0.001));
    boolean forgotten = answered && lasted >= 5;
    assertThat(after.failures()).isEqualTo(forgotten ? 1 : failures + 1);
  }

  @Test
  void aChangeOfHandsIsRoutineAndALongFightIsNot() {
    assertThat(SubscriptionRules.isRoutine(START.disconnected(8, 0), Kind.IN_USE))
        .isTrue();
    assertThat(SubscriptionRules.isRoutine(START.disconnected(9, 0), Kind.IN_USE))
        .isFalse();
    assertThat(SubscriptionRules.isRoutine(START.disconnected(1, 0), Kind.THROTTLED))
        .isFalse();
  }

  @Test
  void failuresAreForgottenWhenASubscriptionHasLasted() {
    SubscriptionState open = SubscriptionRules.opened(called(START.disconnected(4, 0), 0), 0, 0);
    SubscriptionEvent event = new SubscriptionEvent(List.of(), "7", 0, List.of(), 0);
    assertThat(SubscriptionRules.received(open, event, List.of(), nanos(1)).failures())
        .isEqualTo(4);
    assertThat(SubscriptionRules.received(open, event, List.of(), nanos(5)).failures())
        .isZero();
  }

  private static SubscriptionState called(SubscriptionState state, long nowNanos) {
    return SubscriptionRules.called(state, NOW, nowNanos);
  }

  private static Action action(SubscriptionState state, boolean wanted, long nowNanos) {
    return SubscriptionRules.next(state, wanted, nowNanos).action();
  }

  private static long nanos(double seconds) {
    return Duration.ofMillis((long) (seconds * 1_000)).toNanos();
  }
}
