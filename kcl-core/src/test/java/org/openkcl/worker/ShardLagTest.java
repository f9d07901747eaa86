package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Checkpoint;

class ShardLagTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final ShardLag lag = new ShardLag(at(0));

  private static Instant at(long seconds) {
    return START.plusSeconds(seconds);
  }

  private static Checkpoint end(int number) {
    return Checkpoint.at(Integer.toString(number));
  }

  @Test
  void nothingWaitsInAShardThatIsCaughtUp() {
    lag.heard(at(10), 0, false);
    assertThat(lag.since(Checkpoint.TRIM_HORIZON, at(11))).isNull();
  }

  @Test
  void theOldestBatchThatIsNotCheckpointedCounts() {
    lag.heard(at(10), 0, false);
    lag.came(end(5), at(8));
    lag.came(end(9), at(9));
    assertThat(lag.since(Checkpoint.TRIM_HORIZON, at(500))).isEqualTo(at(8));
    assertThat(lag.since(end(4), at(500))).isEqualTo(at(8));
    assertThat(lag.since(end(5), at(500))).isEqualTo(at(9));
    assertThat(lag.since(end(9), at(11))).isNull();
  }

  @Test
  void aBatchThatComesAgainIsNoOther() {
    lag.came(end(5), at(8));
    lag.came(end(5), at(8));
    lag.came(end(3), at(2));
    assertThat(lag.since(end(5), at(9))).isNull();
  }

  @Test
  void whatIsInTheStreamAndNotReadYetCountsToo() {
    lag.heard(at(100), 40_000, false);
    lag.came(end(5), at(50));
    assertThat(lag.since(end(5), at(100))).isEqualTo(at(60));
  }

  @Test
  void aShardThatIsNotReadIsBehindSinceItWasLastKnownToBeCaughtUp() {
    lag.heard(at(10), 0, false);
    assertThat(lag.since(Checkpoint.TRIM_HORIZON, at(24))).isNull();
    assertThat(lag.since(Checkpoint.TRIM_HORIZON, at(25))).isEqualTo(at(10));
    lag.heard(at(60), 0, false);
    assertThat(lag.since(Checkpoint.TRIM_HORIZON, at(61))).isNull();
  }

  @Test
  void oneThatWasNeverReadIsBehindSinceItCame() {
    assertThat(lag.since(Checkpoint.TRIM_HORIZON, at(14))).isNull();
    assertThat(lag.since(Checkpoint.TRIM_HORIZON, at(15))).isEqualTo(at(0));
  }

  @Test
  void nothingMoreComesBehindTheEnd() {
    lag.heard(at(10), 0, true);
    lag.came(end(5), at(8));
    assertThat(lag.since(end(4), at(1_000))).isEqualTo(at(8));
    assertThat(lag.since(end(5), at(1_000))).isNull();
    assertThat(lag.since(Checkpoint.SHARD_END, at(1_000))).isNull();
  }

  @Test
  void manyBatchesAreKeptAsFewThatAreNeverTooYoung() {
    int all = 100_000;
    for (int i = 0; i < all; i++) {
      lag.came(end(i), at(i));
    }
    for (int acknowledged = 0; acknowledged < all - 1; acknowledged += 777) {
      assertThat(lag.since(end(acknowledged), at(all))).isBeforeOrEqualTo(at(acknowledged + 1));
    }
    lag.heard(at(all), 0, false);
    assertThat(lag.since(end(all - 1), at(all))).isNull();
  }
}
