package org.openkcl.leases.dynamodb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.Tag;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsRequest;

/**
 * One attempt to have a usable table: looks, creates if there is none, and looks again until it is
 * usable. Used once; its steps follow each other, so its state needs no lock.
 */
final class TableCreation {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration WAIT_MAX = Duration.ofMinutes(10);
  private static final String DESCRIBE = "DescribeTable";
  private static final String CREATE = "CreateTable";
  private static final String PROTECT = "UpdateContinuousBackups";

  private final DynamoDbAsyncClient client;
  private final DynamoDbTableSettings settings;
  private final AwsRequestOverrideConfiguration timeout;
  private final BiConsumer<Duration, Runnable> scheduler;
  private final CompletableFuture<Void> usable = new CompletableFuture<>();
  private Duration waited = Duration.ZERO;
  private boolean created;
  private boolean made;

  TableCreation(
      DynamoDbAsyncClient client,
      DynamoDbTableSettings settings,
      AwsRequestOverrideConfiguration timeout,
      BiConsumer<Duration, Runnable> scheduler) {
    this.client = client;
    this.settings = settings;
    this.timeout = timeout;
    this.scheduler = scheduler;
  }

  /** Completes when the table can be used; fails with {@link LeaseTableException}. */
  CompletableFuture<Void> start() {
    look();
    return usable;
  }

  private void look() {
    DescribeTableRequest request = DescribeTableRequest.builder()
        .tableName(name())
        .overrideConfiguration(timeout)
        .build();
    step(
        DESCRIBE,
        ServiceFailures.sent(() -> client.describeTable(request)).handle((response, failure) -> {
          if (failure == null) {
            onTable(response.table());
          } else {
            onUnknown(ServiceFailures.causeOf(failure));
          }
          return true;
        }));
  }

  private void create() {
    created = true;
    step(
        CREATE,
        ServiceFailures.sent(() -> client.createTable(creation())).handle((response, failure) -> {
          if (failure == null) {
            made = true;
            onTable(response.tableDescription());
          } else if (ServiceFailures.causeOf(failure) instanceof ResourceInUseException) {
            lookLater();
          } else {
            usable.completeExceptionally(ServiceFailures.translated(name(), CREATE, failure));
          }
          return true;
        }));
  }

  /** Switches backups on; only whoever made the table does, and only then. */
  private void protect() {
    UpdateContinuousBackupsRequest request = UpdateContinuousBackupsRequest.builder()
        .tableName(name())
        .pointInTimeRecoverySpecification(backups -> backups.pointInTimeRecoveryEnabled(true))
        .overrideConfiguration(timeout)
        .build();
    step(
        PROTECT,
        ServiceFailures.sent(() -> client.updateContinuousBackups(request))
            .thenApply(response -> usable.complete(null)));
  }

  /** A step ends by starting the next one or by completing; a bug in it must not hang the worker. */
  private void step(String operation, CompletableFuture<Boolean> step) {
    CompletableFuture<Boolean> unused = step.exceptionally(failure ->
        usable.completeExceptionally(ServiceFailures.translated(name(), operation, failure)));
  }

  private void onTable(TableDescription table) {
    switch (table.tableStatus()) {
      case ACTIVE, UPDATING -> {
        checkKey(table);
        if (made && settings.creation().pointInTimeRecovery()) {
          protect();
        } else {
          usable.complete(null);
        }
      }
      case CREATING, DELETING -> lookLater();
      case INACCESSIBLE_ENCRYPTION_CREDENTIALS,
          ARCHIVING,
          ARCHIVED,
          REPLICATION_NOT_AUTHORIZED,
          UNKNOWN_TO_SDK_VERSION ->
        throw new LeaseTableException(
            Kind.REFUSED,
            "Lease table '"
                + name()
                + "' cannot be used in status "
                + table.tableStatusAsString()
                + ". Restore it, or choose another table name",
            null);
    }
  }

  private void onUnknown(Throwable failure) {
    LeaseTableException translated = ServiceFailures.translated(name(), DESCRIBE, failure);
    if (failure instanceof ResourceNotFoundException) {
      if (created) {
        lookLater();
      } else {
        create();
      }
    } else if (translated.kind() == Kind.DENIED) {
      // A worker may have rights to the items and none to the table: then the table is there, or
      // the first scan says that it is not.
      usable.complete(null);
    } else if (translated.retryable() && !waited.isZero()) {
      lookLater();
    } else {
      usable.completeExceptionally(translated);
    }
  }

  private void lookLater() {
    if (waited.compareTo(WAIT_MAX) >= 0) {
      throw new LeaseTableException(
          Kind.UNAVAILABLE,
          "Lease table '"
              + name()
              + "' is not ACTIVE after "
              + WAIT_MAX.toMinutes()
              + " minutes. Look at its status in DynamoDB, then try again",
          null);
    }
    waited = waited.plus(POLL);
    scheduler.accept(POLL, this::look);
  }

  private void checkKey(TableDescription table) {
    List<KeySchemaElement> key = table.keySchema();
    boolean right = key.size() == 1
        && key.get(0).attributeName().equals(Attributes.LEASE_KEY)
        && table.attributeDefinitions().contains(keyDefinition());
    if (!right) {
      throw new LeaseTableException(
          Kind.REFUSED,
          "Table '"
              + name()
              + "' is no lease table: found the key "
              + described(table)
              + ", expected the partition key leaseKey (S) and no sort key."
              + " Choose another table name",
          null);
    }
  }

  private static String described(TableDescription table) {
    StringBuilder text = new StringBuilder();
    for (KeySchemaElement element : table.keySchema()) {
      text.append(text.isEmpty() ? "" : ", ").append(element.attributeName());
      for (AttributeDefinition definition : table.attributeDefinitions()) {
        if (definition.attributeName().equals(element.attributeName())) {
          text.append(" (").append(definition.attributeTypeAsString()).append(')');
        }
      }
      text.append(element.keyType() == KeyType.RANGE ? " as sort key" : "");
    }
    return text.toString();
  }

  private CreateTableRequest creation() {
    CreateTableRequest.Builder request = CreateTableRequest.builder()
        .tableName(name())
        .attributeDefinitions(keyDefinition())
        .keySchema(KeySchemaElement.builder()
            .attributeName(Attributes.LEASE_KEY)
            .keyType(KeyType.HASH)
            .build())
        .deletionProtectionEnabled(settings.creation().deletionProtection())
        .tags(tags())
        .overrideConfiguration(timeout);
    DynamoDbTableSettings.Capacity capacity = settings.creation().capacity();
    if (capacity == null) {
      request.billingMode(BillingMode.PAY_PER_REQUEST);
    } else {
      request
          .billingMode(BillingMode.PROVISIONED)
          .provisionedThroughput(throughput -> throughput
              .readCapacityUnits(capacity.readUnits())
              .writeCapacityUnits(capacity.writeUnits()));
    }
    return request.build();
  }

  private @Nullable List<Tag> tags() {
    List<Tag> tags = new ArrayList<>();
    settings
        .creation()
        .tags()
        .forEach((key, value) -> tags.add(Tag.builder().key(key).value(value).build()));
    return tags.isEmpty() ? null : tags;
  }

  private static AttributeDefinition keyDefinition() {
    return AttributeDefinition.builder()
        .attributeName(Attributes.LEASE_KEY)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private String name() {
    return settings.tableName();
  }
}
