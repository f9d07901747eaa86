package org.openkcl.leases.dynamodb;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.IndexStatus;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.OwnedLeases;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/**
 * The index of leases by owner, as Amazon's library makes it: {@code leaseOwner} then {@code
 * leaseKey}, keys only. Items without an owner, and all that are no leases, are not in it.
 */
final class OwnerIndex {
  private final TableRequests requests;

  OwnerIndex(TableRequests requests) {
    this.requests = requests;
  }

  CompletionStage<IndexStatus> status() {
    CompletableFuture<IndexStatus> answer = new CompletableFuture<>();
    CompletableFuture<Boolean> unused = described().handle((table, failure) -> {
      if (failure == null) {
        return answer.complete(statusIn(table));
      }
      LeaseTableException translated =
          ServiceFailures.translated(requests.table(), "DescribeTable", failure);
      return translated.kind() == Kind.DENIED
          ? answer.complete(IndexStatus.UNKNOWN)
          : answer.completeExceptionally(translated);
    });
    return answer;
  }

  CompletionStage<IndexStatus> create() {
    CompletableFuture<IndexStatus> status = described().thenCompose(table -> {
      IndexStatus now = statusIn(table);
      return now == IndexStatus.ABSENT ? created(table) : CompletableFuture.completedFuture(now);
    });
    return requests.settled("UpdateTable", status);
  }

  CompletionStage<Optional<OwnedLeases>> ownedBy(String workerId) {
    Owned owned = new Owned();
    CompletableFuture<Optional<OwnedLeases>> answer = pages(workerId, null, owned)
        .thenApply(read -> Optional.of(new OwnedLeases(owned.keys, owned.readUnits)));
    return requests.settled(
        "Query",
        answer.exceptionallyCompose(failure -> cannotAnswerYet(ServiceFailures.causeOf(failure))
            ? CompletableFuture.completedFuture(Optional.empty())
            : CompletableFuture.failedFuture(failure)));
  }

  /** Collects pages, which follow each other. */
  private static final class Owned {
    private final Set<LeaseKey> keys = new TreeSet<>();
    private double readUnits;

    void add(QueryResponse page) {
      page.items().forEach(item -> {
        AttributeValue key = item.get(Attributes.LEASE_KEY);
        if (key != null) {
          keys.add(new LeaseKey(key.s()));
        }
      });
      if (page.consumedCapacity() != null && page.consumedCapacity().capacityUnits() != null) {
        readUnits += page.consumedCapacity().capacityUnits();
      }
    }
  }

  private CompletableFuture<Void> pages(
      String workerId, @Nullable Map<String, AttributeValue> from, Owned owned) {
    QueryRequest.Builder request = QueryRequest.builder()
        .indexName(Attributes.OWNER_INDEX)
        .keyConditionExpression("#owner = :owner")
        .expressionAttributeNames(Map.of("#owner", Attributes.OWNER))
        .expressionAttributeValues(Map.of(":owner", AttributeValue.fromS(workerId)))
        .exclusiveStartKey(from);
    return requests.query(request).thenCompose(page -> {
      owned.add(page);
      return page.hasLastEvaluatedKey() && !page.lastEvaluatedKey().isEmpty()
          ? pages(workerId, page.lastEvaluatedKey(), owned)
          : CompletableFuture.completedFuture(null);
    });
  }

  /** DynamoDB refuses a query of an index that is missing or being filled as an invalid request. */
  private static boolean cannotAnswerYet(Throwable failure) {
    return failure instanceof AwsServiceException service
        && service.awsErrorDetails() != null
        && "ValidationException".equals(service.awsErrorDetails().errorCode())
        && String.valueOf(service.getMessage()).contains("index");
  }

  private CompletableFuture<TableDescription> described() {
    DescribeTableRequest request = DescribeTableRequest.builder()
        .tableName(requests.table())
        .overrideConfiguration(requests.timeout())
        .build();
    return ServiceFailures.sent(() -> requests.client().describeTable(request))
        .thenApply(response -> response.table());
  }

  private CompletableFuture<IndexStatus> created(TableDescription table) {
    CreateGlobalSecondaryIndexAction.Builder index = CreateGlobalSecondaryIndexAction.builder()
        .indexName(Attributes.OWNER_INDEX)
        .keySchema(key(Attributes.OWNER, KeyType.HASH), key(Attributes.LEASE_KEY, KeyType.RANGE))
        .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY));
    if (isProvisioned(table)) {
      index.provisionedThroughput(capacity -> capacity
          .readCapacityUnits(table.provisionedThroughput().readCapacityUnits())
          .writeCapacityUnits(table.provisionedThroughput().writeCapacityUnits()));
    }
    UpdateTableRequest request = UpdateTableRequest.builder()
        .tableName(requests.table())
        .attributeDefinitions(text(Attributes.OWNER), text(Attributes.LEASE_KEY))
        .globalSecondaryIndexUpdates(
            GlobalSecondaryIndexUpdate.builder().create(index.build()).build())
        .overrideConfiguration(requests.timeout())
        .build();
    return ServiceFailures.sent(() -> requests.client().updateTable(request))
        .thenApply(response -> statusIn(response.tableDescription()))
        .exceptionallyCompose(
            failure -> ServiceFailures.causeOf(failure) instanceof ResourceInUseException
                ? CompletableFuture.completedFuture(IndexStatus.BUILDING)
                : CompletableFuture.failedFuture(failure));
  }

  private static boolean isProvisioned(TableDescription table) {
    BillingMode mode =
        table.billingModeSummary() == null ? null : table.billingModeSummary().billingMode();
    return mode != BillingMode.PAY_PER_REQUEST
        && table.provisionedThroughput() != null
        && table.provisionedThroughput().readCapacityUnits() > 0;
  }

  private static IndexStatus statusIn(TableDescription table) {
    for (GlobalSecondaryIndexDescription index : table.globalSecondaryIndexes()) {
      if (Attributes.OWNER_INDEX.equals(index.indexName())) {
        return "ACTIVE".equals(index.indexStatusAsString())
            ? IndexStatus.ACTIVE
            : IndexStatus.BUILDING;
      }
    }
    return IndexStatus.ABSENT;
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }
}
