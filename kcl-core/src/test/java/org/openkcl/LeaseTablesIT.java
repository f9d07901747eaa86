package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.LocalApplication.waitUntil;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Whole schedulers on tables as other versions leave them. */
class LeaseTablesIT {
  private static LocalCloud cloud;

  @BeforeAll
  static void startCloud() {
    cloud = LocalCloud.start();
  }

  @AfterAll
  static void stopCloud() {
    cloud.close();
  }

  @Test
  void besideLeasesOf2xNothingButLeasesIsWrittenToTheLeaseTable() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "former2x", 2);
    createTable("former2x", "leaseKey");
    for (int shard = 0; shard < 2; shard++) {
      putLeaseOf2x("former2x", "shardId-00000000000" + shard);
    }
    app.put(0, 40);

    try (Scheduler scheduler = app.worker("a").processor(app::remembering).build()) {
      scheduler.start().join();
      waitUntil("all records", () -> app.seen.size() == 40);

      assertThat(keys("former2x", "leaseKey"))
          .containsExactlyInAnyOrder("shardId-000000000000", "shardId-000000000001");
      assertThat(keys("former2x-OpenKCL", "leaseKey")).containsExactly("a");
      theOtherGetsItsShare(app);
    }
    assertThat(keys("former2x-OpenKCL", "leaseKey")).isEmpty();
  }

  /** Workers see each other in the table beside. */
  private static void theOtherGetsItsShare(LocalApplication app) throws Exception {
    try (Scheduler other = app.worker("b").processor(app::remembering).build()) {
      other.start().join();
      waitUntil("a shard for the other", () -> other.snapshot().shards().size() == 1);
      assertThat(keys("former2x-OpenKCL", "leaseKey")).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void besideTheSideTablesOf34WorkersShowThemselvesThere() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "former34", 2);
    createTable("former34", "leaseKey");
    createTable("former34-CoordinatorState", "key");
    createTable("former34-WorkerMetricStats", "wid");
    app.put(0, 40);

    try (Scheduler scheduler = app.worker("a").processor(app::remembering).build()) {
      scheduler.start().join();
      waitUntil("all records", () -> app.seen.size() == 40);

      assertThat(keys("former34", "leaseKey")).allMatch(key -> key.startsWith("shardId-"));
      assertThat(keys("former34-WorkerMetricStats", "wid")).containsExactly("a");
      assertThat(cloud.dynamoDb().listTables().join().tableNames())
          .doesNotContain("former34-OpenKCL");
    }
    assertThat(keys("former34-WorkerMetricStats", "wid")).isEmpty();
  }

  @Test
  void aTableIsCreatedAsItIsAskedFor() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "asked", 2);
    LeaseTableSettings settings = LeaseTableSettings.builder()
        .provisioned(20, 10)
        .deletionProtection()
        .ownerIndex()
        .itemsInOwnTable()
        .itemTableName("asked-items")
        .tag("team", "orders")
        .build();

    try (Scheduler scheduler =
        app.worker("a").leaseTable(settings).processor(app::remembering).build()) {
      scheduler.start().join();
      TableDescription table = describe("asked");
      assertThat(table.provisionedThroughput().readCapacityUnits()).isEqualTo(20);
      assertThat(table.deletionProtectionEnabled()).isTrue();
      assertThat(table.globalSecondaryIndexes())
          .singleElement()
          .satisfies(index -> assertThat(index.indexName()).isEqualTo("LeaseOwnerToLeaseKeyIndex"));
      assertThat(keys("asked-items", "leaseKey")).containsExactly("a");
      assertThat(keys("asked", "leaseKey")).allMatch(key -> key.startsWith("shardId-"));
    }
  }

  private static void createTable(String name, String key) {
    cloud
        .dynamoDb()
        .createTable(b -> b.tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(AttributeDefinition.builder()
                .attributeName(key)
                .attributeType(ScalarAttributeType.S)
                .build())
            .keySchema(KeySchemaElement.builder()
                .attributeName(key)
                .keyType(KeyType.HASH)
                .build()))
        .join();
  }

  private static void putLeaseOf2x(String table, String shardId) {
    cloud
        .dynamoDb()
        .putItem(b -> b.tableName(table)
            .item(Map.of(
                "leaseKey", AttributeValue.fromS(shardId),
                "leaseCounter", AttributeValue.fromN("17"),
                "ownerSwitchesSinceCheckpoint", AttributeValue.fromN("0"),
                "checkpoint", AttributeValue.fromS("TRIM_HORIZON"),
                "checkpointSubSequenceNumber", AttributeValue.fromN("0"))))
        .join();
  }

  private static TableDescription describe(String table) {
    return cloud.dynamoDb().describeTable(b -> b.tableName(table)).join().table();
  }

  private static Set<String> keys(String table, String key) {
    List<Map<String, AttributeValue>> items =
        cloud.dynamoDb().scan(b -> b.tableName(table)).join().items();
    Set<String> keys = new HashSet<>();
    for (Map<String, AttributeValue> item : items) {
      AttributeValue value = item.get(key);
      keys.add(value == null ? "" : value.s());
    }
    return keys;
  }
}
