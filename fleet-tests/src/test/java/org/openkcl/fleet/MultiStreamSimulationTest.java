package org.openkcl.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openkcl.Health;
import org.openkcl.RecreatedStream;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.Progress;
import org.openkcl.leases.memory.TableFaults;
import org.openkcl.lineage.FormerStreams;
import org.openkcl.testkit.StreamFaults;

/** Fleets that read several streams, and streams that come, go and are made again. */
class MultiStreamSimulationTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
  void streamsThatComeAndGoAreReadOnceWithoutFaults(long seed) {
    try (MultiStreamFleet fleet = new MultiStreamFleet(seed)) {
      fleet.create("a", 3);
      fleet.create("b", 2);
      fleet.start("x");
      fleet.start("y");
      fleet.put("a", 50);
      fleet.put("b", 50);
      fleet.runUntilDelivered(Duration.ofSeconds(20), "a", "b");
      fleet.create("c", 4);
      fleet.put("c", 50);
      fleet.split("a");
      fleet.put("a", 50);
      fleet.runUntilDelivered(MINUTE, "a", "c");
      fleet.wanted.remove("b");
      fleet.runFor(Duration.ofSeconds(15));
      fleet.put("b", 50);
      fleet.runFor(MINUTE);
      assertThat(fleet.undelivered("b")).isEqualTo(50);
      assertThat(fleet.leasesOf("b")).hasSize(2).allMatch(lease -> lease.owner() == null);
      fleet.want("b");
      fleet.runUntilDelivered(MINUTE, "a", "b", "c");
      assertThat(fleet.duplicates()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void noRecordIsLostWhateverFails(long seed) {
    try (MultiStreamFleet fleet = new MultiStreamFleet(seed)) {
      fleet.streamFaults = new StreamFaults(Duration.ofMillis(200), 0.1, 0.05, 0.05, 0.2);
      fleet.tableFaults = new TableFaults(Duration.ofMillis(100), 0.05, 0.05, 0.05);
      fleet.create("a", 2);
      fleet.create("b", 2);
      fleet.start("x");
      MultiStreamFleet.Member y = fleet.start("y");
      for (int round = 0; round < 12; round++) {
        String stream = "abc".substring(round % 3, round % 3 + 1);
        if (round == 2) {
          fleet.create("c", 2);
        }
        if (round % 4 == 1) {
          fleet.split("a");
        }
        if (round == 5) {
          fleet.wanted.remove("b");
        }
        if (round == 6) {
          y.process.crash();
          fleet.start("z");
        }
        if (round == 8) {
          fleet.want("b");
        }
        fleet.put(stream, 30);
        fleet.runFor(Duration.ofSeconds(10 + fleet.chance.nextInt(20)));
      }
      fleet.streamFaults = StreamFaults.NONE;
      fleet.tableFaults = TableFaults.NONE;
      fleet.runUntilDelivered(Duration.ofMinutes(3), "a", "b", "c");
    }
  }

  @Test
  void oneStreamThatIsDeletedDegradesTheWorkerAndTheOthersGoOn() {
    try (MultiStreamFleet fleet = new MultiStreamFleet(1)) {
      fleet.create("a", 2);
      fleet.create("b", 2);
      MultiStreamFleet.Member x = fleet.start("x");
      fleet.runFor(Duration.ofSeconds(10));
      assertThat(x.snapshot().health().status()).isEqualTo(Health.Status.UP);
      fleet.streams.deleteStream("b");
      fleet.runFor(Duration.ofSeconds(30));
      fleet.put("a", 20);
      fleet.runUntilDelivered(Duration.ofSeconds(10), "a");
      assertThat(x.snapshot().health().status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(x.snapshot().health().reasons()).singleElement().asString().contains("b");
      fleet.wanted.remove("b");
      fleet.runFor(Duration.ofSeconds(15));
      assertThat(x.snapshot().health().status()).isEqualTo(Health.Status.UP);
    }
  }

  @Test
  void aStreamThatIsMadeAgainIsNotReadUnlessItIsToStartAnew() {
    for (RecreatedStream policy : RecreatedStream.values()) {
      try (MultiStreamFleet fleet = new MultiStreamFleet(2)) {
        fleet.recreated = policy;
        fleet.create("a", 2);
        fleet.create("b", 3);
        MultiStreamFleet.Member x = fleet.start("x");
        fleet.start("y");
        fleet.put("b", 30);
        fleet.runUntilDelivered(Duration.ofSeconds(20), "b");
        fleet.streams.deleteStream("b");
        fleet.runFor(SECOND.multipliedBy(3));
        fleet.streams.createStream("b", 2);
        fleet.forget("b");
        fleet.put("b", 30);
        fleet.put("a", 30);
        fleet.runUntilDelivered(Duration.ofSeconds(20), "a");
        fleet.runFor(Duration.ofMinutes(5));
        if (policy == RecreatedStream.STOP) {
          assertThat(fleet.undelivered("b")).isEqualTo(30);
          assertThat(x.snapshot().health().reasons())
              .singleElement()
              .asString()
              .contains("created again");
        } else {
          fleet.runUntilDelivered(SECOND, "b");
          assertThat(fleet.duplicates()).isZero();
          assertThat(x.snapshot().health().status()).isEqualTo(Health.Status.UP);
        }
      }
    }
  }

  @Test
  void theLeasesOfFormerStreamsGoAfterTheWaitAndNotWhileSomebodyReadsThem() {
    try (MultiStreamFleet fleet = new MultiStreamFleet(3)) {
      fleet.deletion = new FormerStreams.Rule(
          FormerStreams.Kind.FORMER_STREAMS_AUTO_DETECTION_DEFERRED_DELETION,
          Set.of(),
          Duration.ofMinutes(5));
      fleet.create("a", 2);
      fleet.create("b", 2);
      fleet.start("x");
      MultiStreamFleet.Member y = fleet.start("y");
      fleet.runFor(Duration.ofSeconds(20));
      y.wants = List.copyOf(fleet.wanted); // y is an older version, which reads b on
      fleet.wanted.remove("b");
      fleet.runFor(Duration.ofMinutes(10));
      assertThat(fleet.leasesOf("b")).hasSize(2).allMatch(lease -> "y".equals(lease.owner()));
      y.wants = fleet.wanted;
      fleet.runFor(Duration.ofMinutes(2));
      assertThat(fleet.leasesOf("b")).isEmpty();
      assertThat(fleet.leasedStreams()).hasSize(1);
    }
  }

  @Test
  void workersThatWantDifferentStreamsShareWhatBothWantAndDoNotFight() {
    try (MultiStreamFleet fleet = new MultiStreamFleet(4)) {
      fleet.create("a", 2);
      MultiStreamFleet.Member old = fleet.start("old");
      old.wants = List.of("a");
      fleet.create("b", 4);
      fleet.start("new");
      fleet.runFor(Duration.ofSeconds(30));
      assertThat(fleet.leasesOf("b")).hasSize(4).allMatch(lease -> "new".equals(lease.owner()));
      fleet.put("b", 40);
      fleet.runUntilDelivered(Duration.ofSeconds(5), "b");
      fleet.runFor(Duration.ofMinutes(3));
      assertThat(fleet.leasesOf("b")).allMatch(lease -> "new".equals(lease.owner()));
      assertThat(fleet.duplicates()).isZero();
    }
  }

  @Test
  void aLeaseThatSomebodyDeletedIsBackWithinAMinute() {
    try (MultiStreamFleet fleet = new MultiStreamFleet(5)) {
      fleet.create("a", 4);
      fleet.start("x");
      fleet.put("a", 40);
      fleet.runUntilDelivered(Duration.ofSeconds(10), "a");
      Lease victim = fleet.leasesOf("a").get(2);
      fleet.table.remove(victim.key());
      boolean mended = fleet.world.runUntil(
          () -> fleet.table.rows().containsKey(victim.key()), Duration.ofSeconds(45));
      assertThat(mended).as(fleet.picture()).isTrue();
      fleet.put("a", 40);
      fleet.runUntilDelivered(Duration.ofSeconds(10), "a");
    }
  }

  @Test
  void aHoleThatCannotBeMendedIsReported() {
    try (MultiStreamFleet fleet = new MultiStreamFleet(6)) {
      fleet.create("a", 2);
      MultiStreamFleet.Member x = fleet.start("x");
      fleet.runFor(Duration.ofSeconds(10));
      Lease victim = fleet.leasesOf("a").get(1);
      fleet.table.put(new Lease(
          victim.key(), victim.ownership(), Progress.at(Checkpoint.SHARD_END), victim.shard()));
      x.process.crash();
      MultiStreamFleet.Member y = fleet.start("y");
      fleet.runFor(Duration.ofMinutes(3));
      assertThat(y.snapshot().health().status()).isEqualTo(Health.Status.DEGRADED);
      assertThat(y.snapshot().health().reasons())
          .singleElement()
          .asString()
          .contains("No lease takes the hash keys");
    }
  }

  @Test
  void manyStreamsOfOneShardEachAreReadByAFew() {
    try (MultiStreamFleet fleet = new MultiStreamFleet(7)) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        names.add("s" + i);
        fleet.create("s" + i, 1);
        fleet.put("s" + i, 3);
      }
      fleet.start("x");
      fleet.start("y");
      fleet.start("z");
      fleet.runUntilDelivered(Duration.ofSeconds(30), names.toArray(String[]::new));
    }
  }
}
