package org.openkcl.leases.dynamodb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openkcl.leases.ClientVersion;
import org.openkcl.leases.CoordinationView;
import org.openkcl.leases.ForeignWorker;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Migration;
import org.openkcl.leases.TableView;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** Tables written by Amazon's library: everything is understood, and nothing is lost. */
class AmazonFixturesTest {

  @ParameterizedTest
  @CsvSource({
    "2.7.2, 1-one-worker, 4, 0",
    "2.7.2, 3-two-workers, 4, 0",
    "2.7.2, 4-after-reshard, 7, 0",
    "2.7.2, 5-after-stop, 7, 0",
    "3.4.2, 1-one-worker, 4, 0",
    "3.4.2, 2-handoff, 4, 0",
    "3.4.2, 3-two-workers, 4, 0",
    "3.4.2, 4-after-reshard, 7, 0",
    "3.4.2, 5-after-stop, 7, 0",
    "3.5.1, 1-one-worker, 4, 3",
    "3.5.1, 3-two-workers, 4, 4",
    "3.5.1, 4-after-reshard, 7, 4",
    "3.5.1, 5-after-stop, 7, 3",
    "3.5.1, 6-several-streams, 3, 3",
    "3.5.1, 7-prepared-checkpoint, 2, 3",
    "3.5.1, 8-at-timestamp, 2, 3",
    "3.5.1, 9-compatible-with-2x-phase-1, 2, 0",
    "3.5.1, 10-upgrade-from-2x, 2, 2",
    "3.5.1, 12-beside-3.4.2, 2, 0",
    "3.5.1, 13-table-migration-init, 2, 0",
  })
  void everyItemIsReadAndEveryLeaseIsWrittenAsItWas(
      String version, String moment, int leases, int others) {
    List<Map<String, AttributeValue>> items = items(version, moment);
    int otherItems = 0;
    for (Map<String, AttributeValue> item : items) {
      otherItems += LeaseItems.read(item)
          .match(
              lease -> {
                assertThat(LeaseItems.attributes(lease.lease())).isEqualTo(withoutType(item));
                return 0;
              },
              malformed -> fail(item),
              other -> {
                assertThat(encoded(other)).isEqualTo(item);
                return 1;
              });
    }

    assertThat(otherItems).isEqualTo(others);
    TableView view = view(items);
    assertThat(view.leases()).hasSize(leases).allSatisfy(lease -> {
      assertThat(lease.ownership().writer()).isNull();
      assertThat(lease.owner()).startsWith("worker-");
      assertThat(lease.shard().hashKeyRange()).isNotNull();
    });
    assertThat(view.workers()).isEmpty();
    assertThat(view.malformed()).isEmpty();
  }

  /** 3.0 to 3.4 write no entityType; 3.5 writes it to side tables too, and so do we. */
  @ParameterizedTest
  @CsvSource({
    "3.4.2, 1-one-worker, 1, 2",
    "3.4.2, 3-two-workers, 2, 2",
    "3.4.2, 4-after-reshard, 2, 2",
    "3.4.2, 5-after-stop, 2, 1",
    "3.5.1, 12-beside-3.4.2, 2, 2",
    "3.5.1, 13-table-migration-init, 2, 3",
  })
  void everyItemOfTheSideTablesIsReadAndWrittenAsItWas(
      String version, String moment, int workers, int others) {
    String table = "/fixtures/amazon-kcl-" + version + "/" + moment + ".orders-app";
    List<Map<String, AttributeValue>> metrics =
        DynamoDbJson.items(table + "-WorkerMetricStats.json");
    for (Map<String, AttributeValue> item : metrics) {
      String id = requireNonNull(item.get("wid")).s();
      ForeignWorker worker = CoordinationItems.foreignWorker(id, item).orElseThrow();
      assertThat(worker.workerId()).startsWith("worker-");
      assertThat(withKey("wid", id, CoordinationItems.attributes(worker)))
          .isEqualTo(withoutType(item));
    }
    assertThat(metrics).hasSize(workers);

    List<Map<String, AttributeValue>> state = DynamoDbJson.items(table + "-CoordinatorState.json");
    for (Map<String, AttributeValue> item : state) {
      String key = requireNonNull(item.get("key")).s();
      String type = CoordinationItems.typeOf(key, item);
      Map<String, AttributeValue> again = encoded(new ItemContent.OtherItem(key, type, item));
      again.remove("leaseKey");
      assertThat(withKey("key", key, again)).isEqualTo(withoutType(item));
    }
    assertThat(state).hasSize(others);
  }

  @Test
  void the351TableIsSeenWhole() {
    CoordinationView view = view(items("3.5.1", "3-two-workers")).coordination();

    assertThat(view.lock())
        .isEqualTo(new LeaderLock(
            "worker-1",
            Duration.ofMinutes(2),
            "5c69907e-050f-425d-a1bd-04c3e0c7fbaa",
            false,
            false));
    assertThat(view.foreignWorkers())
        .extracting(ForeignWorker::workerId)
        .containsExactly("worker-1", "worker-2");
    assertThat(view.foreignWorkers())
        .allSatisfy(worker -> assertThat(worker.support())
            .isEqualTo(new ForeignWorker.Support(1, worker.writtenAt())));
    Migration migration = view.migration(Migration.Subject.CLIENT_VERSION).orElseThrow();
    assertThat(migration.clientVersion()).isEqualTo(ClientVersion.V3X);
    assertThat(migration.history())
        .extracting(Migration.Step::state)
        .containsExactly("CLIENT_VERSION_INIT");
  }

  @Test
  void leasesThat351CreatedAreWrittenWithTheirEntityType() {
    for (Map<String, AttributeValue> item : items("3.5.1", "4-after-reshard")) {
      boolean lease = LeaseItems.read(item)
          .match(
              read -> LeaseItems.newItem(read.lease()).equals(item),
              malformed -> false,
              other -> true);
      assertThat(lease).isTrue();
    }
  }

  @Test
  void aLeaseInTheMiddleOfAHandoffHasBothOwners() {
    Lease lease = lease("3.4.2", "2-handoff", "shardId-000000000001");

    assertThat(lease.owner()).isEqualTo("worker-2");
    assertThat(lease.ownership().checkpointOwner()).isEqualTo("worker-1");
    assertThat(lease.ownership().actualOwner()).isEqualTo("worker-1");
    assertThat(lease.counter()).isEqualTo(14);
    assertThat(lease.throughputKBps()).isEqualTo(0.011956);
  }

  @Test
  void afterASplitAndAMergeTheFamilyIsKnown() {
    for (String version : List.of("2.7.2", "3.4.2", "3.5.1")) {
      Lease merged = lease(version, "4-after-reshard", "shardId-000000000002");
      Lease child = lease(version, "4-after-reshard", "shardId-000000000006");

      assertThat(merged.isFinished()).isTrue();
      assertThat(merged.shard().childShardIds()).containsExactly("shardId-000000000006");
      assertThat(child.shard().parentShardIds())
          .containsExactly("shardId-000000000002", "shardId-000000000003");
    }
  }

  private static Lease lease(String version, String moment, String key) {
    return view(items(version, moment)).leases().stream()
        .filter(lease -> lease.key().equals(new LeaseKey(key)))
        .findFirst()
        .orElseThrow();
  }

  private static TableView view(List<Map<String, AttributeValue>> items) {
    ScannedPages pages = new ScannedPages();
    pages.add(ScanResponse.builder().items(new ArrayList<>(items)).build());
    return ScannedPages.view(List.of(pages));
  }

  private static List<Map<String, AttributeValue>> items(String version, String moment) {
    return DynamoDbJson.items(
        "/fixtures/amazon-kcl-" + version + "/" + moment + ".orders-app.json");
  }

  private static Map<String, AttributeValue> withoutType(Map<String, AttributeValue> item) {
    Map<String, AttributeValue> rest = new HashMap<>(item);
    rest.remove(Attributes.ENTITY_TYPE);
    return rest;
  }

  private static Map<String, AttributeValue> encoded(ItemContent.OtherItem other) {
    Map<String, AttributeValue> item = other.item();
    String key = other.key();
    Map<String, AttributeValue> attributes = switch (other.entityType()) {
      case "LEADER" -> CoordinationItems.attributes(CoordinationItems.lock(item).orElseThrow());
      case "CLIENT_VERSION_MIGRATION" ->
        CoordinationItems.attributes(
            CoordinationItems.migration(Migration.Subject.CLIENT_VERSION, item).orElseThrow());
      case "TABLE_MIGRATION" ->
        CoordinationItems.attributes(
            CoordinationItems.migration(Migration.Subject.TABLES, item).orElseThrow());
      case "WORKER_METRIC_STATS" ->
        CoordinationItems.attributes(CoordinationItems.foreignWorker(key, item).orElseThrow());
      default -> throw new AssertionError("Not understood: " + item);
    };
    attributes.put("leaseKey", AttributeValue.fromS(key));
    return attributes;
  }

  /** What an item of a side table of 3.4 would be: its own key, and no entityType. */
  private static Map<String, AttributeValue> withKey(
      String name, String key, Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> item = withoutType(attributes);
    item.put(name, AttributeValue.fromS(key));
    return item;
  }

  private static int fail(Map<String, AttributeValue> item) {
    throw new AssertionError("Not understood: " + item);
  }
}
