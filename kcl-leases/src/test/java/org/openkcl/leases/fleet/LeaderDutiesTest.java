package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.ForeignWorker;

/** R15: what one worker does for all, and which one it is. */
class LeaderDutiesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  // R15: in 2.x everybody works out the same shuffle; ours performs the duty when it is named.
  @Test
  void amongTakersExactlyWhomTheShuffleNamesComparesShardsAndLeases() {
    int oursNamed = 0;
    for (long seed = 0; seed < 4; seed++) {
      try (MixedFleet fleet = new MixedFleet(seed, 9)) {
        fleet.startAmazon2(seed % 2 == 0 ? "amazon" : "zzz-amazon"); // other places in the order
        fleet.run(MINUTE);
        fleet.start("a");
        fleet.start("b");
        assertThat(fleet.runUntil(() -> fleet.isShared(1), MINUTE.multipliedBy(4)))
            .as("seed %d %s", seed, fleet.shares())
            .isTrue();
        fleet.run(SECOND.multipliedBy(5));
        List<String> owners = fleet.table.rows().values().stream()
            .map(row -> Objects.requireNonNull(row.owner()))
            .distinct()
            .sorted()
            .toList();
        assertThat(owners).hasSize(3);
        String named = ShuffleElection.elected(owners).orElseThrow();
        List<String> auditors = fleet.workers.values().stream()
            .filter(worker -> worker.member.audits())
            .map(worker -> worker.id)
            .toList();
        boolean isOurs = fleet.workers.containsKey(named);
        assertThat(auditors).isEqualTo(isOurs ? List.of(named) : List.of());
        oursNamed += isOurs ? 1 : 0;
      }
    }
    assertThat(oursNamed).isPositive();
  }

  // R15: the shuffle of 2.x, worked out by hand after its description.
  @Test
  void theShuffleIsThatOf2x() {
    assertThat(ShuffleElection.elected(List.of())).isEmpty();
    assertThat(ShuffleElection.elected(List.of("only"))).contains("only");
    for (int size = 2; size < 40; size++) {
      List<String> owners =
          IntStream.range(0, size).mapToObj("worker-%02d"::formatted).toList();
      List<String> reversed = new ArrayList<>(owners);
      Collections.reverse(reversed);
      reversed.addAll(owners); // an owner of many leases is named once
      assertThat(ShuffleElection.elected(reversed)).contains(firstOfShuffle(owners));
    }
  }

  /** Fisher and Yates from the end, as java.util documents its shuffle. */
  private static String firstOfShuffle(List<String> sorted) {
    String[] order = sorted.toArray(String[]::new);
    Random chance = new Random(1947);
    for (int left = order.length; left > 1; left--) {
      int other = chance.nextInt(left);
      String last = order[left - 1];
      order[left - 1] = order[other];
      order[other] = last;
    }
    return order[0];
  }

  // R15: our leader clears away what Amazon's dead workers left; nobody else's.
  @Test
  void ourLeaderDeletesTheMetricsOfWorkersThatHaveBeenGoneForADay() {
    try (MixedFleet fleet = new MixedFleet(7, 2)) {
      fleet.startAmazon("amazon", AmazonWorker.Mode.LED_BY_TEST, SimulatedFleet.FAILOVER);
      fleet.startAmazon("dead", AmazonWorker.Mode.LED_BY_TEST, SimulatedFleet.FAILOVER);
      fleet.run(SECOND.multipliedBy(40));
      fleet.start(lookingSeldom("a"));
      fleet.run(MINUTE);
      assertThat(fleet.leaders()).containsExactly("a");
      assertThat(metricsItems(fleet)).containsExactlyInAnyOrder("amazon", "dead");
      fleet.amazon("dead").environment.crash();
      fleet.run(Duration.ofHours(23));
      assertThat(metricsItems(fleet)).contains("dead");
      fleet.run(Duration.ofHours(3));
      assertThat(metricsItems(fleet)).containsExactly("amazon");
      assertThat(fleet.leaders()).containsExactly("a");
    }
  }

  // A worker of ours that died without a word: its item goes once it is only litter.
  @Test
  void theSignOfLifeOfADeadWorkerIsRemovedAndThoseOfTheLivingAreNot() {
    try (MixedFleet fleet = new MixedFleet(7, 2)) {
      fleet.start("a");
      fleet.start("b");
      fleet.run(MINUTE);
      fleet.worker("b").environment.crash();
      fleet.run(SECOND.multipliedBy(90));
      assertThat(fleet.table.workers()).containsOnlyKeys("a", "b");
      fleet.run(SECOND.multipliedBy(20));
      assertThat(fleet.table.workers()).containsOnlyKeys("a");
    }
  }

  private static List<String> metricsItems(MixedFleet fleet) {
    return fleet.table.scan().toCompletableFuture().join().coordination().foreignWorkers().stream()
        .map(ForeignWorker::workerId)
        .toList();
  }

  /** A day of four looks a second takes too long to simulate. */
  private static FleetSettings lookingSeldom(String worker) {
    FleetSettings usual = FleetSettings.of(worker, SimulatedFleet.FAILOVER);
    return new FleetSettings(
        worker,
        usual.failoverTime(),
        SECOND.multipliedBy(3),
        usual.readUnitsPerSecond(),
        usual.foreignFailoverLimit(),
        usual.planning(),
        usual.capacity());
  }
}
