package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.ClientVersion;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.memory.TableFaults;

/**
 * Every schedule of a small world instead of chance: two workers, two leases and one handoff, run
 * again and again by the production code, with one of the two dying after each single event of the
 * handoff; and the same with each single request or reply of it lost before.
 */
class ExhaustiveHandoffTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** What happens otherwise than in the undisturbed run. */
  private record Deviation(int requestLost, boolean replyOnly, int eventOfDeath, String victim) {
    static final Deviation NONE = new Deviation(-1, false, -1, "");
  }

  /** How long the undisturbed handoff was. */
  private record Extent(int events, int requests) {}

  @Test
  void whoeverDiesAfterWhateverEventAllLeasesHaveAReaderInTime() {
    Extent extent = handOver(Deviation.NONE);
    assertThat(extent.events()).isGreaterThan(20);
    int schedules = 0;
    for (int event = 0; event < extent.events(); event++) {
      for (String victim : List.of("a", "b")) {
        handOver(new Deviation(-1, false, event, victim));
        schedules++;
      }
    }
    for (int request = 0; request < extent.requests(); request++) {
      for (boolean replyOnly : new boolean[] {true, false}) {
        handOver(new Deviation(request, replyOnly, -1, ""));
        for (int event = 0; event < extent.events(); event++) {
          handOver(new Deviation(request, replyOnly, event, event % 2 == 0 ? "a" : "b"));
          schedules++;
        }
      }
    }
    assertThat(schedules).isGreaterThan(400);
  }

  @Test
  void aHandoffBetweenTheLibrariesEndsWhoeverDiesAfterWhateverEvent() {
    for (boolean toOurs : new boolean[] {true, false}) {
      int events = handOff(toOurs, -1, null);
      assertThat(events).isGreaterThan(10);
      for (int event = 0; event < events; event++) {
        handOff(toOurs, event, "a");
        handOff(toOurs, event, "amazon");
      }
    }
  }

  /** Two workers of ours: {@code b} joins and gets one of the two leases of {@code a}. */
  private static Extent handOver(Deviation deviation) {
    int[] request = {-1};
    try (SimulatedFleet fleet = new SimulatedFleet(1, 2) {
      @Override
      TableFaults faultsOfRequest(String id) {
        boolean lost = request[0] >= 0 && request[0]++ == deviation.requestLost;
        TableFaults calm = super.faultsOfRequest(id);
        return lost
            ? new TableFaults(
                calm.maxLatency(), 0, deviation.replyOnly ? 0 : 1, deviation.replyOnly ? 1 : 0)
            : calm;
      }
    }) {
      fleet.start("a");
      fleet.run(SECOND.multipliedBy(6));
      request[0] = 0;
      long first = fleet.world.eventCount();
      fleet.start("b");
      boolean dies = deviation.eventOfDeath >= 0;
      fleet.runUntil(
          () -> dies
              ? fleet.world.eventCount() - first >= deviation.eventOfDeath
              : fleet.worker("b").deliverable() == 1,
          SECOND.multipliedBy(30));
      Extent extent = new Extent((int) (fleet.world.eventCount() - first), request[0]);
      if (dies) {
        fleet.worker(deviation.victim).environment.crash();
      }
      Duration limit = SimulatedFleet.FAILOVER.plus(SECOND.multipliedBy(dies ? 4 : 2));
      assertThat(fleet.runUntil(fleet::isBalanced, limit)).as("%s", deviation).isTrue();
      return extent;
    }
  }

  /** One of ours and one of Amazon's: a leader hands the lease of one to the other. */
  private static int handOff(boolean toOurs, int eventOfDeath, @Nullable String victim) {
    try (MixedFleet fleet = new MixedFleet(1, 2)) {
      fleet.table.coordination().put(MixedFleetTest.migration(ClientVersion.V3X_WITH_ROLLBACK));
      fleet.startAmazon("amazon", AmazonWorker.Mode.LED_BY_TEST, SimulatedFleet.FAILOVER);
      LeaseKey key = new LeaseKey("shard-00");
      own(fleet, key, "amazon");
      own(fleet, new LeaseKey("shard-01"), "amazon");
      fleet.run(SECOND.multipliedBy(12));
      fleet.start("a");
      fleet.run(SECOND.multipliedBy(12));
      if (!toOurs) {
        MixedFleetTest.handOff(fleet, key.value(), "a");
        fleet.run(SECOND.multipliedBy(10));
      }
      MixedFleetTest.handOff(fleet, key.value(), toOurs ? "a" : "amazon");
      long first = fleet.world.eventCount();
      fleet.resetFigures();
      fleet.runUntil(
          () -> victim == null
              ? fleet.row(key).ownership().checkpointOwner() == null
              : fleet.world.eventCount() - first >= eventOfDeath,
          SECOND.multipliedBy(60));
      int events = (int) (fleet.world.eventCount() - first);
      if ("a".equals(victim)) {
        fleet.worker("a").environment.crash();
        fleet.start("b");
      } else if (victim != null) {
        fleet.amazon("amazon").environment.crash();
      }
      assertThat(fleet.runUntil(
              () -> fleet.row(key).ownership().checkpointOwner() == null && fleet.isShared(2),
              SECOND.multipliedBy(45)))
          .as(
              "to ours: %s, %s dies after event %d: %s",
              toOurs, victim, eventOfDeath, fleet.row(key))
          .isTrue();
      return events;
    }
  }

  private static void own(MixedFleet fleet, LeaseKey key, String owner) {
    Lease row = fleet.row(key);
    fleet.table.put(
        new Lease(key, new Ownership(owner, null, 1, 0, null), row.progress(), row.shard()));
  }
}
