package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.fleet.LeaseListener.Interest;

/** Leases of streams that some workers of an application read and others do not. */
class UnwantedLeasesTest {
  private static final LeaseKey FIRST = new LeaseKey("shard-00");

  @Test
  void aLeaseThatNobodyWantsStaysFreeAndTheOthersAreShared() {
    try (SimulatedFleet fleet = new SimulatedFleet(1, 9)) {
      fleet.interests =
          (worker, lease) -> lease.key().equals(FIRST) ? Interest.UNWANTED : Interest.WANTED;
      SimulatedFleet.Worker a = fleet.start("a");
      fleet.run(Duration.ofSeconds(5));
      SimulatedFleet.Worker b = fleet.start("b");
      fleet.run(Duration.ofSeconds(30));
      assertThat(a.deliverable()).isEqualTo(4);
      assertThat(b.deliverable()).isEqualTo(4);
      assertThat(fleet.row(FIRST).owner()).isNull();
    }
  }

  @Test
  void aLeaseThatOneWorkerWantsIsThatWorkers() {
    for (long seed = 0; seed < 20; seed++) {
      try (SimulatedFleet fleet = new SimulatedFleet(seed, 4)) {
        fleet.interests =
            (worker, lease) -> worker.equals("b") ? Interest.WANTED : Interest.UNWANTED;
        fleet.start("a");
        SimulatedFleet.Worker b = fleet.start("b");
        assertThat(fleet.runUntil(() -> b.deliverable() == 4, Duration.ofSeconds(5)))
            .as("seed %d: %s", seed, fleet.picture())
            .isTrue();
      }
    }
  }

  @Test
  void aLeaseThatWasOfferedToAWorkerThatDoesNotWantItIsNotOfferedAgainForMinutes() {
    try (SimulatedFleet fleet = new SimulatedFleet(3, 4)) {
      fleet.interests = (worker, lease) -> worker.equals("b") ? Interest.WANTED : Interest.UNWANTED;
      fleet.start("a");
      SimulatedFleet.Worker b = fleet.start("b");
      fleet.run(Duration.ofMinutes(4));
      assertThat(b.deliverable()).isEqualTo(4);
      assertThat(fleet.handovers).hasSizeLessThanOrEqualTo(4); // each once
    }
  }

  @Test
  void aLeaseThatIsGivenUpUnwantedGoesToNobody() {
    try (SimulatedFleet fleet = new SimulatedFleet(2, 1)) {
      SimulatedFleet.Worker a = fleet.start("a");
      fleet.start("b");
      fleet.run(Duration.ofSeconds(5));
      fleet.interests = (worker, lease) -> Interest.UNWANTED;
      List<SimulatedFleet.Worker> both = List.of(a, fleet.worker("b"));
      both.forEach(worker ->
          worker.loop.execute(() -> worker.member.held().forEach(worker.member::release)));
      fleet.run(Duration.ofSeconds(30));
      assertThat(fleet.row(FIRST).owner()).isNull();
      assertThat(fleet.row(FIRST).ownership().writer()).isNull();
    }
  }

  @Test
  void anArrivalIsPassedOnIfItIsNotWantedAndLeftAloneWhileThatIsUndecided() {
    try (SimulatedFleet fleet = new SimulatedFleet(4, 2)) {
      fleet.interests =
          (worker, lease) -> lease.key().equals(FIRST) ? Interest.UNDECIDED : Interest.UNWANTED;
      fleet.start("a");
      fleet.run(Duration.ofSeconds(2));
      for (Lease lease : List.copyOf(fleet.table.rows().values())) { // as another leader gives it
        fleet.table.put(new Lease(
            lease.key(),
            new Ownership("a", null, lease.counter() + 1, 0, null),
            lease.progress(),
            lease.shard()));
      }
      fleet.run(Duration.ofSeconds(2));
      assertThat(fleet.row(FIRST).owner()).isEqualTo("a");
      assertThat(fleet.row(new LeaseKey("shard-01")).owner()).isNull();
      assertThat(fleet.worker("a").member.held()).isEmpty();
    }
  }

  @Test
  void aReplacedLeaseIsItsNewOwnersUnderAGreaterTokenAndItsHolderLosesIt() {
    try (SimulatedFleet fleet = new SimulatedFleet(5, 1)) {
      SimulatedFleet.Worker a = fleet.start("a");
      fleet.run(Duration.ofSeconds(5));
      Lease seen = fleet.row(FIRST);
      Lease fresh =
          new Lease(FIRST, new Ownership(null, null, 1, 0, null), seen.progress(), ShardFacts.NONE);
      List<Lease> stands = new ArrayList<>();
      a.loop.execute(() -> a.member.replace(seen, fresh).thenAccept(stands::add));
      assertThat(fleet.runUntil(() -> !fleet.lost.isEmpty(), Duration.ofSeconds(5)))
          .isTrue();
      assertThat(stands).singleElement().satisfies(lease -> {
        assertThat(lease.counter()).isGreaterThan(seen.counter());
        assertThat(lease.owner()).isNull();
      });
      assertThat(fleet.runUntil(() -> a.deliverable() == 1, Duration.ofSeconds(5)))
          .isTrue();
    } // SimulatedFleet checks that tokens grow
  }
}
