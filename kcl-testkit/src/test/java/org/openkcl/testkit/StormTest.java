package org.openkcl.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.openkcl.shard.ShardMachine;

final class StormTest {
  @Simulation(seeds = 20)
  void hasThreeFaultsAndASplitOrMergeHoweverShort(Fleet fleet) {
    new Storm(fleet).gather().rage(Duration.ofSeconds(1));
    assertThat(fleet.happenings().faults()).isGreaterThanOrEqualTo(3);
    assertThat(fleet.happenings().reshards()).isPositive();
    fleet.runUntilCalm();
  }

  @Simulation(seeds = 3)
  void whatHappensIsCounted(Fleet fleet) {
    fleet.withShards(2).start("a").produce(5, Duration.ofSeconds(1)).runFor(Duration.ofSeconds(9));
    fleet.split().crash("a").start("b").runUntilCalm();
    Happenings happenings = fleet.happenings();
    assertThat(happenings.count(Happening.START)).isEqualTo(2);
    assertThat(happenings.count(Happening.CRASH)).isOne();
    assertThat(happenings.count(Happening.SPLIT)).isOne();
    assertThat(happenings.faults()).isOne();
    assertThat(happenings.transitions())
        .containsKey(ShardMachine.rows().get(0)); // a child began after its parent
  }
}
