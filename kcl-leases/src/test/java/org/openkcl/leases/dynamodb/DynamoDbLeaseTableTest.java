package org.openkcl.leases.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableContract;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WorkerRecord;
import org.openkcl.leases.memory.InMemoryLeaseTable;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DynamoDbLeaseTableTest extends LeaseTableContract {
  private final LocalCloud cloud = LocalCloud.start();
  private final DynamoDbAsyncClient client = cloud.dynamoDb();
  private int tables;

  @AfterAll
  void stop() {
    cloud.close();
  }

  @Override
  protected LeaseTable newTable() {
    LeaseTable table = table("orders-app-" + ++tables);
    answer(table.ensureExists());
    return table;
  }

  @Override
  protected void putAsIs(LeaseTable table, Lease lease) {
    put(table, LeaseItems.newItem(lease));
  }

  @Override
  protected void putWithoutCounter(LeaseTable table, LeaseKey key) {
    put(
        table,
        Map.of(
            "leaseKey", AttributeValue.fromS(key.value()),
            "checkpoint", AttributeValue.fromS("TRIM_HORIZON"),
            "ownerSwitchesSinceCheckpoint", AttributeValue.fromN("0")));
  }

  @Test
  void aMissingTableIsSaidToBeMissing() {
    LeaseTable table = table("no-such-app");

    assertThat(failure(table.scan()).kind()).isEqualTo(Kind.TABLE_MISSING);
    assertThat(failure(table.write(LeaseWrite.create(lease(1)))))
        .hasMessageContaining("no-such-app");
  }

  @Test
  void aTableThatExistsIsLeftAlone() {
    LeaseTable table = newTable();
    answer(table.write(LeaseWrite.create(lease(1))));

    answer(table.ensureExists());
    assertThat(answer(table.scan()).leases()).containsExactly(lease(1));
  }

  @Test
  void attributesThatAreNotKnownSurviveEveryWrite() {
    LeaseTable table = newTable();
    Lease seen = lease(1);
    Map<String, AttributeValue> item = new HashMap<>(LeaseItems.newItem(seen));
    item.put("note", AttributeValue.fromS("an operator's"));
    put(table, item);

    Lease claimed = written(table, LeaseWrite.claim(seen, "other", "process-b"));
    Lease renewed = written(table, LeaseWrite.renew(claimed, claimed, "process-b"));
    written(table, LeaseWrite.release(renewed, renewed, null, null));

    assertThat(item(table, seen.key()))
        .containsEntry("note", AttributeValue.fromS("an operator's"))
        .containsEntry("entityType", AttributeValue.fromS("LEASE"))
        .doesNotContainKey("leaseOwner");
  }

  @Test
  void aCreatedLeaseIsAnItemAsAmazonsLibraryWritesIt() {
    LeaseTable table = newTable();
    List<Map<String, AttributeValue>> items =
        DynamoDbJson.items("/fixtures/amazon-kcl-3.5.1/4-after-reshard.orders-app.json");
    List<Lease> leases = new ArrayList<>();
    for (Map<String, AttributeValue> item : items) {
      boolean unused = LeaseItems.read(item)
          .match(read -> leases.add(read.lease()), malformed -> false, other -> false);
    }
    leases.forEach(lease -> written(table, LeaseWrite.create(lease)));

    assertThat(answer(table.scan()).leases()).containsExactlyInAnyOrderElementsOf(leases);
    for (Lease lease : leases) {
      assertThat(item(table, lease.key()).keySet())
          .isEqualTo(LeaseItems.newItem(lease).keySet())
          .contains("entityType");
    }
  }

  @Test
  void itemsOfAmazonsThatAreNoLeasesAreReportedAsSuchAndNotTouched() {
    LeaseTable table = newTable();
    List<Map<String, AttributeValue>> items =
        DynamoDbJson.items("/fixtures/amazon-kcl-3.5.1/3-two-workers.orders-app.json");
    items.forEach(item -> put(table, item));

    TableView view = answer(table.scan());
    assertThat(view.leases()).hasSize(4);
    assertThat(view.workers()).isEmpty();
    assertThat(view.malformed()).isEmpty();

    LeaseKey leader = new LeaseKey("Leader");
    answer(table.delete(leader));
    answer(table.coordination().deleteWorker("Leader"));
    answer(table.coordination().deleteWorker("worker-1"));
    assertThat(answer(table.read(leader))).isEmpty();
    assertThat(failure(table.coordination().putWorker(worker("Leader"))).kind())
        .isEqualTo(Kind.REFUSED);
    assertThat(item(table, leader)).isNotEmpty();
    assertThat(item(table, new LeaseKey("worker-1"))).isNotEmpty();
  }

  @Test
  void aWorkerThatRanAmazonsLibraryBeforeKeepsWhatThatWrote() {
    LeaseTable table = newTable();
    DynamoDbJson.items("/fixtures/amazon-kcl-3.5.1/3-two-workers.orders-app.json")
        .forEach(item -> put(table, item));

    answer(table.coordination().putWorker(worker("worker-1")));

    assertThat(answer(table.scan()).workers()).containsExactly(worker("worker-1"));
    assertThat(item(table, new LeaseKey("worker-1")))
        .containsEntry("sup", AttributeValue.fromN("1"))
        .containsEntry("opr", AttributeValue.fromM(Map.of()))
        .doesNotContainKey("leaseOwner");
  }

  @Test
  void ofManyClaimsAtOnceExactlyOneIsWritten() {
    LeaseTable table = newTable();
    Lease free = written(table, LeaseWrite.create(lease(1)));
    List<CompletionStage<Boolean>> claims = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      LeaseWrite claim = LeaseWrite.claim(free, "worker-" + i, "process-" + i);
      claims.add(table
          .write(claim)
          .thenApply(
              result -> result.match(written -> true, lost -> lost.actual().isEmpty())));
    }
    assertThat(claims.stream().filter(LeaseTableContract::answer)).hasSize(1);
  }

  /** The figures of docs/lease-table.md. */
  @Test
  void aScanCostsWhatIsDocumentedAndTheTableInMemoryAgrees() {
    LeaseTable table = newTable();
    InMemoryLeaseTable memory = new InMemoryLeaseTable("memory");
    Map<Integer, Double> costs = new TreeMap<>();
    for (int leases : List.of(16, 64, 256, 1000)) {
      putUpTo(leases, table, memory);
      double cost = answer(table.scan()).readUnits();
      costs.put(leases, cost);
      assertThat(answer(memory.scan()).readUnits())
          .isCloseTo(cost, within(Math.max(0.5, 0.05 * cost)));
    }
    assertThat(costs).isEqualTo(Map.of(16, 1.0, 64, 3.0, 256, 11.5, 1000, 45.0));
  }

  private void putUpTo(int leases, LeaseTable table, InMemoryLeaseTable memory) {
    List<CompletableFuture<?>> writes = new ArrayList<>();
    List<WriteRequest> batch = new ArrayList<>();
    for (int i = memory.rows().size(); i < leases; i++) {
      Lease lease = lease(i);
      memory.put(lease);
      batch.add(WriteRequest.builder()
          .putRequest(put -> put.item(LeaseItems.newItem(lease)))
          .build());
      if (batch.size() == 25 || i == leases - 1) {
        writes.add(client.batchWriteItem(BatchWriteItemRequest.builder()
            .requestItems(Map.of(table.name(), List.copyOf(batch)))
            .build()));
        batch.clear();
      }
    }
    answer(CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)));
  }

  private DynamoDbLeaseTable table(String name) {
    return new DynamoDbLeaseTable(
        client,
        DynamoDbTableSettings.of(name).withRequestTimeout(Duration.ofSeconds(30)),
        (delay, task) -> CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
            .execute(task));
  }

  private void put(LeaseTable table, Map<String, AttributeValue> item) {
    answer(client.putItem(
        PutItemRequest.builder().tableName(table.name()).item(item).build()));
  }

  private Map<String, AttributeValue> item(LeaseTable table, LeaseKey key) {
    return answer(client.getItem(GetItemRequest.builder()
            .tableName(table.name())
            .key(LeaseItems.key(key.value()))
            .build()))
        .item();
  }

  private static Lease written(LeaseTable table, LeaseWrite write) {
    return answer(table.write(write)).match(written -> written.lease(), lost -> {
      throw new AssertionError("Lost to " + lost.actual());
    });
  }

  private static WorkerRecord worker(String id) {
    return new WorkerRecord(id, 1, false, Instant.ofEpochSecond(1_795_481_645));
  }

  /** A lease of the usual size: owned, checkpointed, measured, with one parent. */
  private static Lease lease(int number) {
    return new Lease(
        new LeaseKey("shardId-" + "%012d".formatted(number)),
        new Ownership("ip-10-0-1-17/3fa85f64-5717", null, 1_795_481_645_664L, 0, "p-3fa85f64"),
        Progress.at(Checkpoint.at("49680506557970096638765040737160818873476639734970187810")),
        new ShardFacts(
            Set.of("shardId-000000000000"),
            Set.of(),
            HashKeyRange.of("0", "255211775190703847597530955573826158588"),
            null,
            null),
        12.345678);
  }
}
