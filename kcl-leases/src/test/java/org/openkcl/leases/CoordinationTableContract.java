package org.openkcl.leases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.openkcl.leases.LeaseTableContract.answer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.Migration.Subject;
import org.openkcl.leases.memory.InMemoryCoordinationTable;

/** What every {@link CoordinationTable} does; each adapter's test extends it. */
public abstract class CoordinationTableContract {
  private static final Instant NOW = Instant.ofEpochSecond(1_795_481_645);
  private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
  private static final LeaderLock MINE = LeaderLock.heldBy("worker-a", TWO_MINUTES, "v-1");
  private static final LeaderLock YOURS = LeaderLock.heldBy("worker-b", TWO_MINUTES, "w-1");
  private static final LeaderLock AMAZONS =
      new LeaderLock("worker-k", TWO_MINUTES, "k-1", false, false);

  private CoordinationTable table = new InMemoryCoordinationTable("unset");

  /** A table that is empty and usable. */
  protected abstract CoordinationTable newCoordination();

  /** Puts a lock there as another library might. */
  protected abstract void put(CoordinationTable table, LeaderLock lock);

  /** Puts a worker of Amazon's there. */
  protected abstract void put(CoordinationTable table, ForeignWorker worker);

  /** Puts a migration there. */
  protected abstract void put(CoordinationTable table, Migration migration);

  /** Puts a note of a stream there. */
  protected abstract void put(CoordinationTable table, StreamNote stream);

  @BeforeEach
  void startWithAnEmptyPlace() {
    table = newCoordination();
    assertThat(look().isEmpty()).isTrue();
  }

  // The leader's lock

  @Test
  void aLockThatNobodyHoldsIsAcquiredByOne() {
    assertThat(answer(table.readLock())).isEmpty();

    assertThat(written(LockWrite.acquire(null, MINE))).contains(MINE);

    LockWrite late = LockWrite.acquire(null, YOURS);
    assertThat(lost(late)).contains(MINE);
    assertThat(late.isEffectOf(Optional.of(MINE))).isFalse();
    assertThat(answer(table.readLock())).contains(MINE);
    assertThat(look().lock()).isEqualTo(MINE);
  }

  @Test
  void aHeartbeatChangesTheVersionAndOnlyTheHoldersCounts() {
    written(LockWrite.acquire(null, MINE));
    LeaderLock beaten = MINE.beaten("v-2");

    assertThat(written(LockWrite.heartbeat(MINE, "v-2"))).contains(beaten);

    assertThat(answer(table.readLock())).contains(beaten);
    assertThat(lost(LockWrite.heartbeat(MINE, "v-3"))).contains(beaten);
    LeaderLock pretended = LeaderLock.heldBy("worker-b", TWO_MINUTES, "v-2");
    assertThat(lost(LockWrite.heartbeat(pretended, "w-3"))).contains(beaten);
  }

  @Test
  void aHeartbeatGivenAgainAfterALostReplyFindsItsOwnEffect() {
    written(LockWrite.acquire(null, MINE));
    LockWrite beat = LockWrite.heartbeat(MINE, "v-2");
    written(beat);

    assertThat(beat.isEffectOf(lost(beat))).isTrue();
    assertThat(LockWrite.heartbeat(MINE, "v-3").isEffectOf(answer(table.readLock())))
        .isFalse();
  }

  @Test
  void anExpiredLockIsAcquiredByOneAndTheFormerHolderFindsOut() {
    written(LockWrite.acquire(null, MINE));

    written(LockWrite.acquire(MINE, YOURS));

    LeaderLock third = LeaderLock.heldBy("worker-c", TWO_MINUTES, "x-1");
    assertThat(lost(LockWrite.acquire(MINE, third))).contains(YOURS);
    assertThat(lost(LockWrite.heartbeat(MINE, "v-2"))).contains(YOURS);
  }

  @Test
  void aLockThatWasKeptMeanwhileIsNotExpired() {
    written(LockWrite.acquire(null, MINE));
    written(LockWrite.heartbeat(MINE, "v-2"));

    assertThat(lost(LockWrite.acquire(MINE, YOURS))).contains(MINE.beaten("v-2"));
  }

  @Test
  void aReleaseDeletesTheHoldersLockAndNoOther() {
    written(LockWrite.acquire(null, MINE));
    LockWrite release = LockWrite.release(MINE);

    assertThat(written(release)).isEmpty();

    assertThat(answer(table.readLock())).isEmpty();
    assertThat(release.isEffectOf(lost(release))).isTrue();
    written(LockWrite.acquire(null, YOURS));
    assertThat(release.isEffectOf(lost(release))).isTrue();
    assertThat(answer(table.readLock())).contains(YOURS);
  }

  @Test
  void aLockThatIsMarkedAsReleasedIsAcquiredWhateverItsVersion() {
    LeaderLock released = new LeaderLock("worker-k", TWO_MINUTES, "k-1", true, false);
    put(table, released);
    LeaderLock seenLongAgo = new LeaderLock("worker-k", TWO_MINUTES, "k-0", true, false);

    assertThat(written(LockWrite.acquire(seenLongAgo, MINE))).contains(MINE);
    assertThat(answer(table.readLock())).contains(MINE);
    assertThat(lost(LockWrite.acquire(released, YOURS))).contains(MINE);
  }

  @Test
  void amazonsLockIsReadRespectedAndTakenOnlyByItsVersion() {
    put(table, AMAZONS);

    assertThat(answer(table.readLock())).contains(AMAZONS);
    assertThat(lost(LockWrite.acquire(null, MINE))).contains(AMAZONS);
    assertThat(written(LockWrite.acquire(AMAZONS, MINE))).contains(MINE);
    assertThat(answer(table.readLock())).contains(MINE);
  }

  @Test
  void ofManyWhoAcquireAtOnceOneDoes() {
    List<CompletionStage<ConditionalResult<LeaderLock>>> attempts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      LeaderLock lock = LeaderLock.heldBy("worker-" + i, TWO_MINUTES, "v-" + i);
      attempts.add(table.writeLock(LockWrite.acquire(null, lock)));
    }

    assertThat(attempts.stream().filter(attempt -> answer(attempt).isWritten())).hasSize(1);
  }

  // Workers

  @Test
  void workersOfBothLibrariesAreSeenWithTheirMetrics() {
    WorkerMetrics metrics = WorkerMetrics.NONE
        .with(WorkerMetrics.CPU, 12.345678, 100)
        .with(WorkerMetrics.CPU, WorkerMetrics.FAILED, 100)
        .with(WorkerMetrics.THROUGHPUT, 1_000_000.5, 2048);
    WorkerRecord ours =
        new WorkerRecord("worker-a", 7, true, NOW, metrics, new WorkerCapacity(2.5, 40));
    ForeignWorker plain = new ForeignWorker("worker-k", NOW, WorkerMetrics.NONE, null);
    ForeignWorker able = new ForeignWorker(
        "worker-l", NOW.plusSeconds(9), metrics, new ForeignWorker.Support(1, NOW));
    answer(table.putWorker(ours));
    put(table, plain);
    put(table, able);

    assertThat(look().workers()).containsExactly(ours);
    assertThat(look().foreignWorkers()).containsExactlyInAnyOrder(plain, able);

    WorkerRecord later = new WorkerRecord("worker-a", 8, false, NOW.plusSeconds(3));
    answer(table.putWorker(later));
    assertThat(look().workers()).containsExactly(later);
  }

  @Test
  void aWorkerRemovesItselfAndNoWorkerOfAmazons() {
    ForeignWorker foreign = new ForeignWorker("worker-k", NOW, WorkerMetrics.NONE, null);
    put(table, foreign);
    answer(table.putWorker(new WorkerRecord("worker-a", 7, false, NOW)));

    answer(table.deleteWorker("worker-a"));
    answer(table.deleteWorker("worker-k"));
    answer(table.deleteWorker("worker-z"));

    assertThat(look().workers()).isEmpty();
    assertThat(look().foreignWorkers()).containsExactly(foreign);
  }

  @Test
  void aWorkersItemIsCleanedUpUnlessItWasWrittenAgain() {
    ForeignWorker foreign = new ForeignWorker("worker-k", NOW, WorkerMetrics.NONE, null);
    put(table, foreign);
    answer(table.putWorker(new WorkerRecord("worker-a", 7, false, NOW)));

    assertThat(answer(table.deleteStaleWorker("worker-k", NOW.minusSeconds(1)))).isFalse();
    assertThat(answer(table.deleteStaleWorker("worker-a", NOW.minusSeconds(1)))).isFalse();
    assertThat(look().foreignWorkers()).containsExactly(foreign);

    assertThat(answer(table.deleteStaleWorker("worker-k", NOW))).isTrue();
    assertThat(answer(table.deleteStaleWorker("worker-a", NOW))).isTrue();
    assertThat(answer(table.deleteStaleWorker("worker-z", NOW))).isTrue();
    assertThat(look().isEmpty()).isTrue();
  }

  @Test
  void ourWorkerTakesOverTheItemOfAWorkerOfAmazonsWithItsId() {
    put(table, new ForeignWorker("worker-a", NOW, WorkerMetrics.NONE, null));
    WorkerRecord ours = new WorkerRecord("worker-a", 7, false, NOW.plusSeconds(5));

    answer(table.putWorker(ours));

    assertThat(look().workers()).containsExactly(ours);
    assertThat(look().foreignWorkers()).isEmpty();
  }

  // Migrations and streams

  @Test
  void aMigrationMovesOnOnlyFromWhereItWasSeen() {
    Migration seen = migration(ClientVersion.UPGRADE_FROM_2X);
    put(table, seen);
    assertThat(answer(table.readMigration(Subject.CLIENT_VERSION))).contains(seen);
    MigrationWrite step =
        MigrationWrite.step(seen, ClientVersion.V3X_WITH_ROLLBACK, "worker-a", NOW.plusMillis(77));

    Migration moved = migrationWritten(step);

    assertThat(moved.clientVersion()).isEqualTo(ClientVersion.V3X_WITH_ROLLBACK);
    assertThat(moved.modifiedBy()).isEqualTo("worker-a");
    assertThat(moved.history())
        .first()
        .isEqualTo(new Migration.Step("CLIENT_VERSION_UPGRADE_FROM_2X", "worker-k", NOW));
    assertThat(answer(table.readMigration(Subject.CLIENT_VERSION))).contains(moved);
    assertThat(look().migration(Subject.CLIENT_VERSION)).contains(moved);

    MigrationWrite back =
        MigrationWrite.step(seen, ClientVersion.V2X, "KclMigrationTool-rollback", NOW);
    Optional<Migration> actual = migrationLost(back);
    assertThat(actual).contains(moved);
    assertThat(back.isEffectOf(actual)).isFalse();
    assertThat(step.isEffectOf(migrationLost(step))).isTrue();
  }

  @Test
  void aMigrationThatIsNotThereIsNotWritten() {
    MigrationWrite step = MigrationWrite.step(
        migration(ClientVersion.UPGRADE_FROM_2X), ClientVersion.V3X_WITH_ROLLBACK, "a", NOW);

    assertThat(migrationLost(step)).isEmpty();
    assertThat(answer(table.readMigration(Subject.CLIENT_VERSION))).isEmpty();
  }

  @Test
  void theMigrationOfTablesIsReadAndNeverWritten() {
    Migration tables = new Migration(
        Subject.TABLES, "TABLE_MIGRATION_STATUS_DEPLOYED", "worker-k", NOW, List.of());
    put(table, tables);

    assertThat(answer(table.readMigration(Subject.TABLES))).contains(tables);
    assertThat(tables.tableStatus()).isEqualTo(TableMigrationStatus.DEPLOYED);
    assertThatThrownBy(() -> new MigrationWrite(
            tables, tables.moved("TABLE_MIGRATION_STATUS_PENDING", "worker-a", NOW)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStateThatIsNotKnownIsKeptAsItIs() {
    Migration later =
        new Migration(Subject.CLIENT_VERSION, "CLIENT_VERSION_4X", "worker-k", NOW, List.of());
    put(table, later);

    assertThat(answer(table.readMigration(Subject.CLIENT_VERSION))).contains(later);
    assertThat(later.clientVersion()).isEqualTo(ClientVersion.UNKNOWN);
    assertThat(later.clientVersion().next()).isEmpty();
  }

  @Test
  void streamsAreSeenAndNoWorkerCanHaveTheirNames() {
    StreamNote stream = new StreamNote("123456789012:orders:1700000000", "stream-id-1");
    put(table, stream);

    assertThat(look().streams()).containsExactly(stream);
    answer(table.deleteWorker(stream.streamIdentifier()));
    assertThat(look().streams()).containsExactly(stream);
  }

  private CoordinationView look() {
    return answer(table.look()).orElseThrow();
  }

  private Optional<LeaderLock> written(LockWrite write) {
    return answer(table.writeLock(write))
        .match(ConditionalResult.Written::now, lost -> fail("" + lost));
  }

  private Optional<LeaderLock> lost(LockWrite write) {
    return answer(table.writeLock(write))
        .match(written -> fail("" + written), ConditionalResult.LostRace::actual);
  }

  private Migration migrationWritten(MigrationWrite write) {
    return answer(table.writeMigration(write))
        .match(ConditionalResult.Written::now, lost -> fail("" + lost))
        .orElseThrow();
  }

  private Optional<Migration> migrationLost(MigrationWrite write) {
    return answer(table.writeMigration(write))
        .match(written -> fail("" + written), ConditionalResult.LostRace::actual);
  }

  private static Migration migration(ClientVersion version) {
    return new Migration(
        Subject.CLIENT_VERSION,
        version.text(),
        "worker-k",
        NOW,
        List.of(new Migration.Step("CLIENT_VERSION_INIT", "worker-k", NOW.minusMillis(9))));
  }
}
