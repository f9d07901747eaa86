package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.leases.memory.TableFaults;

/**
 * Our workers beside models of Amazon's under faults of all kinds. More seeds with {@code
 * -Dopenkcl.seeds}; one run with {@code -Dopenkcl.seed}.
 */
class MixedStormTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int SEEDS = 60;

  @Test
  void anyOrderOfFaultsAmongWorkersOf3xEndsWithEveryShardRead() {
    storms(AmazonWorker.Mode.ASSIGNED_3X);
  }

  @Test
  void anyOrderOfFaultsAmongWorkersOf2xEndsWithEveryShardRead() {
    storms(AmazonWorker.Mode.TAKER_2X);
  }

  private static void storms(AmazonWorker.Mode mode) {
    Seeds.each(SEEDS, seed -> {
      try (MixedFleet fleet = new MixedFleet(seed, 6)) {
        storm(fleet, mode);
        settle(fleet, mode);
      }
    });
  }

  private static void storm(MixedFleet fleet, AmazonWorker.Mode mode) {
    SplittableRandom chance = fleet.world.chance().split();
    Clocks.upset(fleet.startAmazon("amazon-1", mode, SimulatedFleet.FAILOVER).environment, chance);
    fleet.run(SECOND.multipliedBy(chance.nextInt(40)));
    Clocks.upset(fleet.startAmazon("amazon-2", mode, SimulatedFleet.FAILOVER).environment, chance);
    Clocks.upset(fleet.start("a").environment, chance);
    Clocks.upset(fleet.start("b").environment, chance);
    for (int round = 0; round < 10; round++) {
      fleet.run(Duration.ofMillis(chance.nextInt(12_000)));
      strike(fleet, mode, chance, "n" + round);
    }
    fleet.faults = TableFaults.NONE;
    fleet.run(SECOND.multipliedBy(26)); // the last freeze and the last cut are over
  }

  private static void strike(
      MixedFleet fleet, AmazonWorker.Mode mode, SplittableRandom chance, String newcomer) {
    List<SimulatedFleet.Worker> ours =
        fleet.workers.values().stream().filter(SimulatedFleet.Worker::isServing).toList();
    List<AmazonWorker> theirs =
        fleet.amazons.values().stream().filter(AmazonWorker::isServing).toList();
    SimulatedFleet.Worker victim = ours.get(chance.nextInt(ours.size()));
    boolean hitsTheirs = !theirs.isEmpty() && chance.nextBoolean();
    AmazonWorker amazon = hitsTheirs ? theirs.get(chance.nextInt(theirs.size())) : null;
    SimulatedEnvironment process = amazon != null ? amazon.environment : victim.environment;
    switch (chance.nextInt(9)) {
      case 0 -> {
        if (amazon != null) {
          amazon.environment.crash();
        } else if (ours.size() > 1) {
          victim.environment.crash();
        }
      }
      case 1 -> freeze(fleet, process, chance);
      case 2 -> {
        if (hitsTheirs) {
          fleet.startAmazon("amazon-" + newcomer, mode, SimulatedFleet.FAILOVER);
        } else {
          Clocks.upset(fleet.start(newcomer).environment, chance);
        }
      }
      case 3 -> {
        if (amazon != null) {
          amazon.stop();
        } else if (ours.size() > 1) {
          victim.stop();
        }
      }
      case 4 -> fleet.faults = new TableFaults(Duration.ofMillis(80), 0.2, 0.1, 0.2);
      case 5 -> fleet.drainTime = SECOND.multipliedBy(chance.nextInt(1, 60));
      case 6 ->
        fleet.cutOff(
            amazon != null ? amazon.id : victim.id,
            SimulatedFleet.Cut.any(chance),
            Duration.ofMillis(chance.nextInt(25_000)));
      case 7 -> Clocks.jump(process, chance);
      default -> fleet.faults = TableFaults.NONE;
    }
  }

  private static void freeze(
      MixedFleet fleet, SimulatedEnvironment victim, SplittableRandom chance) {
    Duration frozen = Duration.ofMillis(chance.nextInt(25_000));
    boolean suspended = chance.nextBoolean();
    victim.freeze();
    fleet.world.schedule(frozen, () -> {
      if (suspended) {
        victim.delayMonotonicClock(frozen);
      }
      victim.thaw();
    });
  }

  /** What must hold after faults have stopped. */
  private static void settle(MixedFleet fleet, AmazonWorker.Mode mode) {
    fleet.drainTime = SECOND;
    assertThat(fleet.runUntil(() -> fleet.isShared(6), SECOND.multipliedBy(150)))
        .as("every shard has one reader: %s, leaders %s", fleet.shares(), fleet.leaders())
        .isTrue();
    fleet.run(SECOND.multipliedBy(200)); // the lock of a dead leader has run out by now
    assertThat(fleet.longestOverlap).as("overlap").isLessThan(SECOND.multipliedBy(13));
    assertThat(fleet.leaders().size()).isLessThanOrEqualTo(1);
    fleet.resetFigures();
    fleet.run(SECOND.multipliedBy(120));
    assertThat(fleet.longestDarkness)
        .as("darkness, %s, leaders %s", fleet.shares(), fleet.leaders())
        .isLessThan(SECOND.multipliedBy(14));
    assertThat(fleet.longestOverlap).as("overlap when calm").isLessThan(SECOND.multipliedBy(5));
    if (mode == AmazonWorker.Mode.TAKER_2X) {
      assertThat(fleet.sawCheckpointOwner()).isFalse();
    }
    List<String> dark = new ArrayList<>();
    fleet.table.rows().values().stream()
        .filter(row -> row.ownership().checkpointOwner() != null)
        .forEach(row -> dark.add(row.key().value()));
    assertThat(dark).as("handoffs left behind").isEmpty();
  }
}
