package org.openkcl.leases.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.leases.LeaseTableContract.answer;
import static org.openkcl.leases.LeaseTableContract.failure;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.CoordinationTableContract;
import org.openkcl.leases.ForeignWorker;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.Migration;
import org.openkcl.leases.StreamNote;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The three places for what is no lease, in DynamoDB Local. */
class DynamoDbCoordinationTableTest {
  private static LocalCloud cloud;
  private static DynamoDbAsyncClient client;
  private static int tables;

  @BeforeAll
  static void start() {
    cloud = LocalCloud.start();
    client = cloud.dynamoDb();
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Nested
  class InTheLeaseTable extends Contract {
    InTheLeaseTable() {
      super("leaseKey", "leaseKey", "");
    }

    @Override
    protected CoordinationTable newCoordination() {
      CoordinationTable table = oneTable("orders-app-" + ++tables);
      answer(table.ensureExists());
      return table;
    }
  }

  @Nested
  class InAmazonsSideTables extends Contract {
    InAmazonsSideTables() {
      super("key", "wid", "-WorkerMetricStats");
    }

    @Override
    protected CoordinationTable newCoordination() {
      String application = "orders-app-" + ++tables + "-CoordinatorState";
      createTable(application, "key");
      createTable(application + "-WorkerMetricStats", "wid");
      return sideTables(application);
    }
  }

  @Test
  void tablesThatDoNotExistAreNotThere() {
    assertThat(answer(oneTable("no-such-app").look())).isEmpty();
    assertThat(answer(sideTables("no-such-app").look())).isEmpty();
    assertThat(failure(sideTables("no-such-app").readLock()).kind()).isEqualTo(Kind.TABLE_MISSING);
  }

  @Test
  void sideTablesAreNeverCreated() {
    answer(sideTables("no-such-app").ensureExists());

    assertThat(answer(client.listTables()).tableNames())
        .noneMatch(name -> name.startsWith("no-such-app"));
  }

  private static CoordinationTable oneTable(String name) {
    return DynamoDbCoordinationTable.inOneTable(client, settings(name), (delay, task) -> {
      throw new AssertionError("DynamoDB Local creates tables at once");
    });
  }

  private static CoordinationTable sideTables(String coordinatorState) {
    return DynamoDbCoordinationTable.inSideTables(
        client, settings(coordinatorState), settings(coordinatorState + "-WorkerMetricStats"));
  }

  private static DynamoDbTableSettings settings(String name) {
    return DynamoDbTableSettings.of(name).withRequestTimeout(Duration.ofSeconds(30));
  }

  private static void createTable(String name, String key) {
    answer(client.createTable(CreateTableRequest.builder()
        .tableName(name)
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .attributeDefinitions(AttributeDefinition.builder()
            .attributeName(key)
            .attributeType(ScalarAttributeType.S)
            .build())
        .keySchema(
            KeySchemaElement.builder().attributeName(key).keyType(KeyType.HASH).build())
        .build()));
  }

  private abstract static class Contract extends CoordinationTableContract {
    private final String key;
    private final String workerKey;
    private final String workerTable;

    Contract(String key, String workerKey, String workerTable) {
      this.key = key;
      this.workerKey = workerKey;
      this.workerTable = workerTable;
    }

    @Override
    protected void put(CoordinationTable table, LeaderLock lock) {
      put(table.name(), key, "Leader", CoordinationItems.attributes(lock));
    }

    @Override
    protected void put(CoordinationTable table, ForeignWorker worker) {
      put(
          table.name() + workerTable,
          workerKey,
          worker.workerId(),
          CoordinationItems.attributes(worker));
    }

    @Override
    protected void put(CoordinationTable table, Migration migration) {
      put(
          table.name(),
          key,
          CoordinationItems.keyOf(migration.subject()),
          CoordinationItems.attributes(migration));
    }

    @Override
    protected void put(CoordinationTable table, StreamNote stream) {
      put(table.name(), key, stream.streamIdentifier(), CoordinationItems.attributes(stream));
    }

    private static void put(
        String table, String keyName, String key, Map<String, AttributeValue> attributes) {
      Map<String, AttributeValue> item = new HashMap<>(attributes);
      item.put(keyName, AttributeValue.fromS(key));
      answer(client.putItem(PutItemRequest.builder().tableName(table).item(item).build()));
    }
  }
}
