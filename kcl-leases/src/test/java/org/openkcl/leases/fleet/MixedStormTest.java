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
    Long only = Long.getLong("openkcl.seed");
    long first = only == null ? 0 : only;
    long last = only == null ? Integer.getInteger("openkcl.seeds", SEEDS) - 1 : only;
    for (long seed = first; seed <= last; seed++) {
      try (MixedFleet fleet = new MixedFleet(seed, 6)) {
        storm(fleet, mode);
        settle(fleet, mode);
      } catch (AssertionError failure) {
        throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
      }
    }
  }

  private static void storm(MixedFleet fleet, AmazonWorker.Mode mode) {
    SplittableRandom chance = fleet.world.chance().split();
    fleet.startAmazon("amazon-1", mode, SimulatedFleet.FAILOVER);
    fleet.run(SECOND.multipliedBy(chance.nextInt(40)));
    fleet.startAmazon("amazon-2", mode, SimulatedFleet.FAILOVER);
    fleet.start("a");
    fleet.start("b");
    for (int round = 0; round < 10; round++) {
      fleet.run(Duration.ofMillis(chance.nextInt(12_000)));
      strike(fleet, mode, chance, "n" + round);
    }
    fleet.faults = TableFaults.NONE;
    fleet.run(SECOND.multipliedBy(26)); // the last freeze is over
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
    switch (chance.nextInt(7)) {
      case 0 -> {
        if (amazon != null) {
          amazon.environment.crash();
        } else if (ours.size() > 1) {
          victim.environment.crash();
        }
      }
      case 1 -> freeze(fleet, amazon != null ? amazon.environment : victim.environment, chance);
      case 2 -> {
        if (hitsTheirs) {
          fleet.startAmazon("amazon-" + newcomer, mode, SimulatedFleet.FAILOVER);
        } else {
          fleet.start(newcomer);
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
