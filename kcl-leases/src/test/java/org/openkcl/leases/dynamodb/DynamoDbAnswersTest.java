package org.openkcl.leases.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.ArgumentCaptor;
import org.mockito.InOrder;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.IndexStatus;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WriteResult;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.CreateGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/** Answers that DynamoDB Local does not give. */
class DynamoDbAnswersTest {
  private final DynamoDbAsyncClient client = mock(DynamoDbAsyncClient.class);
  private final DynamoDbLeaseTable table =
      new DynamoDbLeaseTable(client, DynamoDbTableSettings.of("orders-app"), (delay, task) -> {});

  @ParameterizedTest
  @MethodSource
  void aFailureSaysWhatItMeansAndWhatToDo(Throwable answer, Kind kind, String advice) {
    when(client.updateItem(any(UpdateItemRequest.class)))
        .thenReturn(CompletableFuture.failedFuture(answer));

    LeaseTableException failure = failure(table.write(renewal()));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure)
        .hasMessageStartingWith("UpdateItem on lease table 'orders-app'")
        .hasMessageContaining(advice)
        .hasCause(answer);
    assertThat(failure.outcomeUnknown())
        .isEqualTo(kind == Kind.UNAVAILABLE || kind == Kind.THROTTLED);
  }

  static Stream<Arguments> aFailureSaysWhatItMeansAndWhatToDo() {
    return Stream.of(
        Arguments.of(
            ProvisionedThroughputExceededException.builder()
                .message("slow down")
                .build(),
            Kind.THROTTLED,
            "raise the table's capacity"),
        Arguments.of(service("ThrottlingException", 400), Kind.THROTTLED, "PAY_PER_REQUEST"),
        Arguments.of(service("RequestLimitExceeded", 400), Kind.THROTTLED, "Try again later"),
        Arguments.of(
            TransactionConflictException.builder().build(), Kind.THROTTLED, "Try again later"),
        Arguments.of(
            ResourceNotFoundException.builder().build(), Kind.TABLE_MISSING, "account and region"),
        Arguments.of(
            service("AccessDeniedException", 400),
            Kind.DENIED,
            "Allow dynamodb:UpdateItem on table/orders-app"),
        Arguments.of(
            service("UnrecognizedClientException", 400), Kind.DENIED, "credentials are valid"),
        Arguments.of(service("ExpiredTokenException", 400), Kind.DENIED, "ExpiredTokenException"),
        Arguments.of(
            service("RequestTimeTooSkewed", 403), Kind.UNAVAILABLE, "may or may not have happened"),
        Arguments.of(service("InternalServerError", 500), Kind.UNAVAILABLE, "Try again"),
        Arguments.of(service("ServiceUnavailable", 503), Kind.UNAVAILABLE, "Try again"),
        Arguments.of(
            ApiCallTimeoutException.create(5000), Kind.UNAVAILABLE, "raise the request timeout"),
        Arguments.of(
            SdkClientException.create("connection refused"),
            Kind.UNAVAILABLE,
            "connection refused"),
        Arguments.of(
            service("ValidationException", 400), Kind.REFUSED, "trying again does not help"),
        Arguments.of(new IllegalStateException("closed"), Kind.REFUSED, "closed"));
  }

  @Test
  void aClientThatThrowsAtOnceFailsTheStage() {
    when(client.updateItem(any(UpdateItemRequest.class)))
        .thenThrow(new IllegalStateException("Connection pool shut down"));

    assertThat(failure(table.write(renewal()))).hasMessageContaining("pool shut down");
  }

  @Test
  void requestsAreMadeByTheSenderInTheOrderInWhichTheyWereAskedFor() {
    Deque<Runnable> toSend = new ArrayDeque<>();
    DynamoDbLeaseTable elsewhere = sentBy(toSend::add);
    when(client.updateItem(any(UpdateItemRequest.class))).thenReturn(new CompletableFuture<>());
    when(client.getItem(any(GetItemRequest.class))).thenReturn(new CompletableFuture<>());

    elsewhere.write(renewal());
    elsewhere.read(new LeaseKey("shardId-000000000000"));
    verifyNoInteractions(client);

    toSend.forEach(Runnable::run);
    InOrder order = inOrder(client);
    order.verify(client).updateItem(any(UpdateItemRequest.class));
    order.verify(client).getItem(any(GetItemRequest.class));
  }

  @Test
  void aSenderThatIsClosedFailsTheStage() {
    DynamoDbLeaseTable closed = sentBy(task -> {
      throw new RejectedExecutionException("event executor terminated");
    });
    LeaseTableException failure = failure(closed.write(renewal()));
    assertThat(failure).hasMessageContaining("terminated");
    assertThat(failure.outcomeUnknown()).isFalse();
  }

  @Test
  void anErrorOnTheSendersThreadFailsTheStage() {
    when(client.updateItem(any(UpdateItemRequest.class)))
        .thenThrow(new NoClassDefFoundError("org/example/Credentials"));
    assertThat(failure(table.write(renewal()))).hasMessageContaining("org/example/Credentials");
  }

  private DynamoDbLeaseTable sentBy(Executor sender) {
    return new DynamoDbLeaseTable(
        client, DynamoDbTableSettings.of("orders-app").withSender(sender), (delay, task) -> {});
  }

  @Test
  void requestsCarryTheirTimeouts() {
    ArgumentCaptor<UpdateItemRequest> request = ArgumentCaptor.forClass(UpdateItemRequest.class);
    when(client.updateItem(any(UpdateItemRequest.class)))
        .thenReturn(
            CompletableFuture.completedFuture(UpdateItemResponse.builder().build()));

    WriteResult result = table.write(renewal()).toCompletableFuture().join();

    assertThat(result).isEqualTo(new WriteResult.Written(renewal().intended()));
    verify(client).updateItem(request.capture());
    assertThat(request.getValue().overrideConfiguration().orElseThrow().apiCallTimeout())
        .hasValue(DynamoDbTableSettings.of("t").requestTimeout());
  }

  @Test
  void aLostRaceWithoutTheItemIsReadConsistently() {
    Lease winner = lease("shardId-0", 9);
    when(client.updateItem(any(UpdateItemRequest.class)))
        .thenReturn(CompletableFuture.failedFuture(
            ConditionalCheckFailedException.builder().build()));
    ArgumentCaptor<GetItemRequest> request = ArgumentCaptor.forClass(GetItemRequest.class);
    when(client.getItem(request.capture()))
        .thenReturn(CompletableFuture.completedFuture(
            GetItemResponse.builder().item(LeaseItems.newItem(winner)).build()));

    WriteResult result = table.write(renewal()).toCompletableFuture().join();

    assertThat(result).isEqualTo(new WriteResult.LostRace(Optional.of(winner)));
    assertThat(request.getValue().consistentRead()).isTrue();
  }

  @Test
  void aScanFollowsItsPagesAndAddsUpTheirCost() {
    List<ScanRequest> requests = new ArrayList<>();
    when(client.scan(any(ScanRequest.class))).thenAnswer(call -> {
      requests.add(call.getArgument(0));
      int page = requests.size();
      return CompletableFuture.completedFuture(ScanResponse.builder()
          .items(List.of(LeaseItems.newItem(lease("shardId-" + page, page))))
          .lastEvaluatedKey(page < 3 ? LeaseItems.key("shardId-" + page) : null)
          .consumedCapacity(ConsumedCapacity.builder().capacityUnits(128.5).build())
          .build());
    });

    TableView view = table.scan().toCompletableFuture().join();

    assertThat(view.leases())
        .extracting(Lease::shardId)
        .containsExactly("shardId-1", "shardId-2", "shardId-3");
    assertThat(view.readUnits()).isEqualTo(3 * 128.5);
    assertThat(requests)
        .extracting(ScanRequest::exclusiveStartKey)
        .containsExactly(Map.of(), LeaseItems.key("shardId-1"), LeaseItems.key("shardId-2"));
  }

  @Test
  void aTableOfSeveralMegabytesIsReadInSegmentsSideBySide() {
    List<ScanRequest> requests = new ArrayList<>();
    byte[] state = new byte[300_000];
    Lease large = new Lease(
        new LeaseKey("shardId-0"),
        new Ownership("me", null, 1, 0, "p"),
        new Progress(
            Checkpoint.TRIM_HORIZON,
            new Progress.Pending(Checkpoint.at("1"), ByteBuffer.wrap(state))),
        ShardFacts.NONE);
    when(client.scan(any(ScanRequest.class))).thenAnswer(call -> {
      requests.add(call.getArgument(0));
      return CompletableFuture.completedFuture(ScanResponse.builder()
          .items(Collections.nCopies(9, LeaseItems.newItem(large)))
          .consumedCapacity(ConsumedCapacity.builder().capacityUnits(330.0).build())
          .build());
    });

    table.scan().toCompletableFuture().join();
    assertThat(requests).extracting(ScanRequest::totalSegments).containsOnlyNulls();
    requests.clear();
    TableView view = table.scan().toCompletableFuture().join();

    assertThat(requests).extracting(ScanRequest::totalSegments).containsExactly(3, 3, 3);
    assertThat(requests).extracting(ScanRequest::segment).containsExactly(0, 1, 2);
    assertThat(view.leases()).hasSize(27);
    assertThat(view.readUnits()).isEqualTo(990);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1048575, 1", "1048576, 2", "3700000, 4", "900000000, 32"})
  void segmentsGrowWithTheTable(long bytes, int segments) {
    assertThat(DynamoDbLeaseTable.segmentsFor(bytes)).isEqualTo(segments);
  }

  /** Rights to items alone must do where the table exists. */
  @Test
  void aWorkerWithRightsToItemsAloneWorks() {
    when(client.describeTable(any(DescribeTableRequest.class)))
        .thenReturn(CompletableFuture.failedFuture(service("AccessDeniedException", 400)));
    when(client.scan(any(ScanRequest.class)))
        .thenReturn(CompletableFuture.completedFuture(ScanResponse.builder()
            .items(List.of(LeaseItems.newItem(lease("shardId-0", 5))))
            .build()));
    when(client.updateItem(any(UpdateItemRequest.class)))
        .thenReturn(
            CompletableFuture.completedFuture(UpdateItemResponse.builder().build()));

    table.ensureExists().toCompletableFuture().join();
    assertThat(table.scan().toCompletableFuture().join().leases()).hasSize(1);
    assertThat(table.write(renewal()).toCompletableFuture().join())
        .isInstanceOf(WriteResult.Written.class);
    assertThat(table.indexStatus().toCompletableFuture().join()).isEqualTo(IndexStatus.UNKNOWN);
    assertThat(failure(table.createIndex()).kind()).isEqualTo(Kind.DENIED);
    verify(client, never()).createTable(any(CreateTableRequest.class));
    verify(client, never()).updateTable(any(UpdateTableRequest.class));
  }

  @Test
  void anIndexThatIsBeingFilledAnswersNothing() {
    when(client.query(any(QueryRequest.class)))
        .thenReturn(CompletableFuture.failedFuture(DynamoDbException.builder()
            .statusCode(400)
            .message("Cannot read from backfilling global secondary index: ...")
            .awsErrorDetails(AwsErrorDetails.builder()
                .errorCode("ValidationException")
                .errorMessage("Cannot read from backfilling global secondary index: ...")
                .build())
            .build()));

    assertThat(table.ownedBy("me").toCompletableFuture().join()).isEmpty();
  }

  @Test
  void anIndexThatMayNotBeReadIsAFailureThatNamesThePermission() {
    when(client.query(any(QueryRequest.class)))
        .thenReturn(CompletableFuture.failedFuture(service("AccessDeniedException", 400)));

    assertThat(failure(table.ownedBy("me")))
        .hasMessageContaining("dynamodb:Query on table/orders-app");
  }

  @Test
  void anIndexIsCreatedAsAmazonsAndWithTheTablesCapacity() {
    when(client.describeTable(any(DescribeTableRequest.class)))
        .thenReturn(CompletableFuture.completedFuture(DescribeTableResponse.builder()
            .table(description -> description
                .tableName("orders-app")
                .provisionedThroughput(
                    capacity -> capacity.readCapacityUnits(20L).writeCapacityUnits(10L)))
            .build()));
    ArgumentCaptor<UpdateTableRequest> update = ArgumentCaptor.forClass(UpdateTableRequest.class);
    when(client.updateTable(update.capture()))
        .thenReturn(
            CompletableFuture.failedFuture(ResourceInUseException.builder().build()));

    assertThat(table.createIndex().toCompletableFuture().join()).isEqualTo(IndexStatus.BUILDING);

    CreateGlobalSecondaryIndexAction index =
        update.getValue().globalSecondaryIndexUpdates().get(0).create();
    assertThat(index.indexName()).isEqualTo("LeaseOwnerToLeaseKeyIndex");
    assertThat(index.keySchema())
        .extracting(key -> key.attributeName() + " " + key.keyTypeAsString())
        .containsExactly("leaseOwner HASH", "leaseKey RANGE");
    assertThat(index.projection().projectionTypeAsString()).isEqualTo("KEYS_ONLY");
    assertThat(index.provisionedThroughput().readCapacityUnits()).isEqualTo(20);
    assertThat(index.provisionedThroughput().writeCapacityUnits()).isEqualTo(10);
  }

  @Test
  void aScanThatDoesNotSayItsCostIsEstimated() {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      items.add(LeaseItems.newItem(lease("shardId-" + i, i)));
    }
    when(client.scan(any(ScanRequest.class)))
        .thenReturn(CompletableFuture.completedFuture(
            ScanResponse.builder().items(items).build()));

    assertThat(table.scan().toCompletableFuture().join().readUnits()).isBetween(1.0, 3.0);
  }

  private static Throwable service(String code, int status) {
    return DynamoDbException.builder()
        .statusCode(status)
        .message(code + " was the answer")
        .awsErrorDetails(AwsErrorDetails.builder()
            .errorCode(code)
            .sdkHttpResponse(SdkHttpResponse.builder().statusCode(status).build())
            .build())
        .build();
  }

  private static LeaseWrite renewal() {
    Lease held = lease("shardId-0", 5);
    return LeaseWrite.renew(held, held, "p");
  }

  private static Lease lease(String key, long counter) {
    return new Lease(
        new LeaseKey(key),
        new Ownership("me", null, counter, 0, "p"),
        Progress.at(Checkpoint.TRIM_HORIZON),
        ShardFacts.NONE);
  }

  private static LeaseTableException failure(CompletionStage<?> stage) {
    return (LeaseTableException) stage.toCompletableFuture().handle((v, e) -> e).join();
  }
}
