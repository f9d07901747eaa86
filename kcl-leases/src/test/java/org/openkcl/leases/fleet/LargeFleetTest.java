package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;

/**
 * R4, R5: what a worker reads and writes does not grow with its fleet, a table that is looked at
 * more seldom than leases expire makes nobody believe that others are dead, and the dead are noticed
 * all the same. In every build with
 * 4,500 leases and 45 workers; with 10,000 and 500 by {@code -Dopenkcl.full=true}.
 */
class LargeFleetTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final double BUDGET =
      FleetSettings.of("any", SimulatedFleet.FAILOVER).readUnitsPerSecond();

  @Test
  void aLargeFleetKeepsToItsBudgetsAndIsCalm() {
    runAndLoseOne(4_500, 45);
  }

  @Test
  @EnabledIfSystemProperty(named = "openkcl.full", matches = "true")
  void tenThousandLeasesAndFiveHundredWorkersKeepToTheirBudgetsAndAreCalm() {
    runAndLoseOne(10_000, 500);
  }

  private static void runAndLoseOne(int leases, int workers) {
    try (LargeFleet fleet = new LargeFleet(leases, workers)) {
      double scan = fleet.table.scan().toCompletableFuture().join().readUnits();
      Duration interval = Duration.ofMillis(Math.round(scan / BUDGET * 1_000));
      assertThat(interval).isGreaterThan(SimulatedFleet.FAILOVER);
      fleet.startAll();
      fleet.run(interval.multipliedBy(3));
      assertThat(fleet.isBalanced()).as("%s", fleet.shares()).isTrue();

      Duration watched = interval.multipliedBy(3);
      fleet.workers.values().forEach(worker -> worker.meter.reset());
      fleet.run(watched);
      DoubleSummaryStatistics read = fleet.perSecond(watched, meter -> meter.readUnits);
      DoubleSummaryStatistics written = fleet.perSecond(watched, meter -> meter.writes);
      System.out.printf(
          Locale.ROOT,
          "%d leases, %d workers: a scan costs %.1f units and comes every %.1f s;"
              + " a worker reads %.1f units/s (most %.1f), writes %.2f/s (most %.2f)%n",
          leases,
          workers,
          scan,
          interval.toMillis() / 1e3,
          read.getAverage(),
          read.getMax(),
          written.getAverage(),
          written.getMax());
      assertThat(read.getMax()).isLessThanOrEqualTo(BUDGET * 1.05 + scan / watched.toSeconds());
      double renewals = (double) leases / workers / (SimulatedFleet.FAILOVER.toSeconds() / 3.0);
      assertThat(written.getMax()).as("renewals are hardly early").isLessThan(renewals * 1.03);
      assertThat(fleet.perSecond(watched, meter -> meter.lostRaces).getMax()).isZero();
      assertThat(fleet.handovers).isEmpty();
      assertThat(fleet.lost).isEmpty();

      long crashed = fleet.world.nanoTime();
      String dead = LargeFleet.worker(7);
      fleet.worker(dead).environment.crash();
      Duration limit = SimulatedFleet.FAILOVER.multipliedBy(2).plus(SECOND.multipliedBy(2));
      assertThat(fleet.runUntil(() -> fleet.isTakenOver(dead), limit))
          .as("%s", fleet.shares())
          .isTrue();
      System.out.printf(
          Locale.ROOT,
          "a dead worker's leases were all taken after %.1f s%n",
          (fleet.world.nanoTime() - crashed) / 1e9);
      assertThat(fleet.lost).isEmpty();
      fleet.run(interval.multipliedBy(3));
      assertThat(fleet.isBalanced()).as("%s", fleet.shares()).isTrue();
      assertThat(fleet.lost).isEmpty();
    }
  }

  // R5: own assignments come from the index when there is one, else from the scan.
  @Test
  void whatIsAssignedIsFoundByTheIndexLongBeforeTheNextScan() {
    try (LargeFleet fleet = new LargeFleet(3_000, 4)) {
      fleet.startAll();
      fleet.run(SECOND.multipliedBy(35));
      assertThat(timeToFind(fleet, 0)).isGreaterThan(SECOND.multipliedBy(5));
      fleet.table.createIndex();
      fleet.run(SECOND.multipliedBy(61)); // by then the index is asked for again
      fleet.workers.values().forEach(worker -> worker.meter.reset());
      long since = fleet.world.nanoTime();
      for (int i = 1; i <= 8; i++) {
        assertThat(timeToFind(fleet, i)).isLessThan(SECOND.multipliedBy(5));
      }
      double seconds = (fleet.world.nanoTime() - since) / 1e9;
      double scan = fleet.table.scan().toCompletableFuture().join().readUnits();
      assertThat(fleet.workers.values())
          .allMatch(worker -> worker.meter.readUnits <= BUDGET * seconds + scan);
    }
  }

  /** A lease appears that a leader has given to a worker, right after that has looked at the table. */
  private static Duration timeToFind(LargeFleet fleet, int number) {
    SimulatedFleet.Worker taker = fleet.worker(LargeFleet.worker(number % 4));
    LeaseKey key = LargeFleet.shard(10_000 + number);
    int looks = taker.looks;
    assertThat(fleet.runUntil(() -> taker.looks > looks, SECOND.multipliedBy(60)))
        .isTrue();
    long given = fleet.world.nanoTime();
    fleet.table.put(new Lease(
        key,
        new Ownership(taker.id, null, 1, 0, null),
        Progress.at(Checkpoint.TRIM_HORIZON),
        ShardFacts.NONE));
    assertThat(fleet.runUntil(
            () -> taker.member.held().stream().anyMatch(lease -> lease.key().equals(key)),
            SECOND.multipliedBy(60)))
        .isTrue();
    return Duration.ofNanos(fleet.world.nanoTime() - given);
  }

  /** A fleet whose leases belong to its workers from the start, as after a restart of all. */
  private static final class LargeFleet extends SimulatedFleet {
    private static final long CHECK_NANOS = SECOND.toNanos();
    private final int size;
    private long checkedNanos;
    private long countedNanos;

    LargeFleet(int leases, int size) {
      super(7, 0);
      this.size = size;
      for (int i = 0; i < leases; i++) {
        table.put(new Lease(
            shard(i),
            new Ownership(worker(i % size), null, 1, 0, null),
            Progress.at(Checkpoint.TRIM_HORIZON),
            facts(i)));
      }
    }

    /** As large as what a stream's shards have. */
    private static ShardFacts facts(int number) {
      BigInteger width = BigInteger.TWO.pow(112);
      BigInteger starting = width.multiply(BigInteger.valueOf(number));
      return new ShardFacts(
          Set.of("shardId-000000000000"),
          Set.of(),
          new HashKeyRange(starting, starting.add(width).subtract(BigInteger.ONE)),
          null,
          null);
    }

    static LeaseKey shard(int number) {
      return new LeaseKey("shardId-%012d".formatted(number));
    }

    static String worker(int number) {
      return "worker-%03d".formatted(number);
    }

    void startAll() {
      for (int i = 0; i < size; i++) {
        start(worker(i));
        run(Duration.ofMillis(7));
      }
    }

    DoubleSummaryStatistics perSecond(Duration time, ToDoubleFunction<MeteredLeaseTable> measure) {
      Collection<Worker> all = workers.values();
      return all.stream()
          .mapToDouble(worker -> measure.applyAsDouble(worker.meter) / time.toSeconds())
          .summaryStatistics();
    }

    /** Every second: after every event it would take too long. */
    @Override
    void check() {
      if (world.nanoTime() - checkedNanos >= CHECK_NANOS) {
        checkedNanos = world.nanoTime();
        super.check();
      }
    }

    /** Whether no lease names that worker any more. Looked at ten times a second, as above. */
    boolean isTakenOver(String dead) {
      if (world.nanoTime() - countedNanos < SECOND.toNanos() / 10) {
        return false;
      }
      countedNanos = world.nanoTime();
      return table.rows().values().stream().noneMatch(row -> dead.equals(row.owner()));
    }
  }
}
