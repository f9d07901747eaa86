package org.openkcl.retrieval;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.lineage.StreamFailure.Kind;
import org.openkcl.retrieval.PollRules.Call;

class PollRulesTest {
  private static final long NOW = Long.MAX_VALUE - 5; // a monotonic clock may be about to wrap
  private static final int MIB = 1024 * 1024;

  private final PollRules rules = new PollRules(PollSettings.DEFAULT);
  private final PollState start = PollState.startingAt(ReadPosition.trimHorizon(), NOW);
  private final PollState open = start.withIterator("i");

  @Test
  void opensThenReadsThenHoldsThenEnds() {
    assertThat(rules.next(start, 0, NOW)).isEqualTo(new Fetch.Open(ReadPosition.trimHorizon()));
    assertThat(rules.next(rules.opened(start, "i"), 1, NOW)).isEqualTo(new Fetch.Read("i"));
    assertThat(rules.next(open, 2, NOW)).isEqualTo(new Fetch.Hold());
    PollState ended = rules.replied(open, reply(0, 0, null), NOW);
    assertThat(rules.next(ended, 2, NOW)).isEqualTo(new Fetch.Done());
  }

  @ParameterizedTest(name = "{0} ms behind, {1} bytes: next read {2} ms after the last one began")
  @CsvSource({
    "    0,        0, 1000", // caught up: the idle interval
    "    0,     1000, 1000",
    "    1,        0,  200", // behind: 5 reads a second
    "60000,   409600,  200", // 400 KiB take 0.2 s of 2 MiB/s
    "60000,  1048576,  500", // 1 MiB takes half a second
    "60000, 10485760, 5000", // 10 MiB take five
    "    0,  4194304, 2000"
  })
  void paceFollowsTheServicesLimits(long behindMillis, long bytes, long expectedMillis) {
    PollState read = rules.replied(open, reply(1, 0, "i"), NOW - ofMillis(200).toNanos());
    PollState state = rules.replied(read, reply(behindMillis, bytes, "j"), NOW);
    assertThat(rules.next(state, 0, NOW)).isEqualTo(new Fetch.Wait(ofMillis(expectedMillis)));
    long then = NOW + ofMillis(expectedMillis).toNanos();
    assertThat(rules.next(state, 0, then - 1)).isEqualTo(new Fetch.Wait(Duration.ofNanos(1)));
    assertThat(rules.next(state, 0, then)).isEqualTo(new Fetch.Read("j"));
  }

  @Test
  void aFirstReadThatFindsNothingIsSoonFollowedByAnother() {
    PollState first = rules.replied(open, reply(0, 0, "j"), NOW);
    assertThat(rules.next(first, 0, NOW)).isEqualTo(new Fetch.Wait(ofMillis(250)));
    PollState second = rules.replied(first, reply(0, 0, "k"), NOW);
    assertThat(rules.next(second, 0, NOW)).isEqualTo(new Fetch.Wait(Duration.ofSeconds(1)));
    PollState found = rules.replied(open, reply(0, 100, "j", "1"), NOW);
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
    state = rules.replied(state, reply(5, 0, "j"), NOW);
    assertThat(waitOf(state, NOW)).isEqualTo(ofMillis(200));
    state = rules.failed(state, Kind.THROTTLED, new Call(NOW, NOW), 0);
    assertThat(waitOf(state, NOW)).isEqualTo(ofMillis(200));
  }

  @Test
  void anExpiredIteratorIsReplacedByOneBehindTheLastRecordRead() {
    PollState state = rules.replied(open, reply(0, 0, "j", "7", "8"), NOW);
    long later = NOW + Duration.ofMinutes(6).toNanos();
    state = rules.failed(state, Kind.EXPIRED_ITERATOR, new Call(later, later), 1);
    assertThat(waitOf(state, later)).isEqualTo(ofMillis(200));
    assertThat(rules.next(state, 0, later + ofMillis(200).toNanos()))
        .isEqualTo(new Fetch.Open(ReadPosition.afterSequenceNumber("8")));
  }

  @Test
  void anIteratorThatExpiresBeforeTheFirstRecordIsOpenedWhereItWas() {
    PollState state = rules.replied(open, reply(0, 0, "j"), NOW);
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
    PollState small = rules.replied(open, reply(0, 100, "j"), NOW);
    assertThat(rules.expectedBytes(small, NOW)).isEqualTo(100);
    assertThat(rules.expectedBytes(small, NOW + Duration.ofSeconds(3).toNanos()))
        .isEqualTo(3 * MIB);
    assertThat(rules.expectedBytes(small, NOW + Duration.ofHours(3).toNanos())).isEqualTo(10 * MIB);
    PollState large = rules.replied(open, reply(9, 7 * MIB, "j"), NOW);
    assertThat(rules.expectedBytes(large, NOW)).isEqualTo(7 * MIB);
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
