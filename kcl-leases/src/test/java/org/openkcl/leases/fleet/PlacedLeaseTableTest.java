package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.CoordinationView;
import org.openkcl.leases.ForeignWorker;
import org.openkcl.leases.ItemPlacement.Place;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.LockWrite;
import org.openkcl.leases.Migration;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WorkerMetrics;
import org.openkcl.leases.WorkerRecord;
import org.openkcl.leases.memory.InMemoryCoordinationTable;
import org.openkcl.leases.memory.InMemoryLeaseTable;
import org.openkcl.leases.memory.SimulatedCoordinationTable;
import org.openkcl.leases.memory.TableFaults;

/** Items follow what is found, move with migrations, and leave nothing behind. */
class PlacedLeaseTableTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_795_481_645);
  private static final LeaderLock MINE =
      LeaderLock.heldBy("worker-a", Duration.ofMinutes(2), "v-1");

  private final Simulation world = new Simulation(1);
  private final EventLoop loop = world.newProcess("worker-a").newEventLoop("worker-a");
  private final InMemoryLeaseTable leases = new InMemoryLeaseTable("orders-app");
  private final InMemoryCoordinationTable side =
      new InMemoryCoordinationTable("orders-app-CoordinatorState");
  private final InMemoryCoordinationTable own = new InMemoryCoordinationTable("orders-app-OpenKCL");
  private TableFaults sideFaults = TableFaults.NONE;
  private final PlacedLeaseTable table = new PlacedLeaseTable(
      loop,
      leases,
      new SimulatedCoordinationTable(world, side, () -> sideFaults),
      own,
      Place.LEASE_TABLE);

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aFreshTableHoldsEverythingAndNoOtherIsMade() {
    start();
    beat(1);

    assertThat(leases.coordination().workers()).containsOnlyKeys("worker-a");
    assertThat(look(own)).isEmpty();
    assertThat(look(side)).isEmpty();
  }

  @Test
  void besideLeasesOf2xEverythingIsInATableOfOurs() {
    leases.put(lease("shardId-0", 60));
    start();
    beat(1);
    lock(LockWrite.acquire(null, MINE));

    TableView view = scan();
    assertThat(view.leases()).hasSize(1);
    assertThat(view.workers()).extracting(WorkerRecord::workerId).containsExactly("worker-a");
    assertThat(view.coordination().lock()).isEqualTo(MINE);
    assertThat(leases.coordination().workers()).isEmpty();
    assertThat(look(leases.coordination()).orElseThrow().isEmpty()).isTrue();
    assertThat(own.workers()).containsOnlyKeys("worker-a");
  }

  @Test
  void whenA2xFleetBecomes3xOurItemsFollowItAndTheOldOnesGo() {
    leases.put(lease("shardId-0", 60));
    start();
    beat(1);
    lock(LockWrite.acquire(null, MINE));

    leases
        .coordination()
        .put(migration(Migration.Subject.CLIENT_VERSION, "CLIENT_VERSION_UPGRADE_FROM_2X"));
    TableView view = scan();
    assertThat(view.coordination().lock()).isNull();
    assertThat(view.workers()).hasSize(1);
    beat(2);

    assertThat(leases.coordination().workers()).containsOnlyKeys("worker-a");
    assertThat(own.workers()).isEmpty();
    assertThat(scan().workers()).extracting(WorkerRecord::beat).containsExactly(2L);
    LockWrite beatOfOldLock = LockWrite.heartbeat(MINE, "v-2");
    assertThat(run(() -> table.coordination().writeLock(beatOfOldLock)).isWritten())
        .isFalse();
  }

  @Test
  void sideTablesAreUsedAndLeftWhenTheirMigrationIsDone() {
    leases.put(lease("shardId-0", 60));
    side.put(foreign(NOW));
    start();
    beat(1);
    assertThat(side.workers()).containsOnlyKeys("worker-a");
    assertThat(scan().coordination().foreignWorkers()).containsExactly(foreign(NOW));

    side.put(migration(Migration.Subject.TABLES, "TABLE_MIGRATION_STATUS_DEPLOYED"));
    scan();
    beat(2);
    assertThat(side.workers()).containsOnlyKeys("worker-a");

    leases.coordination().put(foreign(NOW.plusSeconds(30)));
    scan();
    beat(3);
    assertThat(side.workers()).isEmpty();
    assertThat(leases.coordination().workers()).containsOnlyKeys("worker-a");
    assertThat(table.placement().lock()).isEqualTo(Place.SIDE_TABLES);

    side.put(migration(Migration.Subject.TABLES, "TABLE_MIGRATION_STATUS_COMPLETE"));
    scan();
    lock(LockWrite.acquire(null, MINE));
    assertThat(look(leases.coordination()).orElseThrow().lock()).isEqualTo(MINE);
    assertThat(look(side).orElseThrow().lock()).isNull();
  }

  @Test
  void sideTablesThatAppearAreFoundWithinSixtyScans() {
    start();
    beat(1);
    side.put(new LeaderLock("worker-k", Duration.ofMinutes(2), "k-1", false, false));

    for (int i = 0; i < 60; i++) {
      scan();
    }
    beat(2);

    assertThat(table.placement().lock()).isEqualTo(Place.SIDE_TABLES);
    assertThat(leases.coordination().workers()).isEmpty();
    assertThat(side.workers()).containsOnlyKeys("worker-a");
    assertThat(scan().coordination().lock()).isNotNull();
  }

  @Test
  void sideTablesThatMayNotBeReadCountAsNotThere() {
    side.put(foreign(NOW));
    sideFaults = new TableFaults(Duration.ofMillis(10), 0, 0, 0, 1);
    start();
    beat(1);

    assertThat(leases.coordination().workers()).containsOnlyKeys("worker-a");
  }

  @Test
  void sideTablesThatDoNotAnswerForAWhileStayWhatTheyWere() {
    side.put(foreign(NOW));
    start();
    sideFaults = new TableFaults(Duration.ofMillis(10), 1, 0, 0, 0);

    TableView view = scan();

    assertThat(view.coordination().foreignWorkers()).containsExactly(foreign(NOW));
    assertThat(table.placement().workers()).isEqualTo(Place.SIDE_TABLES);
  }

  @Test
  void aWorkerThatLeavesIsRemovedEverywhere() {
    leases.put(lease("shardId-0", 60));
    start();
    beat(1);
    own.putWorker(new WorkerRecord("worker-b", 1, false, NOW));
    leases.coordination().putWorker(new WorkerRecord("worker-b", 2, false, NOW));

    run(() -> table.coordination().deleteWorker("worker-b"));

    assertThat(own.workers()).containsOnlyKeys("worker-a");
    assertThat(leases.coordination().workers()).isEmpty();
    assertThat(run(() -> table.coordination().deleteStaleWorker("worker-a", NOW.plusSeconds(1))))
        .isTrue();
    assertThat(own.workers()).isEmpty();
  }

  @Test
  void aTableOfOursThatMayNotBeMadeFailsTheStart() {
    leases.put(lease("shardId-0", 60));
    TableFaults denied = new TableFaults(Duration.ofMillis(10), 0, 0, 0, 1);
    PlacedLeaseTable forbidden = new PlacedLeaseTable(
        loop,
        leases,
        side,
        new SimulatedCoordinationTable(world, own, () -> denied),
        Place.LEASE_TABLE);

    CompletableFuture<Void> start = new CompletableFuture<>();
    loop.execute(() -> forbidden.ensureExists().whenComplete((done, failure) -> {
      if (failure != null) {
        start.completeExceptionally(failure);
      }
    }));
    world.runFor(Duration.ofSeconds(10));

    Throwable failure = start.handle((done, thrown) -> thrown).join();
    assertThat(failure).isInstanceOf(LeaseTableException.class);
    assertThat(((LeaseTableException) failure).kind()).isEqualTo(Kind.DENIED);
  }

  private void start() {
    run(table::ensureExists);
  }

  private TableView scan() {
    return run(table::scan);
  }

  private void beat(long beat) {
    run(() -> table
        .coordination()
        .putWorker(new WorkerRecord("worker-a", beat, false, NOW.plusSeconds(beat))));
  }

  private void lock(LockWrite write) {
    assertThat(run(() -> table.coordination().writeLock(write)).isWritten()).isTrue();
  }

  private static Optional<CoordinationView> look(InMemoryCoordinationTable table) {
    return table.look().toCompletableFuture().join();
  }

  private <T> T run(Supplier<CompletionStage<T>> request) {
    CompletableFuture<T> reply = new CompletableFuture<>();
    loop.execute(() -> request.get().whenComplete((value, failure) -> {
      if (failure == null) {
        reply.complete(value);
      } else {
        reply.completeExceptionally(failure);
      }
    }));
    assertThat(world.runUntil(reply::isDone, Duration.ofSeconds(30))).isTrue();
    return reply.join();
  }

  private static ForeignWorker foreign(Instant writtenAt) {
    return new ForeignWorker("worker-k", writtenAt, WorkerMetrics.NONE, null);
  }

  private static Migration migration(Migration.Subject subject, String state) {
    return new Migration(subject, state, "worker-k", NOW, List.of());
  }

  private static Lease lease(String key, long counter) {
    return new Lease(
        new LeaseKey(key),
        new Ownership(null, null, counter, 0, null),
        Progress.at(Checkpoint.TRIM_HORIZON),
        ShardFacts.NONE);
  }
}
