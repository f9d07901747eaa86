package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.ClientVersion;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Migration;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.WorkerMetrics;
import org.openkcl.leases.memory.TableFaults;

/** Our workers beside models of Amazon's; each rule of sharing a table has a test of its name. */
class MixedFleetTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void amazonsWorkersAloneShareTheirLeases() {
    try (MixedFleet fleet = new MixedFleet(1, 16)) {
      fleet.startAmazon3("amazon-1");
      fleet.startAmazon3("amazon-2");
      fleet.run(MINUTE);
      fleet.startAmazon3("amazon-3");
      fleet.startAmazon3("amazon-4");
      fleet.run(Duration.ofMinutes(10));
      assertThat(fleet.isShared(1)).as("%s", fleet.shares()).isTrue();
      assertThat(fleet.sawCheckpointOwner()).isTrue();
    }
    try (MixedFleet fleet = new MixedFleet(1, 16)) {
      fleet.startAmazon2("amazon-1");
      fleet.run(MINUTE);
      fleet.startAmazon2("amazon-2");
      fleet.run(Duration.ofMinutes(10));
      assertThat(fleet.isShared(1)).as("%s", fleet.shares()).isTrue();
      assertThat(fleet.sawCheckpointOwner()).isFalse();
    }
  }

  // R1.
  @Test
  void aLeaseGivenToAnAmazonWorkerIsLeftToItForTwiceTheFailoverTime() {
    for (long seed = 0; seed < 20; seed++) {
      try (MixedFleet fleet = new MixedFleet(seed, 2)) {
        fleet.startAmazon3("amazon");
        fleet.run(MINUTE);
        fleet.start("a");
        assertThat(fleet.runUntil(() -> fleet.isShared(0), MINUTE.multipliedBy(5)))
            .isTrue();
        fleet.run(MINUTE); // long enough to learn how often the Amazon worker renews
        LeaseKey key = fleet.worker("a").member.held().iterator().next().key();
        fleet.amazon("amazon").environment.crash();
        Lease row = fleet.row(key);
        fleet.table.put(new Lease(
            key,
            new Ownership("amazon", null, row.counter() + 1, 0, null),
            row.progress(),
            row.shard()));
        fleet.run(Duration.ofMillis(19_900));
        assertThat(fleet.row(key).owner()).isEqualTo("amazon");
        assertThat(
                fleet.runUntil(() -> fleet.worker("a").deliverable() == 2, SECOND.multipliedBy(3)))
            .as("seed %d", seed)
            .isTrue();
      }
    }
  }

  // R2.
  @Test
  void anyMixOfFailoverTimesTakesNoLeaseFromALiveAmazonWorker() {
    for (long seed = 0; seed < 12; seed++) {
      try (MixedFleet fleet = new MixedFleet(seed, 6)) {
        var chance = fleet.world.chance().split();
        Duration theirs = Duration.ofMillis(chance.nextLong(2_000, 120_001));
        Duration ours = Duration.ofMillis(chance.nextLong(2_000, 120_001));
        fleet.startAmazon("amazon", AmazonWorker.Mode.ASSIGNED_3X, theirs);
        fleet.run(Duration.ofSeconds(chance.nextInt(300)));
        fleet.start(FleetSettings.of("a", ours));
        fleet.run(Duration.ofMinutes(10));
        assertThat(fleet.takenFromLive)
            .as("seed %d: ours %s, theirs %s", seed, ours, theirs)
            .isEmpty();
        fleet.amazon("amazon").environment.crash();
        Duration limit = theirs.multipliedBy(2).plus(ours.multipliedBy(2)).plusSeconds(5);
        assertThat(fleet.runUntil(() -> fleet.worker("a").deliverable() == 6, limit))
            .as("seed %d: ours %s, theirs %s, %s", seed, ours, theirs, fleet.shares())
            .isTrue();
      }
    }
  }

  // R2: of a fleet that was stopped as a whole nobody has seen a renewal.
  @Test
  void aStoppedAmazonFleetsLeasesWaitAsLongAsTheSettingSays() {
    FleetSettings usual = FleetSettings.of("a", SimulatedFleet.FAILOVER);
    waitsForAStoppedFleet(usual, Duration.ofMinutes(2));
    waitsForAStoppedFleet(
        usual.withForeignFailoverLimit(SECOND.multipliedBy(30)), SECOND.multipliedBy(30));
    waitsForAStoppedFleet(usual.withForeignFailoverLimit(SECOND), SimulatedFleet.FAILOVER);
  }

  private static void waitsForAStoppedFleet(FleetSettings settings, Duration wait) {
    try (MixedFleet fleet = new MixedFleet(3, 6)) {
      fleet.startAmazon3("amazon");
      fleet.run(MINUTE);
      fleet.amazon("amazon").stop();
      fleet.run(MINUTE.multipliedBy(5));
      fleet.start(settings);
      fleet.run(wait.minus(SECOND)); // meanwhile its share is taken from them as among 2.x workers
      assertThat(fleet.worker("a").deliverable()).isLessThanOrEqualTo(3);
      assertThat(fleet.runUntil(() -> fleet.worker("a").deliverable() == 6, SECOND.multipliedBy(3)))
          .as("%s", fleet.shares())
          .isTrue();
    }
  }

  @Test
  void aForeignFailoverTimeOutOfRangeIsRefused() {
    FleetSettings usual = FleetSettings.of("a", SimulatedFleet.FAILOVER);
    assertThatThrownBy(() -> usual.withForeignFailoverLimit(Duration.ofMillis(999)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "foreignFailoverTime must be between 1 second and 1 hour: got PT0.999S");
    assertThatThrownBy(() -> usual.withForeignFailoverLimit(Duration.ofHours(2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anAmazonLeaderBalancesOurWorkersBesideItsOwn() {
    for (long seed = 0; seed < 4; seed++) {
      try (MixedFleet fleet = new MixedFleet(seed, 16)) {
        fleet.startAmazon3("amazon-1");
        fleet.startAmazon3("amazon-2");
        fleet.run(Duration.ofMinutes(5));
        fleet.start("a");
        fleet.start("b");
        fleet.run(Duration.ofMinutes(10));
        assertThat(fleet.isShared(1)).as("seed %d %s", seed, fleet.shares()).isTrue();
        assertThat(fleet.takenFromLive).isEmpty();
        fleet.resetFigures();
        fleet.run(Duration.ofMinutes(10));
        assertThat(fleet.ownerChanges).as("calm, seed %d", seed).isZero();
      }
    }
  }

  // R10, R12: with processors that end in time a handoff repeats nothing and is never long dark.
  @Test
  void handoffsBetweenBothLibrariesOverlapNowhere() {
    for (long seed = 0; seed < 10; seed++) {
      try (MixedFleet fleet = ledByTheTest(seed)) {
        fleet.resetFigures();
        handOff(fleet, "shard-00", "a");
        handOff(fleet, "shard-01", "a");
        fleet.run(SECOND.multipliedBy(20));
        assertThat(fleet.worker("a").deliverable()).isEqualTo(2);
        handOff(fleet, "shard-00", "amazon");
        fleet.run(SECOND.multipliedBy(20));
        assertThat(fleet.row(new LeaseKey("shard-00")).owner()).isEqualTo("amazon");
        assertThat(fleet.isShared(4)).as("seed %d %s", seed, fleet.shares()).isTrue();
        assertThat(fleet.longestOverlap).isZero();
        assertThat(fleet.longestDarkness).isLessThan(SECOND.multipliedBy(12));
      }
    }
  }

  // R7: a handoff that begins while the reply of a renewal is lost is no loss.
  @Test
  void aHandoffBegunUnderALostReplyIsSeenForWhatItIs() {
    for (long seed = 0; seed < 40; seed++) {
      try (MixedFleet fleet = ledByTheTest(seed)) {
        handOff(fleet, "shard-00", "a");
        fleet.run(SECOND.multipliedBy(20));
        LeaseKey key = new LeaseKey("shard-00");
        long counter = fleet.row(key).counter();
        fleet.faults = new TableFaults(Duration.ofMillis(10), 0, 0, 1);
        fleet.runUntil(() -> fleet.row(key).counter() > counter, SECOND.multipliedBy(5));
        handOff(fleet, "shard-00", "amazon");
        fleet.faults = TableFaults.NONE;
        fleet.run(SECOND.multipliedBy(20));
        assertThat(fleet.lost).as("seed %d", seed).isEmpty();
        assertThat(fleet.amazon("amazon").delivers(key)).as("seed %d", seed).isTrue();
      }
    }
  }

  // P4, R12: whoever dies or hangs at whatever moment, a handoff ends in its time.
  @Test
  void aHandoffEndsWhoeverDiesOrHangsInIt() {
    for (long seed = 0; seed < 120; seed++) {
      try (MixedFleet fleet = ledByTheTest(seed)) {
        var chance = fleet.world.chance().split();
        boolean toOurs = chance.nextBoolean();
        if (!toOurs) {
          handOff(fleet, "shard-00", "a");
          fleet.run(SECOND.multipliedBy(20));
        }
        fleet.start("b");
        fleet.run(SECOND.multipliedBy(5));
        fleet.drainTime = SECOND.multipliedBy(200); // nobody lets go by itself
        fleet.amazon("amazon").drainTime = SECOND.multipliedBy(200);
        handOff(fleet, "shard-00", toOurs ? "a" : "amazon");
        fleet.run(Duration.ofMillis(chance.nextInt(8_000)));
        int victim = chance.nextInt(3);
        if (victim == 0) {
          fleet.worker("a").environment.crash();
        } else if (victim == 1) {
          fleet.amazon("amazon").environment.crash();
        }
        fleet.resetFigures();
        LeaseKey key = new LeaseKey("shard-00");
        assertThat(fleet.runUntil(
                () -> fleet.row(key).ownership().checkpointOwner() == null,
                SECOND.multipliedBy(42)))
            .as("seed %d: %s", seed, fleet.row(key))
            .isTrue();
        fleet.run(SECOND.multipliedBy(60));
        assertThat(fleet.longestDarkness)
            .as("seed %d: %s", seed, fleet.row(key))
            .isLessThan(SECOND.multipliedBy(45));
        assertThat(fleet.isShared(4)).as("seed %d %s", seed, fleet.shares()).isTrue();
      }
    }
  }

  // R15: our worker leads when Amazon's leader is gone, and Amazon's workers get their share.
  @Test
  void ourLeaderBalancesAmazonsWorkersBesideOurs() {
    for (long seed = 0; seed < 3; seed++) {
      try (MixedFleet fleet = new MixedFleet(seed, 16)) {
        fleet.startAmazon3("amazon-1");
        fleet.run(SECOND.multipliedBy(45));
        fleet.startAmazon3("amazon-2");
        fleet.startAmazon3("amazon-3");
        fleet.run(SECOND.multipliedBy(45));
        fleet.start("a");
        fleet.start("b");
        fleet.run(SECOND.multipliedBy(40));
        fleet.amazon("amazon-1").stop(); // gives the lock up and keeps the leases' names
        assertThat(fleet.runUntil(
                () -> fleet.leaders().size() == 1
                    && fleet.workers.containsKey(fleet.leaders().get(0)),
                SECOND.multipliedBy(10)))
            .as("seed %d %s", seed, fleet.leaders())
            .isTrue();
        assertThat(fleet.runUntil(() -> fleet.isShared(1), SECOND.multipliedBy(120)))
            .as("seed %d %s", seed, fleet.shares())
            .isTrue();
        fleet.run(MINUTE.multipliedBy(2));
        fleet.resetFigures();
        fleet.run(MINUTE.multipliedBy(4));
        assertThat(fleet.isShared(1)).as("seed %d %s", seed, fleet.shares()).isTrue();
        assertThat(fleet.ownerChanges).as("calm, seed %d", seed).isZero();
        assertThat(fleet.longestOverlap).isZero();
      }
    }
  }

  // R14: while a migration of theirs is unfinished, its leader is to be one of theirs.
  @Test
  void noneOfOursLeadsWhileAmazonsMigrationIsUnfinished() {
    try (MixedFleet fleet = new MixedFleet(7, 4)) {
      fleet.table.coordination().put(migration(ClientVersion.V3X_WITH_ROLLBACK));
      fleet.startAmazon("amazon", AmazonWorker.Mode.LED_BY_TEST, SimulatedFleet.FAILOVER);
      fleet.start("a");
      fleet.run(MINUTE.multipliedBy(3));
      assertThat(fleet.leaders()).isEmpty();
      fleet.table.coordination().put(migration(ClientVersion.V3X));
      fleet.run(SECOND.multipliedBy(5));
      assertThat(fleet.leaders()).containsExactly("a");
      fleet.table.coordination().put(migration(ClientVersion.V3X_WITH_ROLLBACK));
      fleet.run(SECOND.multipliedBy(5));
      assertThat(fleet.leaders()).isEmpty();
      assertThat(lock(fleet)).isEmpty();
    }
  }

  // A fleet of only ours takes no lock, and gives back the one that it no longer needs.
  @Test
  void aFleetOfOnlyOursHasNoLeader() {
    try (MixedFleet fleet = new MixedFleet(7, 4)) {
      fleet.start("a");
      fleet.start("b");
      fleet.run(MINUTE);
      assertThat(lock(fleet)).isEmpty();
      fleet.startAmazon("amazon", AmazonWorker.Mode.LED_BY_TEST, SimulatedFleet.FAILOVER);
      fleet.run(SECOND.multipliedBy(10));
      assertThat(fleet.leaders()).hasSize(1);
      fleet.amazon("amazon").environment.crash();
      fleet.run(MINUTE.multipliedBy(2));
      assertThat(fleet.leaders()).isEmpty();
      assertThat(lock(fleet)).isEmpty();
      assertThat(fleet.isBalanced()).isTrue();
    }
  }

  // R15: a dead leader of ours is followed by another at once when its lock has run out.
  @Test
  void aDeadLeaderOfOursIsFollowedByAnotherOfOurs() {
    for (long seed = 0; seed < 10; seed++) {
      try (MixedFleet fleet = new MixedFleet(seed, 12)) {
        fleet.startAmazon("amazon", AmazonWorker.Mode.LED_BY_TEST, SimulatedFleet.FAILOVER);
        fleet.start("a");
        fleet.start("b");
        fleet.run(MINUTE);
        assertThat(fleet.runUntil(() -> fleet.isShared(1), MINUTE.multipliedBy(3)))
            .as("seed %d %s", seed, fleet.shares())
            .isTrue();
        String first = fleet.leaders().get(0);
        fleet.worker(first).environment.crash();
        String second = first.equals("a") ? "b" : "a";
        assertThat(fleet.runUntil(() -> fleet.leaders().contains(second), SECOND.multipliedBy(36)))
            .as("seed %d", seed)
            .isTrue();
        assertThat(fleet.runUntil(() -> fleet.isShared(1), SECOND.multipliedBy(30)))
            .as("seed %d %s", seed, fleet.shares())
            .isTrue();
      }
    }
  }

  // P9: also of a leader, whose lock still stands, and beside workers that wait for a leader.
  @Test
  void aDeadLeadersLeasesAreTakenByOursWithinTheFailoverTimePlusOneSecond() {
    for (long seed = 0; seed < 8; seed++) {
      try (MixedFleet fleet = new MixedFleet(seed, 64)) {
        fleet.startAmazon("amazon", AmazonWorker.Mode.LED_BY_TEST, SimulatedFleet.FAILOVER);
        List.of("a", "b", "c").forEach(fleet::start);
        fleet.run(MINUTE.plusMillis(seed * 377));
        assertThat(fleet.isShared(64)).as("seed %d %s", seed, fleet.shares()).isTrue();
        String leader = fleet.leaders().get(0);
        fleet.worker(leader).environment.crash();
        List<LeaseKey> orphans = fleet.table.rows().values().stream()
            .filter(row -> leader.equals(row.owner()))
            .map(Lease::key)
            .toList();
        assertThat(orphans).hasSizeGreaterThan(10);
        assertThat(fleet.runUntil(
                () -> orphans.stream().allMatch(key -> isReadByOurs(fleet, key)),
                SimulatedFleet.FAILOVER.plus(SECOND)))
            .as("seed %d %s", seed, fleet.shares())
            .isTrue();
      }
    }
  }

  private static boolean isReadByOurs(MixedFleet fleet, LeaseKey key) {
    return fleet.workers.values().stream()
        .filter(SimulatedFleet.Worker::isServing)
        .flatMap(worker -> worker.member.held().stream())
        .anyMatch(lease -> lease.key().equals(key) && lease.mayDeliver());
  }

  // R10, R15: among takers of 2.x ours takes its share, is stolen from, and hands nothing off.
  @Test
  void oursAndTakersOf2xShareByTaking() {
    for (long seed = 0; seed < 4; seed++) {
      try (MixedFleet fleet = new MixedFleet(seed, 12)) {
        fleet.startAmazon2("amazon-1");
        fleet.run(MINUTE);
        fleet.start("a");
        fleet.start("b");
        assertThat(fleet.runUntil(() -> fleet.isShared(1), MINUTE.multipliedBy(4)))
            .as("seed %d %s", seed, fleet.shares())
            .isTrue();
        fleet.startAmazon2("amazon-2");
        assertThat(fleet.runUntil(() -> fleet.isShared(0), MINUTE.multipliedBy(4)))
            .as("seed %d %s", seed, fleet.shares())
            .isTrue();
        assertThat(fleet.sawCheckpointOwner()).isFalse();
        fleet.resetFigures();
        fleet.run(MINUTE.multipliedBy(3));
        assertThat(fleet.ownerChanges).as("calm, seed %d", seed).isZero();
        assertThat(auditors(fleet)).isLessThanOrEqualTo(1);
        fleet.worker("a").stop();
        fleet.worker("b").stop();
        assertThat(fleet.runUntil(() -> fleet.isShared(0), MINUTE.multipliedBy(4)))
            .as("seed %d %s", seed, fleet.shares())
            .isTrue();
      }
    }
  }

  // R11: the last of ours leaves its leases to an Amazon worker that looks for them.
  @Test
  void theLastOfOursNamesAnAmazonWorkerAsItsSuccessor() {
    try (MixedFleet fleet = new MixedFleet(7, 8)) {
      fleet.startAmazon("amazon", AmazonWorker.Mode.LED_BY_TEST, SimulatedFleet.FAILOVER);
      fleet.start("a");
      fleet.run(MINUTE);
      assertThat(fleet.isShared(1)).isTrue();
      fleet.worker("a").stop();
      fleet.run(SECOND.multipliedBy(3));
      assertThat(fleet.table.rows().values()).allMatch(row -> "amazon".equals(row.owner()));
      assertThat(fleet.runUntil(
              () -> fleet.amazon("amazon").delivering() == 8, SECOND.multipliedBy(12)))
          .isTrue();
    }
  }

  // R16: Amazon's leader is told how busy our machine is, if its own workers tell it too: it
  // compares by a metric only those that have it. A fleet of only ours writes no metrics.
  @Test
  void ourLoadIsReportedWhereAmazonsLeaderComparesIt() {
    try (MixedFleet fleet = new MixedFleet(7, 4)) {
      fleet.start("a").environment.setCpuPercent(40);
      fleet.run(MINUTE);
      assertThat(metricsOf(fleet, "a")).isEqualTo(WorkerMetrics.NONE);
      AmazonWorker amazon = fleet.startAmazon3("amazon");
      fleet.run(MINUTE.multipliedBy(2));
      assertThat(metricsOf(fleet, "a")).isEqualTo(WorkerMetrics.NONE);
      amazon.table.metrics = WorkerMetrics.NONE.with(WorkerMetrics.CPU, 20, 100);
      fleet.run(MINUTE.multipliedBy(2));
      assertThat(metricsOf(fleet, "a").averages().get(WorkerMetrics.CPU))
          .hasSizeBetween(3, 5)
          .containsOnly(40.0);
      assertThat(metricsOf(fleet, "a").areValid()).isTrue();
    }
  }

  private static WorkerMetrics metricsOf(MixedFleet fleet, String worker) {
    return Objects.requireNonNull(fleet.table.workers().get(worker)).metrics();
  }

  // R4: what a worker reads does not grow with the fleet; the time between its looks does.
  @Test
  void aWorkerOfALargeFleetKeepsToItsReadBudget() {
    try (SimulatedFleet fleet = new SimulatedFleet(7, 0)) {
      for (int i = 0; i < 10_000; i++) {
        fleet.table.put(new Lease(
            new LeaseKey("shardId-%012d".formatted(i)),
            new Ownership("worker-%03d".formatted(i % 500), null, 1, 0, null),
            Progress.at(Checkpoint.TRIM_HORIZON),
            ShardFacts.NONE));
      }
      fleet.start("a");
      fleet.run(SECOND.multipliedBy(10));
      fleet.looks = 0;
      fleet.run(SECOND.multipliedBy(100));
      double unitsOfScan = fleet.table.scan().toCompletableFuture().join().readUnits();
      double budget = FleetSettings.of("a", SimulatedFleet.FAILOVER).readUnitsPerSecond();
      assertThat(fleet.looks * unitsOfScan).isPositive().isLessThan(budget * 100 + unitsOfScan);
    }
  }

  private static long auditors(MixedFleet fleet) {
    return fleet.workers.values().stream()
        .filter(worker -> worker.member.audits())
        .count();
  }

  private static Optional<LeaderLock> lock(MixedFleet fleet) {
    return fleet.table.coordination().readLock().toCompletableFuture().join();
  }

  static Migration migration(ClientVersion version) {
    return new Migration(
        Migration.Subject.CLIENT_VERSION, version.text(), "test", Instant.EPOCH, List.of());
  }

  // An Amazon worker with four leases, alone for long, and one of ours that was given none.
  private static MixedFleet ledByTheTest(long seed) {
    MixedFleet fleet = new MixedFleet(seed, 4);
    fleet.table.coordination().put(migration(ClientVersion.V3X_WITH_ROLLBACK)); // ours do not lead
    fleet.startAmazon("amazon", AmazonWorker.Mode.LED_BY_TEST, SimulatedFleet.FAILOVER);
    for (LeaseKey key : fleet.table.rows().keySet().toArray(LeaseKey[]::new)) {
      Lease row = fleet.row(key);
      fleet.table.put(
          new Lease(key, new Ownership("amazon", null, 1, 0, null), row.progress(), row.shard()));
    }
    fleet.run(SECOND.multipliedBy(12));
    fleet.start("a");
    fleet.run(SECOND.multipliedBy(30));
    assertThat(fleet.shares()).containsEntry("amazon", 4).containsEntry("a", 0);
    return fleet;
  }

  // What a leader's initiation of a handoff does to the table.
  static void handOff(MixedFleet fleet, String shard, String to) {
    Lease row = fleet.row(new LeaseKey(shard));
    Ownership was = row.ownership();
    fleet.table.put(new Lease(
        row.key(),
        new Ownership(to, was.owner(), was.counter(), was.switchesSinceCheckpoint(), was.writer()),
        row.progress(),
        row.shard(),
        row.throughputKBps()));
  }
}
