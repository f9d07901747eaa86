package org.openkcl.leases.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openkcl.leases.ClientVersion;
import org.openkcl.leases.ForeignWorker;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.LockWrite;
import org.openkcl.leases.Migration;
import org.openkcl.leases.Migration.Subject;
import org.openkcl.leases.MigrationWrite;
import org.openkcl.leases.StreamNote;
import org.openkcl.leases.TableMigrationStatus;
import org.openkcl.leases.WorkerMetrics;
import org.openkcl.leases.WorkerRecord;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Items that no fixture shows, and the requests letter by letter. */
class CoordinationItemsTest {
  private static final Instant AT = Instant.ofEpochMilli(1_795_481_645_673L);
  private static final LeaderLock LOCK =
      LeaderLock.heldBy("worker-1", Duration.ofMinutes(2), "v-1");
  private static final CoordinationWrites ONE = new CoordinationWrites("leaseKey", true);
  private static final CoordinationWrites SIDE = new CoordinationWrites("key", false);
  private static final CoordinationWrites METRICS = new CoordinationWrites("wid", false);

  @Test
  void aWorkersItemIsReadAsItWasWritten() {
    WorkerMetrics metrics =
        WorkerMetrics.NONE.with("C", 12.345678, 100).with("C", -1, 100).with("T", 0.000012, 2048.5);
    WorkerRecord worker =
        new WorkerRecord("worker-1", 42, true, Instant.parse("2026-11-24T03:00:07.9Z"), metrics);

    Map<String, AttributeValue> item = CoordinationItems.attributes(worker);

    assertThat(item)
        .containsOnly(
            Map.entry("entityType", s("WORKER_METRIC_STATS")),
            Map.entry("lut", n("1795489207")),
            Map.entry(
                "sts",
                AttributeValue.fromM(Map.of(
                    "C", AttributeValue.fromL(List.of(n("12.345678"), n("-1"))),
                    "T", AttributeValue.fromL(List.of(n("0.000012")))))),
            Map.entry(
                "opr",
                AttributeValue.fromM(Map.of(
                    "C", AttributeValue.fromL(List.of(n("100"))),
                    "T", AttributeValue.fromL(List.of(n("2048.5")))))),
            Map.entry("sup", n("1")),
            Map.entry("slu", n("1795489207")),
            Map.entry("openkclBeat", n("42")),
            Map.entry("openkclLeaving", AttributeValue.fromBool(true)),
            Map.entry("openkclWeight", n("1.0")),
            Map.entry("openkclMaxLeases", n("0")),
            Map.entry("openkclFormat", n("1")));
    assertThat(CoordinationItems.worker("worker-1", item)).contains(worker);
    assertThat(CoordinationItems.foreignWorker("worker-1", item)).isEmpty();
  }

  @Test
  void ofAMetricTheLastTenAveragesAreKept() {
    WorkerMetrics metrics = WorkerMetrics.NONE;
    for (int i = 0; i < 12; i++) {
      metrics = metrics.with("C", i, 100);
    }

    assertThat(metrics.averages().get("C"))
        .containsExactly(2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0);
    assertThat(metrics.areValid()).isTrue();
    assertThat(metrics.areFailing()).isFalse();
    assertThat(metrics.with("M", WorkerMetrics.FAILED, 100).areFailing()).isTrue();
    assertThat(metrics.with("M", 5, 0).areValid()).isFalse();
    assertThat(WorkerMetrics.NONE.areValid()).isTrue();
  }

  @Test
  void aForeignWorkerKeepsItsProperties() {
    ForeignWorker worker = new ForeignWorker(
        "worker-k",
        AT,
        new WorkerMetrics(Map.of(), Map.of(), Map.of("zone", "a")),
        new ForeignWorker.Support(2, AT.minusSeconds(5)));

    Map<String, AttributeValue> item = CoordinationItems.attributes(worker);

    assertThat(item).containsEntry("properties", AttributeValue.fromM(Map.of("zone", s("a"))));
    assertThat(CoordinationItems.foreignWorker("worker-k", item)).contains(worker);
  }

  @Test
  void aWorkersItemThatCannotBeUnderstoodIsNobodys() {
    Map<String, AttributeValue> ours =
        CoordinationItems.attributes(new WorkerRecord("worker-1", 42, true, AT));
    Map<String, AttributeValue> foreign =
        CoordinationItems.attributes(new ForeignWorker("worker-1", AT, WorkerMetrics.NONE, null));
    AttributeValue noNumbers =
        AttributeValue.fromM(Map.of("C", AttributeValue.fromL(List.of(s("many")))));

    for (Map<String, AttributeValue> change :
        List.of(Map.of("lut", s("soon")), Map.of("sts", noNumbers), Map.of("slu", s("never")))) {
      Map<String, AttributeValue> broken = new HashMap<>(foreign);
      broken.putAll(change);
      assertThat(CoordinationItems.foreignWorker("worker-1", broken)).isEmpty();
    }
    ours.put("openkclBeat", s("loud"));
    assertThat(CoordinationItems.worker("worker-1", ours)).isEmpty();
    assertThat(CoordinationItems.foreignWorker("worker-1", ours)).isEmpty();
  }

  @Test
  void locksOfEitherLibraryAreReadAsTheyWereWritten() {
    for (LeaderLock lock :
        List.of(LOCK, new LeaderLock("worker-k", Duration.ofMillis(1500), "k-1", true, false))) {
      assertThat(CoordinationItems.lock(CoordinationItems.attributes(lock))).contains(lock);
    }
    assertThat(CoordinationItems.attributes(LOCK))
        .containsOnly(
            Map.entry("entityType", s("LEADER")),
            Map.entry("ownerName", s("worker-1")),
            Map.entry("leaseDuration", s("120000")),
            Map.entry("recordVersionNumber", s("v-1")),
            Map.entry("openkclFormat", n("1")));
  }

  @Test
  void aLockThatCannotBeUnderstoodReadsAsNone() {
    Map<String, AttributeValue> item = new HashMap<>(CoordinationItems.attributes(LOCK));
    item.put("leaseDuration", s("two minutes"));

    assertThat(CoordinationItems.lock(item)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(value = ClientVersion.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void everyStateOfTheClientsMigrationIsReadAsItWasWritten(ClientVersion version) {
    Migration migration = new Migration(
        Subject.CLIENT_VERSION,
        version.text(),
        "KclMigrationTool-rollback",
        AT,
        List.of(new Migration.Step("CLIENT_VERSION_INIT", "worker-1", AT.minusMillis(9))));

    Map<String, AttributeValue> item = CoordinationItems.attributes(migration);

    assertThat(item)
        .containsEntry("cv", s(version.text()))
        .containsEntry("entityType", s("CLIENT_VERSION_MIGRATION"));
    assertThat(CoordinationItems.migration(Subject.CLIENT_VERSION, item)).contains(migration);
    assertThat(migration.clientVersion()).isEqualTo(version);
  }

  @ParameterizedTest
  @EnumSource(value = TableMigrationStatus.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void everyStateOfTheTablesMigrationIsReadAsItWasWritten(TableMigrationStatus status) {
    Migration migration = new Migration(Subject.TABLES, status.text(), "worker-1", AT, List.of());

    Map<String, AttributeValue> item = CoordinationItems.attributes(migration);

    assertThat(item)
        .containsEntry("tm", s(status.text()))
        .containsEntry("entityType", s("TABLE_MIGRATION"));
    assertThat(CoordinationItems.migration(Subject.TABLES, item)).contains(migration);
    assertThat(migration.tableStatus()).isEqualTo(status);
  }

  @Test
  void aMigrationsHistoryHoldsTenSteps() {
    Migration migration =
        new Migration(Subject.CLIENT_VERSION, ClientVersion.V2X.text(), "tool", AT, List.of());
    List<ClientVersion> steps = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      steps.add(ClientVersion.UPGRADE_FROM_2X);
      steps.add(ClientVersion.V2X);
    }
    for (ClientVersion next : steps) {
      migration = MigrationWrite.step(migration, next, "tool", AT).intended();
    }

    assertThat(migration.history()).hasSize(10);
    assertThat(migration.history().get(0).state()).isEqualTo("CLIENT_VERSION_UPGRADE_FROM_2X");
  }

  @Test
  void aStreamsNoteIsReadAsItWasWritten() {
    StreamNote stream = new StreamNote("123456789012:orders:1700000000", "id-1");

    assertThat(CoordinationItems.stream(
            stream.streamIdentifier(), CoordinationItems.attributes(stream)))
        .contains(stream);
  }

  @Test
  void inSideTablesTheKeyTellsWhatHasNoTypeOrOneThatIsNotKnown() {
    assertThat(CoordinationItems.typeOf("Leader", Map.of())).isEqualTo("LEADER");
    assertThat(CoordinationItems.typeOf("Migration3.0", Map.of("entityType", s("V9"))))
        .isEqualTo("CLIENT_VERSION_MIGRATION");
    assertThat(CoordinationItems.typeOf("TableMigration3.5", Map.of()))
        .isEqualTo("TABLE_MIGRATION");
    assertThat(CoordinationItems.typeOf("whatever", Map.of())).isEmpty();
    assertThat(CoordinationItems.typeOf("orders", Map.of("entityType", s("STREAM"))))
        .isEqualTo("STREAM");
  }

  @Test
  void aLockIsAcquiredUnderAmazonsConditions() {
    PutItemRequest absent = ONE.acquisition(LockWrite.acquire(null, LOCK)).build();
    PutItemRequest expired =
        SIDE.acquisition(LockWrite.acquire(LOCK, LOCK.beaten("v-2"))).build();
    LeaderLock given = new LeaderLock("worker-k", Duration.ofMinutes(2), "k-1", true, false);
    PutItemRequest released = ONE.acquisition(LockWrite.acquire(given, LOCK)).build();

    assertThat(absent.conditionExpression()).isEqualTo("attribute_not_exists(#leaseKey)");
    assertThat(absent.item()).containsEntry("leaseKey", s("Leader"));
    assertThat(expired.conditionExpression())
        .isEqualTo("attribute_exists(#key) AND #recordVersionNumber = :was_recordVersionNumber");
    assertThat(expired.item()).containsEntry("key", s("Leader")).doesNotContainKey("leaseKey");
    assertThat(released.conditionExpression())
        .isEqualTo("attribute_exists(#leaseKey) AND #isReleased = :was_isReleased");
  }

  @Test
  void aLockIsKeptAndGivenUpUnderAmazonsConditions() {
    String condition = "attribute_exists(#key) AND #recordVersionNumber = :was_recordVersionNumber"
        + " AND #ownerName = :was_ownerName";
    UpdateItemRequest beat = SIDE.heartbeat(LockWrite.heartbeat(LOCK, "v-2")).build();
    DeleteItemRequest release = SIDE.release(LockWrite.release(LOCK)).build();

    assertThat(beat.conditionExpression()).isEqualTo(condition);
    assertThat(beat.updateExpression())
        .isEqualTo("SET #leaseDuration = :leaseDuration,"
            + " #recordVersionNumber = :recordVersionNumber");
    assertThat(beat.expressionAttributeValues())
        .containsEntry(":was_recordVersionNumber", s("v-1"))
        .containsEntry(":recordVersionNumber", s("v-2"));
    assertThat(release.conditionExpression()).isEqualTo(condition);
  }

  @Test
  void aMigrationIsMovedOnlyFromTheStateThatWasSeen() {
    Migration seen = new Migration(
        Subject.CLIENT_VERSION, ClientVersion.UPGRADE_FROM_2X.text(), "worker-1", AT, List.of());

    UpdateItemRequest request = ONE.step(
            MigrationWrite.step(seen, ClientVersion.V3X_WITH_ROLLBACK, "worker-2", AT))
        .build();

    assertThat(request.conditionExpression())
        .isEqualTo("#leaseKey = :was_leaseKey AND #cv = :was_cv");
    assertThat(request.expressionAttributeValues())
        .containsEntry(":was_cv", s("CLIENT_VERSION_UPGRADE_FROM_2X"))
        .containsEntry(":cv", s("CLIENT_VERSION_3X_WITH_ROLLBACK"));
  }

  @Test
  void inATableOfWorkersAloneTheirKindIsNotAskedFor() {
    WorkerRecord worker = new WorkerRecord("me", 1, false, AT);

    assertThat(METRICS.beat(worker).build().conditionExpression()).isNull();
    assertThat(METRICS.farewell("me").build().conditionExpression())
        .isEqualTo("attribute_exists(#openkclBeat)");
    assertThat(METRICS.cleanUp("me", AT).build().conditionExpression())
        .isEqualTo("#lut = :was_lut");
    assertThat(ONE.cleanUp("me", AT).build().conditionExpression())
        .isEqualTo("#entityType = :was_entityType AND #lut = :was_lut");
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue n(String number) {
    return AttributeValue.fromN(number);
  }
}
