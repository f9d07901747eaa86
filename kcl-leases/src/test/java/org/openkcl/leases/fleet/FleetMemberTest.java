package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseWriter;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.WorkerRecord;
import org.openkcl.leases.memory.TableFaults;

class FleetMemberTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void aSingleWorkerHoldsEverythingWithinASecond() {
    try (SimulatedFleet fleet = new SimulatedFleet(1, 64)) {
      fleet.start("a");
      assertThat(fleet.runUntil(fleet::isBalanced, SECOND)).isTrue();
    }
  }

  @Test
  void aNewcomerGetsItsShareWithinFiveSecondsAndNothingIsDarkOrMovesTwice() {
    try (SimulatedFleet fleet = new SimulatedFleet(1, 64)) {
      fleet.start("a");
      fleet.run(Duration.ofSeconds(20));
      fleet.start("b");
      assertThat(fleet.runUntil(fleet::isBalanced, Duration.ofMillis(100))).isFalse();
      assertThat(fleet.runUntil(fleet::isBalanced, Duration.ofSeconds(5))).isTrue();
      fleet.run(Duration.ofMinutes(2));
      assertThat(fleet.handovers).hasSize(32);
      assertThat(fleet.lost).isEmpty();
    }
  }

  @Test
  void nothingIsMovedToAWorkerThatMayStillBeStarting() {
    try (SimulatedFleet fleet = new SimulatedFleet(1, 8)) {
      fleet.start("a");
      fleet.run(Duration.ofSeconds(20));
      Instant now = fleet.worker("a").environment.now();
      fleet.table.coordination().putWorker(new WorkerRecord("b", 1, false, now));
      fleet.run(SECOND.multipliedBy(2));
      assertThat(fleet.handovers).isEmpty();
      fleet.table.coordination().putWorker(new WorkerRecord("b", 2, false, now));
      fleet.run(SECOND);
      assertThat(fleet.handovers).hasSize(4);
    }
  }

  // P9, R5: up to 256 leases; whoever of how many dies.
  @Test
  void aCrashedWorkersLeasesAreTakenWithinTheFailoverTimePlusOneSecond() {
    takeOver(64, 2, 50);
    takeOver(64, 4, 20);
    takeOver(256, 2, 12);
    takeOver(256, 4, 12);
  }

  private static void takeOver(int leases, int workers, int seeds) {
    for (long seed = 0; seed < seeds; seed++) {
      try (SimulatedFleet fleet = new SimulatedFleet(seed, leases)) {
        IntStream.range(0, workers).forEach(n -> fleet.start("worker-" + n));
        fleet.run(Duration.ofSeconds(20).plusMillis(seed * 131));
        assertThat(fleet.isBalanced()).as("seed %d: %s", seed, fleet.shares()).isTrue();
        fleet.worker("worker-1").environment.crash();
        assertThat(fleet.runUntil(fleet::isEverythingRead, SimulatedFleet.FAILOVER.plus(SECOND)))
            .as("%d leases, %d workers, seed %d: %s", leases, workers, seed, fleet.shares())
            .isTrue();
        fleet.run(SECOND.multipliedBy(15));
        assertThat(fleet.isBalanced()).as("seed %d: %s", seed, fleet.shares()).isTrue();
        assertThat(fleet.lost).isEmpty();
      }
    }
  }

  @Test
  void aWorkerThatLeavesHandsOverWithinTwoThirdsOfASecond() {
    for (long seed = 0; seed < 50; seed++) {
      try (SimulatedFleet fleet = new SimulatedFleet(seed, 32)) {
        fleet.start("a");
        fleet.start("b");
        fleet.run(Duration.ofSeconds(20));
        fleet.worker("a").stop();
        assertThat(
                fleet.runUntil(() -> fleet.worker("b").deliverable() == 32, Duration.ofMillis(666)))
            .as("seed %d", seed)
            .isTrue();
        assertThat(fleet.lost).isEmpty();
      }
    }
  }

  @Test
  void twoOfThreeThatLeaveTogetherLeaveNothingBehind() {
    for (long seed = 0; seed < 100; seed++) {
      try (SimulatedFleet fleet = new SimulatedFleet(seed, 30)) {
        List.of("a", "b", "c").forEach(fleet::start);
        fleet.run(Duration.ofSeconds(20));
        fleet.worker("a").stop();
        fleet.worker("b").stop();
        assertThat(
                fleet.runUntil(() -> fleet.worker("c").deliverable() == 30, SECOND.multipliedBy(3)))
            .as("seed %d", seed)
            .isTrue();
      }
    }
  }

  @Test
  void aFrozenWorkerDeliversNothingAfterItsLeasesMayHaveExpired() {
    try (SimulatedFleet fleet = new SimulatedFleet(3, 16)) {
      fleet.start("a");
      fleet.start("b");
      fleet.run(Duration.ofSeconds(20));
      SimulatedFleet.Worker a = fleet.worker("a");
      a.environment.freeze();
      fleet.run(Duration.ofSeconds(30));
      a.environment.delayMonotonicClock(Duration.ofSeconds(30)); // it was suspended
      a.environment.thaw();
      assertThat(a.deliverable()).isZero();
      assertThat(fleet.runUntil(fleet::isBalanced, Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void twoProcessesWithOneWorkerIdDoNotBothDeliver() {
    try (SimulatedFleet fleet = new SimulatedFleet(5, 4)) {
      SimulatedFleet.Worker first = fleet.start("a");
      fleet.run(Duration.ofSeconds(15));
      fleet.workers.put("a (first)", first);
      fleet.start("a");
      fleet.run(Duration.ofMinutes(2)); // the invariant is checked after every event
      assertThat(first.deliverable() + fleet.worker("a").deliverable()).isEqualTo(4);
    }
  }

  @Test
  void aDeletedItemIsLostAndOtherLeasesAreNot() {
    try (SimulatedFleet fleet = new SimulatedFleet(5, 4)) {
      fleet.start("a");
      fleet.run(Duration.ofSeconds(5));
      fleet.table.remove(new LeaseKey("shard-02"));
      fleet.run(Duration.ofSeconds(10));
      assertThat(fleet.lost).hasSize(1).first().asString().contains("shard-02").contains("deleted");
      assertThat(fleet.worker("a").deliverable()).isEqualTo(3);
    }
  }

  @Test
  void whatALeaderOfAnotherLibraryGaveAwayIsTakenAtOnceThoughItsFormerHolderIsNamed() {
    try (SimulatedFleet fleet = new SimulatedFleet(5, 2)) {
      fleet.start("a");
      fleet.run(Duration.ofSeconds(5));
      SimulatedFleet.Worker b = fleet.start("b");
      fleet.run(Duration.ofSeconds(15));
      assertThat(b.deliverable()).isEqualTo(1);
      fleet.worker("a").environment.crash();
      LeaseKey key = b.member.held().iterator().next().key().equals(new LeaseKey("shard-00"))
          ? new LeaseKey("shard-01")
          : new LeaseKey("shard-00");
      give(fleet, key, "b", fleet.row(key).ownership().writer());
      assertThat(fleet.runUntil(() -> b.deliverable() == 2, SECOND)).isTrue();
    }
  }

  @Test
  void whatWasGivenToOneOfOursThatDiedIsFreeAfterTheFailoverTimeForThoseWhoComeLater() {
    try (SimulatedFleet fleet = new SimulatedFleet(5, 2)) {
      fleet.start("a");
      fleet.run(Duration.ofSeconds(5));
      fleet.worker("a").environment.crash();
      give(fleet, new LeaseKey("shard-00"), "dead", LeaseWriter.awaited("dead"));
      SimulatedFleet.Worker late = fleet.start("late");
      assertThat(
              fleet.runUntil(() -> late.deliverable() == 2, SimulatedFleet.FAILOVER.plus(SECOND)))
          .isTrue();
    }
  }

  /** As Amazon's leader does it: the counter moves, and what it does not know stays. */
  private static void give(
      SimulatedFleet fleet, LeaseKey key, String worker, @Nullable String writer) {
    Lease now = fleet.row(key);
    fleet.table.put(new Lease(
        key,
        new Ownership(worker, null, now.counter() + 1, 0, writer),
        now.progress(),
        now.shard()));
  }

  @Test
  void aHandoffBegunByAnotherLibraryEndsWithItsSuccessor() {
    try (SimulatedFleet fleet = new SimulatedFleet(5, 2)) {
      fleet.start("a");
      fleet.run(Duration.ofSeconds(5));
      LeaseKey key = new LeaseKey("shard-01");
      var now = fleet.row(key);
      fleet.table.put(new org.openkcl.leases.Lease(
          key,
          new org.openkcl.leases.Ownership(
              "amazon", "a", now.counter(), 0, now.ownership().writer()),
          now.progress(),
          now.shard()));
      fleet.run(Duration.ofSeconds(6));
      assertThat(fleet.handovers).hasSize(1).first().asString().contains("amazon");
      assertThat(fleet.row(key).owner()).isEqualTo("amazon");
      assertThat(fleet.row(key).ownership().checkpointOwner()).isNull();
    }
  }

  @Test
  void progressIsStoredInOrderOneWriteAtATime() {
    try (SimulatedFleet fleet = new SimulatedFleet(9, 1)) {
      SimulatedFleet.Worker a = fleet.start("a");
      fleet.run(SECOND);
      HeldLease lease = a.member.held().iterator().next();
      fleet.faults = new TableFaults(Duration.ofMillis(50), 0.3, 0.1, 0.2);
      int[] stored = {0};
      a.loop.execute(() -> IntStream.rangeClosed(1, 20)
          .forEach(n -> a.loop.schedule(
              Duration.ofMillis(n * 10L),
              () -> lease
                  .commit(Progress.at(Checkpoint.at(String.valueOf(n))))
                  .whenComplete(
                      (outcome, failure) -> stored[0] += outcome.match(s -> 1, l -> 0, f -> 0)))));
      fleet.run(Duration.ofSeconds(9));
      fleet.faults = TableFaults.NONE;
      fleet.run(Duration.ofSeconds(20));
      assertThat(stored[0]).isPositive();
      assertThat(fleet.row(lease.key()).checkpoint().sequenceNumber()).isEqualTo("20");
    }
  }

  @Test
  void aLostReplyFollowedByADenialProvesNoMoreThanItsEffectAndIsNotHammered() {
    try (SimulatedFleet fleet = new SimulatedFleet(9, 1)) {
      SimulatedFleet.Worker a = fleet.start("a");
      fleet.run(SECOND);
      HeldLease lease = a.member.held().iterator().next();
      long counter = fleet.row(lease.key()).counter();
      fleet.faults = new TableFaults(Duration.ofMillis(10), 0, 0, 1);
      fleet.runUntil(() -> fleet.row(lease.key()).counter() > counter, Duration.ofSeconds(5));
      long effectNanos = fleet.world.nanoTime();
      fleet.faults = new TableFaults(Duration.ofMillis(10), 0, 0, 0, 1);
      fleet.requests = 0;
      fleet.run(Duration.ofSeconds(12)); // the reply times out and every later attempt is denied
      assertThat(fleet.requests).isBetween(3, 20);
      assertThat(lease.mayDeliver()).isFalse();
      fleet.faults = TableFaults.NONE;
      assertThat(fleet.runUntil(() -> lease.lease().counter() > counter, Duration.ofSeconds(5)))
          .isTrue();
      assertThat(lease.deliveryWindow().untilNanos())
          .isLessThanOrEqualTo(effectNanos + Duration.ofMillis(9_500).toNanos());
    }
  }

  // P17: throttling delays writes; it is no reason to give a lease up.
  @Test
  void aThrottledTableLosesNoLease() {
    for (long seed = 0; seed < 20; seed++) {
      try (SimulatedFleet fleet = new SimulatedFleet(seed, 8)) {
        fleet.start("a");
        fleet.start("b");
        fleet.run(SECOND.multipliedBy(15));
        fleet.faults = new TableFaults(Duration.ofMillis(20), 0.5, 0, 0);
        fleet.run(SECOND.multipliedBy(60));
        assertThat(fleet.lost).as("leases lost to throttling, seed %d", seed).isEmpty();
        assertThat(fleet.isBalanced()).as("seed %d", seed).isTrue();
      }
    }
  }

  // Its writes arrive and it hears of nothing, so it must not look as if it could be given leases.
  @Test
  void aWorkerThatHearsNoRepliesIsGivenNothingUntilItDoes() {
    for (long seed = 0; seed < 10; seed++) {
      try (SimulatedFleet fleet = new SimulatedFleet(seed, 12)) {
        List.of("a", "b", "deaf").forEach(fleet::start);
        fleet.run(Duration.ofSeconds(20));
        assertThat(fleet.isBalanced()).as("seed %d", seed).isTrue();
        Duration deafness = Duration.ofMinutes(3);
        fleet.cutOff("deaf", SimulatedFleet.Cut.NO_REPLIES, deafness);
        fleet.run(Duration.ofSeconds(30));
        Map<LeaseKey, String> owners = owners(fleet);
        assertThat(owners).as("seed %d", seed).doesNotContainValue("deaf");
        assertThat(fleet.isEverythingRead()).as("seed %d", seed).isTrue();
        fleet.run(deafness.minusSeconds(31));
        assertThat(owners(fleet)).as("seed %d", seed).isEqualTo(owners);
        assertThat(fleet.runUntil(fleet::isBalanced, Duration.ofSeconds(20)))
            .as("seed %d: %s", seed, fleet.picture())
            .isTrue();
      }
    }
  }

  private static Map<LeaseKey, String> owners(SimulatedFleet fleet) {
    Map<LeaseKey, String> owners = new HashMap<>();
    fleet.table.rows().forEach((key, row) -> owners.put(key, String.valueOf(row.owner())));
    return owners;
  }

  @Test
  void anyOrderOfFaultsEndsInABalancedFleetThatStaysCalm() {
    Seeds.each(200, seed -> {
      try (SimulatedFleet fleet = new SimulatedFleet(seed, 12)) {
        storm(fleet);
        assertThat(fleet.runUntil(fleet::isBalanced, Duration.ofSeconds(40)))
            .as("balanced again: %s", fleet.picture())
            .isTrue();
        fleet.run(Duration.ofSeconds(10));
        int moves = fleet.handovers.size();
        fleet.run(Duration.ofMinutes(3));
        assertThat(fleet.handovers).as("calm").hasSize(moves);
      }
    });
  }

  private static void storm(SimulatedFleet fleet) {
    SplittableRandom chance = fleet.world.chance().split();
    List.of("a", "b", "c").forEach(id -> Clocks.upset(fleet.start(id).environment, chance));
    for (int round = 0; round < 12; round++) {
      fleet.run(Duration.ofMillis(chance.nextInt(8_000)));
      strike(fleet, chance, "n" + round);
    }
    fleet.faults = TableFaults.NONE;
    fleet.run(Duration.ofSeconds(26)); // the last freeze and the last cut are over
  }

  private static void strike(SimulatedFleet fleet, SplittableRandom chance, String newcomer) {
    List<SimulatedFleet.Worker> serving =
        fleet.workers.values().stream().filter(SimulatedFleet.Worker::isServing).toList();
    SimulatedFleet.Worker victim = serving.get(chance.nextInt(serving.size()));
    Duration time = Duration.ofMillis(chance.nextInt(25_000));
    switch (chance.nextInt(8)) {
      case 0 -> {
        if (serving.size() > 1) {
          victim.environment.crash();
        }
      }
      case 1 -> {
        boolean suspended = chance.nextBoolean();
        victim.environment.freeze();
        fleet.world.schedule(time, () -> {
          if (suspended) {
            victim.environment.delayMonotonicClock(time);
          }
          victim.environment.thaw();
        });
      }
      case 2 -> Clocks.upset(fleet.start(newcomer).environment, chance);
      case 3 -> {
        if (serving.size() > 1) {
          victim.stop();
        }
      }
      case 4 -> fleet.faults = new TableFaults(Duration.ofMillis(80), 0.2, 0.1, 0.2);
      case 5 -> fleet.cutOff(victim.id, SimulatedFleet.Cut.any(chance), time);
      case 6 -> Clocks.jump(victim.environment, chance);
      default -> fleet.faults = TableFaults.NONE;
    }
  }
}
