package org.openkcl.leases.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.Tag;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/** Every way to come by a table, with a scheduler that runs at once and counts. */
class TableCreationTest {
  private final DynamoDbAsyncClient client = mock(DynamoDbAsyncClient.class);
  private final List<Duration> delays = new ArrayList<>();
  private final Deque<Object> descriptions = new ArrayDeque<>();
  private DynamoDbTableSettings settings = DynamoDbTableSettings.of("orders-app");

  @Test
  void aTableThatIsActiveOrUpdatingIsUsed() {
    for (TableStatus status : List.of(TableStatus.ACTIVE, TableStatus.UPDATING)) {
      describes(table(status));
      ensureExists().join();
    }
    assertThat(delays).isEmpty();
    verify(client, never()).createTable(any(CreateTableRequest.class));
  }

  @Test
  void aMissingTableIsCreatedOnDemandAndAwaited() {
    describes(
        missing(),
        missing(),
        table(TableStatus.CREATING),
        unavailable(),
        table(TableStatus.ACTIVE));
    CreateTableRequest request = creates(table(TableStatus.CREATING));

    assertThat(request.billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
    assertThat(request.deletionProtectionEnabled()).isFalse();
    assertThat(request.keySchema()).containsExactly(key("leaseKey", KeyType.HASH));
    assertThat(request.attributeDefinitions())
        .containsExactly(definition("leaseKey", ScalarAttributeType.S));
    assertThat(delays).hasSize(4).containsOnly(Duration.ofSeconds(1));
  }

  @Test
  void aTableIsCreatedWithTheCapacityAskedFor() {
    settings = settings.withCapacity(new DynamoDbTableSettings.Capacity(20, 10));
    describes(missing());
    CreateTableRequest request = creates(table(TableStatus.ACTIVE));

    assertThat(request.billingMode()).isEqualTo(BillingMode.PROVISIONED);
    assertThat(request.provisionedThroughput().readCapacityUnits()).isEqualTo(20);
    assertThat(request.provisionedThroughput().writeCapacityUnits()).isEqualTo(10);
    assertThat(delays).isEmpty();
  }

  @Test
  void aTableIsCreatedWithTagsProtectionAndBackupsAskedFor() {
    settings = settings.withCreation(new DynamoDbTableSettings.Creation(
        null, Map.of("team", "orders", "cost", "42"), true, true));
    ArgumentCaptor<UpdateContinuousBackupsRequest> backups =
        ArgumentCaptor.forClass(UpdateContinuousBackupsRequest.class);
    when(client.updateContinuousBackups(backups.capture()))
        .thenReturn(CompletableFuture.completedFuture(
            UpdateContinuousBackupsResponse.builder().build()));
    describes(missing(), table(TableStatus.ACTIVE));

    CreateTableRequest request = creates(table(TableStatus.CREATING));

    assertThat(request.deletionProtectionEnabled()).isTrue();
    assertThat(request.tags())
        .containsExactly(
            Tag.builder().key("cost").value("42").build(),
            Tag.builder().key("team").value("orders").build());
    assertThat(backups.getAllValues()).hasSize(1);
    assertThat(backups.getValue().tableName()).isEqualTo("orders-app");
    assertThat(backups.getValue().pointInTimeRecoverySpecification().pointInTimeRecoveryEnabled())
        .isTrue();
  }

  @Test
  void backupsOfATableThatExistsAreLeftAsTheyAre() {
    settings =
        settings.withCreation(new DynamoDbTableSettings.Creation(null, Map.of(), true, false));
    describes(table(TableStatus.ACTIVE));

    ensureExists().join();

    verify(client, never()).updateContinuousBackups(any(UpdateContinuousBackupsRequest.class));
  }

  @Test
  void backupsThatMayNotBeSwitchedOnAreAskedFor() {
    settings =
        settings.withCreation(new DynamoDbTableSettings.Creation(null, Map.of(), true, false));
    when(client.updateContinuousBackups(any(UpdateContinuousBackupsRequest.class)))
        .thenReturn(CompletableFuture.failedFuture(code("AccessDeniedException")));
    when(client.createTable(any(CreateTableRequest.class)))
        .thenReturn(CompletableFuture.completedFuture(CreateTableResponse.builder()
            .tableDescription(table(TableStatus.ACTIVE))
            .build()));
    describes(missing());

    assertThat(failure(Kind.DENIED))
        .hasMessageContaining("Allow dynamodb:UpdateContinuousBackups on table/orders-app");
  }

  @Test
  void anIndexThatIsWantedAndDeniedDoesNotHoldUpTheStart() {
    settings = settings.withOwnerIndex(true);
    describes(table(TableStatus.ACTIVE));
    when(client.updateTable(any(UpdateTableRequest.class)))
        .thenReturn(CompletableFuture.failedFuture(code("AccessDeniedException")));

    ensureExists().join();

    verify(client).updateTable(any(UpdateTableRequest.class));
  }

  @Test
  void whoeverCreatesItFirstDoesItForAll() {
    describes(missing(), table(TableStatus.CREATING), table(TableStatus.ACTIVE));
    createFails(ResourceInUseException.builder().build());

    ensureExists().join();
    assertThat(delays).hasSize(2);
  }

  @Test
  void aTableThatIsBeingDeletedIsAwaitedAndCreatedAnew() {
    describes(table(TableStatus.DELETING), missing());
    creates(table(TableStatus.ACTIVE));
  }

  @Test
  void aTableThatMayNotBeDescribedIsTakenToExist() {
    describes(code("AccessDeniedException"));

    ensureExists().join();
    verify(client, never()).createTable(any(CreateTableRequest.class));
  }

  @Test
  void aTableThatMayNotBeCreatedIsAskedFor() {
    describes(missing());
    createFails(code("AccessDeniedException"));

    assertThat(failure(Kind.DENIED))
        .hasMessageContaining("Allow dynamodb:CreateTable on table/orders-app");
  }

  @Test
  void tooManyTablesAtOnceIsAThrottle() {
    describes(missing());
    createFails(LimitExceededException.builder().message("10 at a time").build());

    assertThat(failure(Kind.THROTTLED)).hasMessageContaining("10 at a time");
  }

  @Test
  void aTableWithAnotherKeyIsRefused() {
    describes(table(TableStatus.ACTIVE).toBuilder()
        .keySchema(key("orderId", KeyType.HASH), key("at", KeyType.RANGE))
        .attributeDefinitions(
            definition("orderId", ScalarAttributeType.S), definition("at", ScalarAttributeType.N))
        .build());

    assertThat(failure(Kind.REFUSED))
        .hasMessageContaining("'orders-app'")
        .hasMessageContaining("found the key orderId (S), at (N) as sort key")
        .hasMessageContaining("expected the partition key leaseKey (S)");
  }

  @Test
  void aKeyOfAnotherTypeIsRefused() {
    describes(table(TableStatus.ACTIVE).toBuilder()
        .attributeDefinitions(definition("leaseKey", ScalarAttributeType.N))
        .build());

    assertThat(failure(Kind.REFUSED)).hasMessageContaining("found the key leaseKey (N)");
  }

  @Test
  void aTableThatIsLockedAwayIsRefused() {
    describes(table(TableStatus.INACCESSIBLE_ENCRYPTION_CREDENTIALS));

    assertThat(failure(Kind.REFUSED)).hasMessageContaining("INACCESSIBLE_ENCRYPTION_CREDENTIALS");
  }

  @Test
  void noAnswerAtFirstIsAFailureAtOnce() {
    describes(unavailable());

    assertThat(failure(Kind.UNAVAILABLE)).hasMessageContaining("DescribeTable");
    assertThat(delays).isEmpty();
  }

  @Test
  void theWaitEndsAfterTenMinutes() {
    describes(table(TableStatus.CREATING));

    assertThat(failure(Kind.UNAVAILABLE)).hasMessageContaining("after 10 minutes");
    assertThat(delays.stream().reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(Duration.ofMinutes(10));
  }

  private CompletableFuture<Void> ensureExists() {
    Deque<Runnable> tasks = new ArrayDeque<>();
    CompletableFuture<Void> usable = new DynamoDbLeaseTable(client, settings, (delay, task) -> {
          delays.add(delay);
          tasks.add(task);
        })
        .ensureExists()
        .toCompletableFuture();
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
    return usable;
  }

  private LeaseTableException failure(Kind kind) {
    Object failure = ensureExists().handle((done, thrown) -> (Object) thrown).join();
    assertThat(failure).isInstanceOf(LeaseTableException.class);
    assertThat(((LeaseTableException) failure).kind()).isEqualTo(kind);
    return (LeaseTableException) failure;
  }

  /** Answers in this order, the last one for ever: a table or a failure. */
  private void describes(Object... answers) {
    descriptions.clear();
    descriptions.addAll(List.of(answers));
    when(client.describeTable(any(DescribeTableRequest.class))).thenAnswer(call -> {
      Object next = descriptions.size() > 1 ? descriptions.remove() : descriptions.element();
      return next instanceof Throwable failure
          ? CompletableFuture.failedFuture(failure)
          : CompletableFuture.completedFuture(
              DescribeTableResponse.builder().table((TableDescription) next).build());
    });
  }

  private CreateTableRequest creates(TableDescription table) {
    ArgumentCaptor<CreateTableRequest> request = ArgumentCaptor.forClass(CreateTableRequest.class);
    when(client.createTable(request.capture()))
        .thenReturn(CompletableFuture.completedFuture(
            CreateTableResponse.builder().tableDescription(table).build()));
    ensureExists().join();
    return request.getValue();
  }

  private void createFails(Throwable failure) {
    when(client.createTable(any(CreateTableRequest.class)))
        .thenReturn(CompletableFuture.failedFuture(failure));
  }

  private static TableDescription table(TableStatus status) {
    return TableDescription.builder()
        .tableName("orders-app")
        .tableStatus(status)
        .keySchema(key("leaseKey", KeyType.HASH))
        .attributeDefinitions(
            definition("leaseKey", ScalarAttributeType.S),
            definition("leaseOwner", ScalarAttributeType.S))
        .build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeDefinition definition(String name, ScalarAttributeType type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }

  private static Throwable missing() {
    return ResourceNotFoundException.builder().build();
  }

  private static Throwable unavailable() {
    return SdkClientException.create("no route");
  }

  private static Throwable code(String code) {
    return DynamoDbException.builder()
        .statusCode(400)
        .message(code)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
        .build();
  }
}
