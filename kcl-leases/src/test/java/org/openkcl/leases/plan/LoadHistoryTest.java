package org.openkcl.leases.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;

class LoadHistoryTest {
  private static final long SECOND = 1_000_000_000L;
  private static final LeaseKey KEY = new LeaseKey("s");

  private final LoadHistory history = new LoadHistory();

  private static Lease lease(
      String key, @Nullable String owner, ShardFacts facts, @Nullable Double throughput) {
    return new Lease(
        new LeaseKey(key),
        new Ownership(owner, null, 1, 0, null),
        Progress.at(Checkpoint.TRIM_HORIZON),
        facts,
        throughput);
  }

  private void see(long seconds, @Nullable String owner, @Nullable Double throughput) {
    history.see(List.of(lease("s", owner, ShardFacts.NONE, throughput)), seconds * SECOND);
  }

  private @Nullable Double throughput() {
    return history.holding(KEY, "a").throughputKBps();
  }

  private @Nullable Long moved() {
    return history.holding(KEY, "a").movedNanos();
  }

  @Test
  void aPeakOfOneWindowHardlyShows() {
    see(0, "a", 100.0);
    see(60, "a", 100.0);
    see(63, "a", 1_000.0);
    see(66, "a", 100.0);
    assertThat(throughput()).isBetween(100.0, 145.0);
  }

  @Test
  void anotherLoadIsBelievedWithinMinutes() {
    see(0, "a", 100.0);
    for (int second = 3; second <= 270; second += 3) {
      see(second, "a", 1_000.0);
    }
    assertThat(throughput()).isCloseTo(950, within(10.0));
  }

  @Test
  void whatCannotBeTrueIsNotBelieved() {
    see(0, "a", -5.0);
    assertThat(throughput()).isNull();
    see(3, "a", 50.0);
    see(300, "a", Double.POSITIVE_INFINITY);
    assertThat(throughput()).isEqualTo(50.0);
  }

  @Test
  void aLeaseMovesWhenAnotherOwnsItAndNotWhenItIsFirstSeenOrSetFree() {
    see(0, "a", 1.0);
    assertThat(moved()).isNull();
    see(3, null, 1.0);
    assertThat(moved()).isNull();
    see(6, "a", 1.0);
    assertThat(moved()).isNull();
    see(9, "b", 1.0);
    assertThat(moved()).isEqualTo(9 * SECOND);
    see(12, "b", 1.0);
    assertThat(moved()).isEqualTo(9 * SECOND);
    history.moves(KEY, 20 * SECOND);
    assertThat(moved()).isEqualTo(20 * SECOND);
  }

  @Test
  void childrenBeginWithTheirPartOfTheParentsAndGoOnByThemselves() {
    ShardFacts parent = facts("0", "99");
    ShardFacts child =
        new ShardFacts(Set.of("p"), Set.of(), HashKeyRange.of("0", "24"), null, null);
    history.see(List.of(lease("p", "a", parent, 80.0), lease("s", "a", child, null)), 0);
    assertThat(throughput()).isCloseTo(20, within(1.0));
    history.see(List.of(lease("s", "a", child, 40.0)), 3_600 * SECOND);
    assertThat(throughput()).isCloseTo(40, within(0.01));
  }

  @Test
  void aMergedShardBeginsWithWhatBothParentsBrought() {
    ShardFacts child =
        new ShardFacts(Set.of("p", "q"), Set.of(), HashKeyRange.of("0", "199"), null, null);
    history.see(
        List.of(
            lease("p", "a", facts("0", "99"), 30.0),
            lease("q", "a", facts("100", "199"), 12.0),
            lease("s", null, child, null)),
        0);
    assertThat(throughput()).isCloseTo(42, within(1.0));
  }

  @Test
  void aParentThatIsNotKnownMakesNoGuess() {
    ShardFacts child =
        new ShardFacts(Set.of("p", "q"), Set.of(), HashKeyRange.of("0", "199"), null, null);
    history.see(List.of(lease("p", "a", facts("0", "99"), 30.0), lease("s", null, child, null)), 0);
    assertThat(throughput()).isNull();
  }

  private static ShardFacts facts(String starting, String ending) {
    return new ShardFacts(Set.of(), Set.of(), HashKeyRange.of(starting, ending), null, null);
  }
}
