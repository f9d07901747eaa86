package org.openkcl.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openkcl.InitialPosition;
import org.openkcl.leases.memory.TableFaults;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;
import org.openkcl.retrieval.PollSettings;
import org.openkcl.testkit.Delivery;
import org.openkcl.testkit.Faults;
import org.openkcl.testkit.Fleet;
import org.openkcl.testkit.Habits;
import org.openkcl.testkit.Simulation;
import org.openkcl.testkit.StreamFaults;

/** What the library promises, one promise a test. The rules of every fleet are checked besides. */
final class FleetScenariosTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration FAILOVER = Duration.ofSeconds(10);
  private static final Duration STEADY = Duration.ofSeconds(20);

  @Simulation(seeds = 50)
  void aSurvivorReadsACrashedWorkersShardsWithinTheFailoverTimeAndOneSecond(Fleet fleet) {
    fleet.withShards(8).start("a", "b").runFor(STEADY).runUntilBalanced();
    fleet.runFor(Duration.ofMillis(fleet.chance().nextInt(5_000)));
    Set<String> orphans = shardsOf(fleet, "b");
    fleet.crash("b");
    int before = fleet.deliveries().size();
    fleet.runFor(Duration.ofMillis(100)).put(100);
    fleet.runUntil(
        "read by the survivor",
        () -> readBy(fleet, "a", before).containsAll(orphans),
        FAILOVER.plus(SECOND));
  }

  @Simulation(seeds = 50)
  void aWorkerThatStopsHandsOverWithinASecondWithoutDuplicates(Fleet fleet) {
    fleet.withShards(8).forbidDuplicates().produce(50, Duration.ofMillis(200));
    fleet.polling(PollSettings.DEFAULT.withIdleInterval(Duration.ofMillis(200)));
    fleet.start("a", "b").runFor(STEADY).runUntilBalanced();
    fleet.runFor(Duration.ofMillis(fleet.chance().nextInt(5_000)));
    Set<String> handedOver = shardsOf(fleet, "b");
    fleet.stop("b");
    int before = fleet.deliveries().size();
    fleet.runUntil("the survivor's", () -> shardsOf(fleet, "a").containsAll(handedOver), SECOND);
    fleet.runUntil(
        "read by the survivor", () -> readBy(fleet, "a", before).containsAll(handedOver), SECOND);
    fleet.runUntil("gone", () -> fleet.isGone("b"), SECOND);
    fleet.runUntilCalm();
  }

  @Simulation(seeds = 50)
  void aFleetWithoutFaultsNeverRepeatsARecord(Fleet fleet) {
    fleet.withShards(6).forbidDuplicates().produce(10, SECOND).start("a").runFor(STEADY);
    fleet.start("b").runFor(STEADY).split().runFor(SECOND.multipliedBy(3));
    fleet.start("c").merge().runFor(STEADY).stop("a").runFor(STEADY).merge().split();
    fleet.stop("b").runFor(STEADY);
    fleet.runUntilCalm();
    assertThat(fleet.duplicates()).isZero();
  }

  @Simulation(seeds = 50)
  void aThawedWorkerDeliversNothingUntilItsLeasesAreProvenAgain(Fleet fleet) {
    fleet.withShards(4).produce(10, SECOND).start("a", "b").runFor(STEADY).runUntilBalanced();
    fleet.freeze("a").runFor(Duration.ofSeconds(11 + fleet.chance().nextInt(30)));
    assertThat(shardsOf(fleet, "b")).hasSize(4);
    int before = fleet.deliveries().size();
    fleet.thawSuspended("a").runFor(Duration.ofMillis(5));
    assertThat(readBy(fleet, "a", before)).isEmpty(); // and by the rules never without its lease
    fleet.runUntilCalm();
  }

  @Simulation(seeds = 50)
  void aWorkerAloneRenewsBeforeItDeliversAfterAFreeze(Fleet fleet) {
    fleet.withShards(4).produce(10, SECOND).start("a").runFor(STEADY);
    fleet.freeze("a").runFor(Duration.ofSeconds(30)).thawSuspended("a").runFor(STEADY);
    fleet.runUntilCalm(); // the rule: nothing is delivered long after the last renewal
  }

  @Simulation(seeds = 100)
  void parentsEndBeforeChildrenBegin(Fleet fleet) {
    fleet.withShards(2).produce(10, SECOND).start("a", "b");
    for (int i = 0; i < 6; i++) {
      fleet.runFor(Duration.ofMillis(fleet.chance().nextInt(4_000)));
      if (i % 2 == 0) {
        fleet.split();
      } else {
        fleet.merge();
      }
    }
    fleet.runUntilCalm();
  }

  @Simulation(seeds = 3)
  void sixtyFourShardsWhoseProcessorsBlockAreProcessedInParallel(Fleet fleet) {
    fleet.withShards(64).processing(process -> input -> {
      process.pause(SECOND);
      input.checkpointer().checkpoint();
    });
    fleet.put(2_000).start("a");
    fleet.runUntil("consumed", fleet::isConsumed, Duration.ofSeconds(4));
  }

  @Simulation(seeds = 50)
  void latestMeansOneInstantEvenIfTheFirstWorkerDiesBeforeItsFirstCheckpoint(Fleet fleet) {
    fleet.withShards(4).initialPosition(InitialPosition.latest()).put(100);
    fleet
        .runFor(STEADY)
        .processing(process -> new NeverCheckpoints())
        .start("a")
        .runFor(SECOND);
    fleet.put(50).runFor(Duration.ofSeconds(3)).crash("a");
    fleet.put(50).runFor(Duration.ofMillis(500)).start("b");
    fleet.runUntilCalm();
    Map<String, Integer> firstIndexes = new TreeMap<>();
    fleet.deliveries().forEach(d -> firstIndexes.merge(d.shardId(), d.from(), Math::min));
    int skipped = firstIndexes.values().stream().mapToInt(first -> first).sum();
    assertThat(skipped).isEqualTo(100); // none of the old ones came, and every other one did
  }

  @Simulation(seeds = 20)
  void aProcessorThatThrowsGetsExactlyTheFailedBatchAgain(Fleet fleet) {
    Faults throwing = new Faults(
        TableFaults.NONE, StreamFaults.NONE, new Habits(Duration.ofMillis(100), 0, 0.3, 0));
    fleet.withShards(4).produce(10, SECOND).faults(throwing).start("a").runFor(STEADY);
    assertThat(fleet.duplicates()).isZero(); // the same instance, so the rules allow no other batch
    assertThat(repeated(fleet.deliveries())).isPositive();
    fleet.runUntilCalm();
  }

  @Simulation(seeds = 20)
  void aCallThatStillWaitsWhenItsLeaseIsGivenUpIsNotMade(Fleet fleet) {
    fleet.withShards(4).maxConcurrentCalls(1).drainTimeout(SECOND).produce(10, SECOND);
    fleet.processing(process -> input -> {
      process.pause(SECOND.multipliedBy(2));
      input.checkpointer().checkpoint();
    });
    fleet.start("a").runFor(STEADY).stop("a");
    fleet.runFor(STEADY); // the rule: nothing is delivered without a lease
    assertThat(fleet.isGone("a")).isTrue();
  }

  private static long repeated(List<Delivery> deliveries) {
    Set<String> seen = new HashSet<>();
    return deliveries.stream()
        .filter(d -> !seen.add(d.shardId() + " " + d.from() + " " + d.to()))
        .count();
  }

  private static Set<String> shardsOf(Fleet fleet, String worker) {
    return fleet.owners().entrySet().stream()
        .filter(entry -> entry.getValue().equals(worker))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static Set<String> readBy(Fleet fleet, String worker, int since) {
    return fleet.deliveries().stream()
        .skip(since)
        .filter(delivery -> delivery.workerId().equals(worker))
        .map(Delivery::shardId)
        .collect(Collectors.toSet());
  }

  private static final class NeverCheckpoints implements ShardRecordProcessor {
    @Override
    public void processRecords(ProcessRecordsInput input) {}

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {}
  }
}
