package org.openkcl.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aFullBucketHasASecondsWorth() {
    TokenBucket.Reserved first = TokenBucket.full(10, 0).reserve(10, 0);
    assertThat(first.delay()).isZero();
    TokenBucket.Reserved second = first.bucket().reserve(5, 0);
    assertThat(second.delay()).isZero(); // goes into debt
    TokenBucket.Reserved third = second.bucket().reserve(1, 0);
    assertThat(third.delay()).isEqualTo(Duration.ofMillis(500));
    assertThat(third.bucket().reserve(1, 10 * SECOND).delay()).isZero();
  }

  @Test
  void itDoesNotFillBeyondASecondsWorthAndAClockThatGoesBackFillsNothing() {
    TokenBucket bucket = TokenBucket.full(10, 0).reserve(0, 100 * SECOND).bucket();
    assertThat(bucket.level()).isEqualTo(10);
    TokenBucket empty = bucket.reserve(10, 100 * SECOND).bucket();
    assertThat(empty.reserve(0, 50 * SECOND).bucket().level()).isZero();
  }

  @Test
  void anInfiniteRateLetsEverythingPass() {
    TokenBucket bucket = TokenBucket.full(Double.POSITIVE_INFINITY, 0);
    assertThat(bucket.reserve(1e18, 0).bucket().reserve(1e18, 0).delay()).isZero();
  }

  @Test
  void amountsThatWaitAsToldNeverExceedTheRate() {
    SplittableRandom chance = new SplittableRandom(1);
    for (int run = 0; run < 200; run++) {
      double rate = 1 + chance.nextDouble() * 1_000;
      TokenBucket bucket = TokenBucket.full(rate, 0);
      long now = 0;
      double before = 0; // all but the last amount
      double last = 0;
      for (int i = 0; i < 200; i++) {
        now += chance.nextLong(SECOND / 2);
        double amount = chance.nextDouble() * rate * 3;
        TokenBucket.Reserved reserved = bucket.reserve(amount, now);
        bucket = reserved.bucket();
        now += reserved.delay().toNanos();
        before += last;
        last = amount;
        assertThat(before).isLessThanOrEqualTo(rate * (now / 1e9 + 1) + 1e-6 * before);
      }
    }
  }
}
