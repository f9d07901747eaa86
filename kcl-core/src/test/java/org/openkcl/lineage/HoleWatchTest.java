package org.openkcl.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Lease;
import org.openkcl.leases.ShardFacts;

class HoleWatchTest {
  private static final History DIAMOND = History.drawn("""
      AABBDD
      AACCDD
      EEEEEE
      """);

  @Test
  void unfinishedLeasesThatTakeEveryHashKeyHaveNoHole() {
    for (String leases : List.of(
        "A=10 E=5",
        "A=SHARD_END B=5 C=TRIM_HORIZON E=5",
        "B=SHARD_END C=4 D=TRIM_HORIZON E=5",
        "A=10 B=4 D=3 E=5",
        "D=3 E=LATEST")) {
      assertThat(HoleWatch.NONE.see(leases(leases)).hole()).as(leases).isEmpty();
    }
  }

  @Test
  void aHoleIsConfirmedOnceWhenItWasSeenThreeTimesInARow() {
    HoleWatch watch = HoleWatch.NONE.see(leases("A=10"));
    assertThat(watch.hole()).hasValueSatisfying(text -> assertThat(text).contains("hash keys"));
    assertThat(watch.isConfirmed()).isFalse();
    watch = watch.see(leases("A=10"));
    assertThat(watch.isConfirmed()).isFalse();
    watch = watch.see(leases("A=11"));
    assertThat(watch.isConfirmed()).isTrue();
    watch = watch.see(leases("A=11"));
    assertThat(watch.isConfirmed()).isFalse();
    assertThat(watch.isLasting()).isFalse();
    for (int i = 0; i < HoleWatch.LASTING; i++) {
      watch = watch.see(leases("A=11"));
    }
    assertThat(watch.isLasting()).isTrue();
    assertThat(watch.see(leases("A=11 E=5"))).isEqualTo(HoleWatch.NONE);
  }

  @Test
  void anotherHoleIsCountedAnew() {
    HoleWatch watch = HoleWatch.NONE.see(leases("A=10")).see(leases("A=10"));
    watch = watch.see(leases("B=10 E=5"));
    assertThat(watch.isConfirmed()).isFalse();
    assertThat(watch.times()).isEqualTo(1);
  }

  @Test
  void finishedLeasesLeaveAHoleIfNothingFollowsThem() {
    assertThat(HoleWatch.NONE.see(leases("A=SHARD_END E=5")).hole()).isPresent();
    assertThat(HoleWatch.NONE.see(leases("D=4 E=SHARD_END")).hole()).isPresent();
  }

  @Test
  void withoutLeasesOrWithOnesThatDoNotSayTheirHashKeysNothingIsTold() {
    assertThat(HoleWatch.NONE.see(List.of()).hole()).isEmpty();
    Lease lease = Leases.get(Leases.of(DIAMOND, "A=10"), "A");
    Lease silent = new Lease(
        lease.key(),
        lease.ownership(),
        lease.progress(),
        new ShardFacts(Set.of(), Set.of(), null, null, null));
    assertThat(HoleWatch.NONE.see(List.of(silent)).hole()).isEmpty();
  }

  private static Collection<Lease> leases(String text) {
    Map<String, Lease> leases = Leases.of(DIAMOND, text);
    return leases.values();
  }
}
