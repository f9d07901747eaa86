package org.openkcl.leases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openkcl.leases.ItemPlacement.Found;
import org.openkcl.leases.ItemPlacement.Place;
import org.openkcl.leases.Migration.Subject;

/** Rule by rule: what is found, and where items go. */
class ItemPlacementTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_795_481_645);
  private static final ItemPlacement LEASE_TABLE = ItemPlacement.allIn(Place.LEASE_TABLE);
  private static final ItemPlacement SIDE_TABLES = ItemPlacement.allIn(Place.SIDE_TABLES);
  private static final ItemPlacement OWN_TABLE = ItemPlacement.allIn(Place.OWN_TABLE);
  private static final CoordinationView EMPTY = CoordinationView.EMPTY;

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void whatIsFoundDecides(String situation, Found found, Place preferred, ItemPlacement expected) {
    assertThat(ItemPlacement.of(found, preferred)).isEqualTo(expected);
  }

  static Stream<Arguments> whatIsFoundDecides() {
    Lease amazons = lease(60);
    Lease ours = lease(1_795_481_645_664L);
    return Stream.of(
        row("a fresh table, by default", found(EMPTY, null, false), LEASE_TABLE),
        Arguments.of(
            "a fresh table, and a table beside it preferred",
            found(EMPTY, null, false),
            Place.OWN_TABLE,
            OWN_TABLE),
        row("leases of 2.x and nothing else", found(EMPTY, null, false, amazons), OWN_TABLE),
        row("leases of both and nothing else", found(EMPTY, null, false, ours, amazons), OWN_TABLE),
        row("our leases, all workers stopped", found(EMPTY, null, false, ours), LEASE_TABLE),
        row("our table beside a former 2.x's", found(EMPTY, null, true, ours), OWN_TABLE),
        row(
            "our workers in the table",
            found(ourWorker(), null, false, ours, amazons),
            LEASE_TABLE),
        Arguments.of(
            "our workers in the table, and a table beside it preferred",
            found(ourWorker(), null, false, ours),
            Place.OWN_TABLE,
            OWN_TABLE),
        row("3.5: Amazon's lock", found(locked(), null, false, amazons), LEASE_TABLE),
        row("3.5: workers", found(foreign(NOW), null, false, amazons), LEASE_TABLE),
        row("3.5, stopped: its migration", found(client(), null, false, amazons), LEASE_TABLE),
        row("2.x becomes 3.5 beside our table", found(client(), null, true, amazons), LEASE_TABLE),
        Arguments.of(
            "3.5 decides against a preference",
            found(client(), null, false, amazons),
            Place.OWN_TABLE,
            LEASE_TABLE),
        row("3.0 to 3.4", found(EMPTY, foreign(NOW), false, amazons), SIDE_TABLES),
        row("3.0 to 3.4 beside our table", found(EMPTY, foreign(NOW), true, amazons), SIDE_TABLES),
        row("side tables, empty", found(EMPTY, EMPTY, false), SIDE_TABLES),
        row("tables INIT", found(EMPTY, tables("INIT", foreign(NOW)), false), SIDE_TABLES),
        row("tables DEPLOYED", found(EMPTY, tables("DEPLOYED", foreign(NOW)), false), SIDE_TABLES),
        row(
            "tables DEPLOYED, and a worker of Amazon's writes to the lease table",
            found(foreign(NOW), tables("DEPLOYED", foreign(NOW.plusSeconds(20))), false),
            new ItemPlacement(Place.SIDE_TABLES, Place.LEASE_TABLE, Place.SIDE_TABLES)),
        row(
            "tables DEPLOYED, and that was tried an hour ago",
            found(foreign(NOW.minus(Duration.ofHours(1))), tables("DEPLOYED", foreign(NOW)), false),
            SIDE_TABLES),
        row(
            "tables DEPLOYED, nobody beside any more",
            found(foreign(NOW), tables("DEPLOYED", EMPTY), false),
            new ItemPlacement(Place.SIDE_TABLES, Place.LEASE_TABLE, Place.SIDE_TABLES)),
        row(
            "tables PENDING",
            found(foreign(NOW), tables("PENDING", EMPTY), false),
            new ItemPlacement(Place.SIDE_TABLES, Place.LEASE_TABLE, Place.LEASE_TABLE)),
        row("tables COMPLETE", found(foreign(NOW), tables("COMPLETE", EMPTY), false), LEASE_TABLE),
        row("tables in a state to come", found(EMPTY, tables("V9", EMPTY), false), SIDE_TABLES));
  }

  @Test
  void migrationsAreNeverKeptInATableOfOurs() {
    assertThat(OWN_TABLE.migrations()).isEqualTo(Place.LEASE_TABLE);
  }

  private static Arguments row(String situation, Found found, ItemPlacement expected) {
    return Arguments.of(situation, found, Place.LEASE_TABLE, expected);
  }

  private static Found found(
      CoordinationView leaseTable,
      @Nullable CoordinationView sideTables,
      boolean ownTable,
      Lease... leases) {
    return new Found(
        new TableView(List.of(leases), leaseTable, List.of(), 0.5), sideTables, ownTable);
  }

  private static CoordinationView ourWorker() {
    WorkerRecord worker = new WorkerRecord("worker-a", 1, false, NOW);
    return new CoordinationView(null, List.of(worker), List.of(), List.of(), List.of(), 0);
  }

  private static CoordinationView foreign(Instant writtenAt) {
    ForeignWorker worker = new ForeignWorker("worker-k", writtenAt, WorkerMetrics.NONE, null);
    return new CoordinationView(null, List.of(), List.of(worker), List.of(), List.of(), 0);
  }

  private static CoordinationView locked() {
    LeaderLock lock = new LeaderLock("worker-k", Duration.ofMinutes(2), "v", false, false);
    return new CoordinationView(lock, List.of(), List.of(), List.of(), List.of(), 0);
  }

  private static CoordinationView client() {
    return migrating(Subject.CLIENT_VERSION, ClientVersion.UPGRADE_FROM_2X.text());
  }

  private static CoordinationView tables(String status, CoordinationView more) {
    return migrating(Subject.TABLES, "TABLE_MIGRATION_STATUS_" + status).and(more);
  }

  private static CoordinationView migrating(Subject subject, String state) {
    Migration migration = new Migration(subject, state, "worker-k", NOW, List.of());
    return new CoordinationView(null, List.of(), List.of(), List.of(migration), List.of(), 0);
  }

  private static Lease lease(long counter) {
    return new Lease(
        new LeaseKey("shardId-" + counter),
        new Ownership(null, null, counter, 0, null),
        Progress.at(Checkpoint.TRIM_HORIZON),
        ShardFacts.NONE);
  }
}
