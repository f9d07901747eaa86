package org.openkcl.retrieval;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.lineage.StreamFailure.Kind;
import org.openkcl.retrieval.PollRules.Call;

class PollRulesTest {
  private static final long NOW = ofMillis(-100).toNanos(); // a monotonic clock may be below zero
  private static final int MIB = 1024 * 1024;
  private static final Call AT_ONCE = new Call(NOW, NOW);

  private final PollRules rules = new PollRules(PollSettings.DEFAULT);
  private final PollState start = PollState.startingAt(ReadPosition.trimHorizon(), NOW);
  private final PollState open = start.withIterator("i");

  @Test
  void opensThenReadsThenHoldsThenEnds() {
    assertThat(rules.next(start, 0, NOW)).isEqualTo(new Fetch.Open(ReadPosition.trimHorizon()));
    assertThat(rules.next(rules.opened(start, "i"), 1, NOW)).isEqualTo(new Fetch.Read("i"));
    assertThat(rules.next(open, 2, NOW)).isEqualTo(new Fetch.Hold());
    PollState ended = rules.replied(open, reply(0, 0, null), AT_ONCE, 0);
    assertThat(rules.next(ended, 2, NOW)).isEqualTo(new Fetch.Done());
  }

  @ParameterizedTest(name = "{0} ms behind, {1} bytes: next read {2} ms after the last one began")
  @CsvSource({
    "    0,        0, 1000", // caught up: the idle interval
    "    0,     1000, 1000",
    "    1,        0,  210", // behind: nearly 5 reads a second
    "60000,   419430,  210", // 0.4 MiB take 0.2 s of 2 MiB/s
    "60000,  2097152, 1005", // 2 MiB take a second, and a little more
    "60000, 10485760, 5025",
    "    0,  4194304, 2010"
  })
  void paceFollowsTheServicesLimits(long behindMillis, long bytes, long expectedMillis) {
    PollState read = rules.replied(open, reply(1, 0, "i"), AT_ONCE, 0);
    PollState state = rules.replied(read, reply(behindMillis, bytes, "j"), AT_ONCE, 0);
    assertThat(rules.next(state, 0, NOW)).isEqualTo(new Fetch.Wait(ofMillis(expectedMillis)));
    long then = NOW + ofMillis(expectedMillis).toNanos();
    assertThat(rules.next(state, 0, then - 1)).isEqualTo(new Fetch.Wait(Duration.ofNanos(1)));
    assertThat(rules.next(state, 0, then)).isEqualTo(new Fetch.Read("j"));
  }

  @Test
  void aLargeReplyCountsFromWhenItCameAndASmallOneFromWhenItWasAskedFor() {
    Call slow = new Call(NOW, NOW + ofMillis(300).toNanos());
    PollState large = rules.replied(open, reply(9, 10 * MIB, "j"), slow, 0);
    assertThat(waitOf(large, NOW)).isEqualTo(ofMillis(5_325));
    PollState small = rules.replied(open, reply(9, MIB / 2, "j"), slow, 0);
    assertThat(waitOf(small, NOW)).isEqualTo(ofMillis(255));
  }

  @Test
  void limitsOfOnesOwnTakeThePlaceOfTheServices() {
    PollRules half = new PollRules(PollSettings.DEFAULT.withLimits(new ReadLimits(2.5, MIB)));
    assertThat(waitOf(half.replied(open, reply(9, 0, "j"), AT_ONCE, 0), NOW))
        .isEqualTo(ofMillis(420));
    assertThat(waitOf(half.replied(open, reply(9, 2 * MIB, "j"), AT_ONCE, 0), NOW))
        .isEqualTo(ofMillis(2_010));
    PollRules none = new PollRules(
        PollSettings.DEFAULT.withLimits(new ReadLimits(Double.MAX_VALUE, Long.MAX_VALUE)));
    assertThat(waitOf(none.replied(open, reply(9, 10 * MIB, "j"), AT_ONCE, 0), NOW))
        .isZero();
    assertThat(waitOf(none.replied(open, reply(0, 9, "j", "1"), AT_ONCE, 0), NOW))
        .as("caught up")
        .isEqualTo(ofSeconds(1));
    assertThatThrownBy(() -> new ReadLimits(0, MIB)).hasMessageContaining("readLimits must be");
  }

  @Test
  void aFirstReadThatFindsNothingIsSoonFollowedByAnother() {
    PollState first = rules.replied(open, reply(0, 0, "j"), AT_ONCE, 0);
    assertThat(rules.next(first, 0, NOW)).isEqualTo(new Fetch.Wait(ofMillis(250)));
    PollState second = rules.replied(first, reply(0, 0, "k"), AT_ONCE, 0);
    assertThat(rules.next(second, 0, NOW)).isEqualTo(new Fetch.Wait(Duration.ofSeconds(1)));
    PollState found = rules.replied(open, reply(0, 100, "j", "1"), AT_ONCE, 0);
    assertThat(rules.next(found, 0, NOW)).isEqualTo(new Fetch.Wait(Duration.ofSeconds(1)));
  }

  @ParameterizedTest(name = "after {0} failures: {1} to {2} ms")
  @CsvSource({
    "1,   200,   300",
    "2,   400,   600",
    "3,   800,  1200",
    "6,  6400,  9600",
    "7,  6666, 10000",
    "99, 6666, 10000"
  })
  void backOffDoublesToTenSecondsWithJitter(int failures, long leastMillis, long mostMillis) {
    for (Kind kind : List.of(Kind.THROTTLED, Kind.UNAVAILABLE)) {
      assertThat(waitAfter(failures, kind, 0)).isEqualTo(leastMillis);
      assertThat(waitAfter(failures, kind, 1)).isEqualTo(mostMillis);
    }
  }

  private long waitAfter(int failures, Kind kind, double chance) {
    PollState state = open;
    for (int i = 0; i < failures; i++) {
      state = rules.failed(state, kind, new Call(NOW, NOW), chance);
    }
    assertThat(state.iterator()).isEqualTo("i");
    return waitOf(state, NOW).toMillis();
  }

  @Test
  void backOffCountsFromTheEndOfACallThatTookLong() {
    long ended = NOW + Duration.ofSeconds(30).toNanos();
    PollState state = rules.failed(open, Kind.UNAVAILABLE, new Call(NOW, ended), 0);
    assertThat(waitOf(state, ended)).isEqualTo(ofMillis(200));
  }

  @Test
  void oneGoodReadEndsTheBackOff() {
    PollState state = open;
    for (int i = 0; i < 9; i++) {
      state = rules.failed(state, Kind.THROTTLED, new Call(NOW, NOW), 1);
    }
    state = rules.replied(state, reply(5, 0, "j"), AT_ONCE, 0);
    assertThat(waitOf(state, NOW)).isLessThan(ofMillis(2100));
    state = rules.failed(state, Kind.THROTTLED, new Call(NOW, NOW), 0);
    assertThat(waitOf(state, NOW)).isEqualTo(ofMillis(200));
  }

  @Test
  void idleReadsAreSpreadAndMostOfAllTheThird() {
    PollState first = rules.replied(open, reply(0, 0, "j", "1"), AT_ONCE, 1);
    assertThat(waitOf(first, NOW)).isEqualTo(ofMillis(950));
    PollState second = rules.replied(first, reply(0, 0, "k"), AT_ONCE, 0.5);
    assertThat(waitOf(second, NOW)).isEqualTo(ofMillis(600));
    assertThat(waitOf(rules.replied(first, reply(0, 0, "k"), AT_ONCE, 1), NOW))
        .isEqualTo(ofMillis(210));
    assertThat(waitOf(rules.replied(second, reply(0, 0, "l"), AT_ONCE, 1), NOW))
        .isEqualTo(ofMillis(950));
    assertThat(waitOf(rules.replied(second, reply(0, 0, "l"), AT_ONCE, 0), NOW))
        .isEqualTo(ofSeconds(1));
  }

  @Test
  void shardsThatAreDueWithinAMomentAreReadTogether() {
    PollState read = rules.replied(open, reply(1, 0, "i"), AT_ONCE, 0);
    for (int late = 0; late < 25; late++) {
      long began = NOW + ofMillis(late).toNanos();
      PollState state = rules.replied(read, reply(0, 0, "j"), new Call(began, began), 0);
      assertThat(waitOf(state, NOW)).isEqualTo(ofSeconds(1));
    }
    long wrapping = Long.MAX_VALUE - 5;
    PollState state = rules.replied(read, reply(0, 0, "j"), new Call(wrapping, wrapping), 0);
    assertThat(waitOf(state, wrapping)).isBetween(ofMillis(975), ofSeconds(1));
  }

  @Test
  void refusalsSpaceReadsWiderAndGrantedReadsCloserAgain() {
    PollState crowded = rules.failed(open, Kind.THROTTLED, new Call(NOW, NOW), 0);
    PollState state = rules.replied(crowded, reply(9, 0, "j"), AT_ONCE, 0);
    assertThat(waitOf(state, NOW)).isBetween(ofMillis(390), ofMillis(391));
    state = rules.failed(state, Kind.THROTTLED, new Call(NOW, NOW), 0);
    state = rules.replied(state, reply(9, 0, "k"), AT_ONCE, 0);
    assertThat(waitOf(state, NOW)).isBetween(ofMillis(726), ofMillis(727));
    int reads = 0;
    while (!waitOf(state, NOW).equals(ofMillis(210))) {
      state = rules.replied(state, reply(9, 0, "j"), AT_ONCE, 0);
      reads++;
    }
    assertThat(reads).isBetween(10, 25);
  }

  @Test
  void refusalsInARowSpaceReadsOnce() {
    PollState once = rules.failed(open, Kind.THROTTLED, new Call(NOW, NOW), 0);
    PollState often = once;
    for (int i = 0; i < 3; i++) {
      often = rules.failed(often, Kind.THROTTLED, new Call(NOW, NOW), 0);
    }
    assertThat(waitOf(often, NOW)).isGreaterThan(waitOf(once, NOW));
    assertThat(waitOf(rules.replied(often, reply(9, 0, "j"), AT_ONCE, 0), NOW))
        .isEqualTo(waitOf(rules.replied(once, reply(9, 0, "j"), AT_ONCE, 0), NOW));
  }

  @Test
  void outagesAndExpiredIteratorsSpaceNothing() {
    PollState state = rules.failed(open, Kind.UNAVAILABLE, new Call(NOW, NOW), 0);
    state = rules.failed(state, Kind.EXPIRED_ITERATOR, new Call(NOW, NOW), 0);
    assertThat(waitOf(rules.replied(state, reply(9, 0, "j"), AT_ONCE, 0), NOW))
        .isEqualTo(ofMillis(210));
  }

  @Test
  void spacingEndsAtTenSecondsAndDoesNotShortenAnIdleInterval() {
    PollState state = open;
    for (int i = 0; i < 20; i++) {
      state = rules.replied(state, reply(9, 0, "i"), AT_ONCE, 0);
      state = rules.failed(state, Kind.THROTTLED, new Call(NOW, NOW), 0);
    }
    assertThat(waitOf(rules.replied(state, reply(9, 0, "j"), AT_ONCE, 0), NOW))
        .isBetween(ofMillis(1950), ofMillis(2100));
    assertThat(waitOf(rules.replied(state, reply(9, 10 * MIB, "j"), AT_ONCE, 0), NOW))
        .isBetween(ofMillis(6_024), ofMillis(6_026));
    PollState read = rules.replied(open, reply(1, 0, "j"), AT_ONCE, 0);
    PollState once = rules.failed(read, Kind.THROTTLED, new Call(NOW, NOW), 0);
    assertThat(waitOf(rules.replied(once, reply(0, 0, "j"), AT_ONCE, 0), NOW))
        .isEqualTo(ofSeconds(1));
  }

  /** Two applications that read one shard as fast as they may, at a service with a window a second. */
  @Test
  void applicationsThatShareAShardAreRarelyRefusedAndBothGetOn() {
    SplittableRandom random = new SplittableRandom(3);
    PollState[] states = {open, open};
    int[] granted = {0, 0};
    int refused = 0;
    Deque<Long> lastSecond = new ArrayDeque<>();
    for (long millis = 0; millis < 600_000; millis++) {
      long now = NOW + ofMillis(millis).toNanos();
      for (int app = 0; app < 2; app++) {
        if (waitOf(states[app], now).isZero()) {
          while (!lastSecond.isEmpty() && lastSecond.peek() <= millis - 1_000) {
            lastSecond.remove();
          }
          if (lastSecond.size() < 5) {
            lastSecond.add(millis);
            granted[app]++;
            states[app] = rules.replied(
                states[app], reply(9, 0, "j"), new Call(now, now), random.nextDouble());
          } else {
            refused++;
            states[app] =
                rules.failed(states[app], Kind.THROTTLED, new Call(now, now), random.nextDouble());
          }
        }
      }
    }
    assertThat(granted[0] + granted[1]).as("of 3,000 there are").isGreaterThan(1_800);
    assertThat(Math.min(granted[0], granted[1])).isGreaterThan(700);
    assertThat(refused / (double) (granted[0] + granted[1])).isLessThan(0.15);
  }

  @Test
  void anExpiredIteratorIsReplacedByOneBehindTheLastRecordRead() {
    PollState state = rules.replied(open, reply(0, 0, "j", "7", "8"), AT_ONCE, 0);
    long later = NOW + Duration.ofMinutes(6).toNanos();
    state = rules.failed(state, Kind.EXPIRED_ITERATOR, new Call(later, later), 1);
    assertThat(waitOf(state, later)).isEqualTo(ofMillis(200));
    assertThat(rules.next(state, 0, later + ofMillis(200).toNanos()))
        .isEqualTo(new Fetch.Open(ReadPosition.afterSequenceNumber("8")));
  }

  @Test
  void anIteratorThatExpiresBeforeTheFirstRecordIsOpenedWhereItWas() {
    PollState state = rules.replied(open, reply(0, 0, "j"), AT_ONCE, 0);
    state = rules.failed(state, Kind.EXPIRED_ITERATOR, new Call(NOW, NOW), 0);
    assertThat(state.position()).isEqualTo(ReadPosition.trimHorizon());
    assertThat(state.iterator()).isNull();
  }

  @Test
  void iteratorsThatExpireOverAndOverAreNotReplacedInAHotLoop() {
    PollState state = open;
    for (int i = 0; i < 8; i++) {
      state = rules.failed(state, Kind.EXPIRED_ITERATOR, new Call(NOW, NOW), 0);
    }
    assertThat(waitOf(state, NOW)).isGreaterThan(Duration.ofSeconds(5));
  }

  @Test
  void latestIsAskedForOnceAndThenMeansTheTimeOfThatAsking() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    PollState latest = PollState.startingAt(ReadPosition.latest(), NOW);
    assertThat(rules.next(latest, 0, NOW)).isEqualTo(new Fetch.Open(ReadPosition.latest()));
    PollState opening = rules.opening(latest, now);
    assertThat(opening.position()).isEqualTo(ReadPosition.atTimestamp(now.minusSeconds(10)));
    assertThat(rules.opening(opening, now.plusSeconds(60))).isEqualTo(opening);
  }

  @Test
  void theNextReplyIsExpectedToBeTheLastOneOrWhatArrivedSince() {
    assertThat(rules.expectedBytes(start, NOW)).isEqualTo(10 * MIB);
    PollState small = rules.replied(open, reply(0, 100, "j"), AT_ONCE, 0);
    assertThat(rules.expectedBytes(small, NOW)).isEqualTo(100);
    assertThat(rules.expectedBytes(small, NOW + Duration.ofSeconds(3).toNanos()))
        .isEqualTo(3 * MIB);
    assertThat(rules.expectedBytes(small, NOW + Duration.ofHours(3).toNanos())).isEqualTo(10 * MIB);
    PollState large = rules.replied(open, reply(9, 7 * MIB, "j"), AT_ONCE, 0);
    assertThat(rules.expectedBytes(large, NOW)).isEqualTo(7 * MIB);
  }

  @Test
  void aLargeReplyIsExpectedAgainForAWhile() {
    PollState state = rules.replied(open, reply(9, 8 * MIB, "j"), AT_ONCE, 0);
    state = rules.replied(state, reply(9, 100, "j"), AT_ONCE, 0);
    assertThat(rules.expectedBytes(state, NOW)).isEqualTo(7 * MIB);
    for (int i = 0; i < 100; i++) {
      state = rules.replied(state, reply(9, 100, "j"), AT_ONCE, 0);
    }
    assertThat(rules.expectedBytes(state, NOW)).isLessThan(200);
  }

  @Test
  void asManyRecordsAreAskedForAsTheAllowanceHolds() {
    assertThat(rules.maxRecords(start, Long.MAX_VALUE)).isEqualTo(10_000);
    assertThat(rules.maxRecords(start, 64 * 1024)).as("nothing is known yet").isEqualTo(4);
    PollState small = rules.replied(open, reply(9, 300, "j", "1", "2", "3"), AT_ONCE, 0);
    assertThat(rules.maxRecords(small, 64 * 1024)).isEqualTo(655);
    PollState empty = rules.replied(small, reply(0, 0, "k"), AT_ONCE, 0);
    assertThat(rules.maxRecords(empty, 64 * 1024)).as("as before").isEqualTo(655);
    PollState large = rules.replied(open, reply(9, 10 * MIB, "j", "1"), AT_ONCE, 0);
    assertThat(rules.maxRecords(large, 64 * 1024)).as("one in any case").isEqualTo(1);
    assertThat(rules.maxRecords(large, 10 * MIB)).isEqualTo(10_000);
  }

  @Test
  void anEndWithoutShardsThatFollowIsBelievedOnlyWhenRepeated() {
    ReadReply odd = reply(0, 0, null);
    PollState state = open;
    for (int i = 0; i < 3; i++) {
      assertThat(rules.doubts(state, odd)).isTrue();
      state = rules.failed(state, Kind.UNAVAILABLE, new Call(NOW, NOW), 0);
    }
    assertThat(rules.doubts(state, odd)).isFalse();
    assertThat(rules.doubts(open, reply(0, 0, "j"))).isFalse();
  }

  private Duration waitOf(PollState state, long nowNanos) {
    return rules
        .next(state, 0, nowNanos)
        .match(
            opened -> Duration.ZERO,
            read -> Duration.ZERO,
            Fetch.Wait::duration,
            () -> Duration.ZERO,
            () -> Duration.ZERO);
  }

  private static ReadReply reply(
      long behindMillis, long bytes, @Nullable String nextIterator, String... sequenceNumbers) {
    return new ReadReply(
        TestRecords.of(sequenceNumbers), nextIterator, behindMillis, List.of(), bytes);
  }
}
