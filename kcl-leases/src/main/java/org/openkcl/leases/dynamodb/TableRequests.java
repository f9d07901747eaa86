package org.openkcl.leases.dynamodb;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Requests to one table, each within its time limit. Stateless. */
final class TableRequests {
  private final DynamoDbAsyncClient client;
  private final String table;
  private final Executor sender;
  private final AwsRequestOverrideConfiguration timeout;
  private final AwsRequestOverrideConfiguration pageTimeout;

  TableRequests(DynamoDbAsyncClient client, DynamoDbTableSettings settings) {
    this.client = client;
    this.table = settings.tableName();
    this.sender = settings.sender();
    this.timeout = within(settings.requestTimeout());
    this.pageTimeout = within(settings.scanPageTimeout());
  }

  String table() {
    return table;
  }

  DynamoDbAsyncClient client() {
    return client;
  }

  AwsRequestOverrideConfiguration timeout() {
    return timeout;
  }

  CompletableFuture<PutItemResponse> put(PutItemRequest.Builder builder) {
    PutItemRequest request =
        builder.tableName(table).overrideConfiguration(timeout).build();
    return sent(() -> client.putItem(request));
  }

  CompletableFuture<UpdateItemResponse> update(UpdateItemRequest.Builder builder) {
    UpdateItemRequest request =
        builder.tableName(table).overrideConfiguration(timeout).build();
    return sent(() -> client.updateItem(request));
  }

  CompletableFuture<DeleteItemResponse> delete(DeleteItemRequest.Builder builder) {
    DeleteItemRequest request =
        builder.tableName(table).overrideConfiguration(timeout).build();
    return sent(() -> client.deleteItem(request));
  }

  CompletableFuture<QueryResponse> query(QueryRequest.Builder builder) {
    QueryRequest request = builder
        .tableName(table)
        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
        .overrideConfiguration(timeout)
        .build();
    return sent(() -> client.query(request));
  }

  /** Reads an item consistently. */
  CompletableFuture<Optional<Map<String, AttributeValue>>> item(Map<String, AttributeValue> key) {
    GetItemRequest request = GetItemRequest.builder()
        .tableName(table)
        .key(key)
        .consistentRead(true)
        .overrideConfiguration(timeout)
        .build();
    return sent(() -> client.getItem(request))
        .thenApply(
            response -> response.hasItem() ? Optional.of(response.item()) : Optional.empty());
  }

  /** Reads all pages of one segment, one after the other. */
  CompletableFuture<Void> pages(ScanSegment segment, Consumer<ScanResponse> eachPage) {
    return pages(segment, null, eachPage);
  }

  private CompletableFuture<Void> pages(
      ScanSegment segment,
      @Nullable Map<String, AttributeValue> from,
      Consumer<ScanResponse> eachPage) {
    ScanRequest request = segment
        .of(ScanRequest.builder())
        .tableName(table)
        .exclusiveStartKey(from)
        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
        .overrideConfiguration(pageTimeout)
        .build();
    return sent(() -> client.scan(request)).thenCompose(page -> {
      eachPage.accept(page);
      return page.hasLastEvaluatedKey() && !page.lastEvaluatedKey().isEmpty()
          ? pages(segment, page.lastEvaluatedKey(), eachPage)
          : CompletableFuture.completedFuture(null);
    });
  }

  /** The item that a condition failed on; read only where the refusal brings none. */
  CompletableFuture<Optional<Map<String, AttributeValue>>> inTheWay(
      Map<String, AttributeValue> key, ConditionalCheckFailedException refusal) {
    return refusal.hasItem() && !refusal.item().isEmpty()
        ? CompletableFuture.completedFuture(Optional.of(refusal.item()))
        : item(key);
  }

  /** The answer, or what a failed condition makes of it. */
  static <T> CompletableFuture<T> unlessRefused(
      CompletableFuture<T> answer,
      Function<ConditionalCheckFailedException, CompletableFuture<T>> refused) {
    return answer.exceptionallyCompose(failure ->
        ServiceFailures.causeOf(failure) instanceof ConditionalCheckFailedException refusal
            ? refused.apply(refusal)
            : CompletableFuture.failedFuture(failure));
  }

  /** The answer with failures in the port's words. */
  <T> CompletionStage<T> settled(String operation, CompletableFuture<T> answer) {
    CompletableFuture<T> settled = new CompletableFuture<>();
    CompletableFuture<Boolean> unused = answer.handle((value, failure) -> failure == null
        ? settled.complete(value)
        : settled.completeExceptionally(ServiceFailures.translated(table, operation, failure)));
    return settled;
  }

  /** Whatever is thrown, here or by the sender, fails the answer: nobody waits for one for ever. */
  private <T> CompletableFuture<T> sent(Supplier<CompletableFuture<T>> request) {
    return ServiceFailures.sent(
        () -> CompletableFuture.supplyAsync(request, sender).thenCompose(Function.identity()));
  }

  private static AwsRequestOverrideConfiguration within(Duration timeout) {
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(timeout).build();
  }
}
