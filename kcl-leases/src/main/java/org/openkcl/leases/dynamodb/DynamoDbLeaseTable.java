package org.openkcl.leases.dynamodb;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WorkerRecord;
import org.openkcl.leases.WriteResult;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The lease table in DynamoDB, in the format and under the conditions of Amazon's library, so that
 * workers of both can share it. Attributes of ours begin with {@code openkcl}; Amazon's library
 * ignores and keeps them, as this class keeps every attribute that it does not know.
 *
 * <p>Items of Amazon's that are no leases (lock, migrations, streams, worker metrics) are never
 * reported and never written; a worker id that is the key of a lease or of such an item is refused.
 *
 * <p>Thread-safe: it has no state. Stages complete on the client's completion threads, so hand their
 * results to the event loop that wants them.
 */
public final class DynamoDbLeaseTable implements LeaseTable {
  private final DynamoDbAsyncClient client;
  private final DynamoDbTableSettings settings;
  private final BiConsumer<Duration, Runnable> scheduler;
  private final AwsRequestOverrideConfiguration timeout;
  private final AwsRequestOverrideConfiguration pageTimeout;

  /**
   * A table that may not exist yet.
   *
   * @param client stays the caller's: it is not closed
   * @param scheduler runs a task once, after a delay; {@code eventLoop::schedule} does. Called on
   *     any thread, and only by {@link #ensureExists()} while it waits for a new table
   */
  public DynamoDbLeaseTable(
      DynamoDbAsyncClient client,
      DynamoDbTableSettings settings,
      BiConsumer<Duration, Runnable> scheduler) {
    this.client = client;
    this.settings = settings;
    this.scheduler = scheduler;
    this.timeout = within(settings.requestTimeout());
    this.pageTimeout = within(settings.scanPageTimeout());
  }

  @Override
  public String name() {
    return settings.tableName();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Waits up to 10 minutes for a table that is being created. A table that may not be described
   * (DescribeTable denied) counts as existing, since a worker needs only rights to its items; the
   * first scan says if it does not. Fails with kind REFUSED when the table has another key.
   */
  @Override
  public CompletionStage<Void> ensureExists() {
    return new TableCreation(client, settings, timeout, scheduler).start();
  }

  @Override
  public CompletionStage<TableView> scan() {
    return settled("Scan", pages(null, new ScannedPages()).thenApply(ScannedPages::view));
  }

  @Override
  public CompletionStage<Optional<Lease>> read(LeaseKey key) {
    return settled("GetItem", item(key).thenApply(item -> item.flatMap(this::leaseOrFailure)));
  }

  @Override
  public CompletionStage<WriteResult> write(LeaseWrite write) {
    return write.guard() == LeaseWrite.Guard.ABSENT ? create(write) : update(write);
  }

  @Override
  public CompletionStage<Void> delete(LeaseKey key) {
    return deleted(ConditionalWrite.deletion(key.value()));
  }

  /** {@inheritDoc} Fails with kind REFUSED when the id is the key of an item that is no worker's. */
  @Override
  public CompletionStage<Void> putWorker(WorkerRecord worker) {
    CompletableFuture<Void> answer =
        updated(ConditionalWrite.beat(worker)).thenApply(response -> null);
    return settled(
        "UpdateItem",
        unlessRefused(
            answer, refusal -> CompletableFuture.failedFuture(workerIdTaken(worker.workerId()))));
  }

  @Override
  public CompletionStage<Void> deleteWorker(String workerId) {
    return deleted(ConditionalWrite.farewell(workerId));
  }

  private CompletionStage<WriteResult> create(LeaseWrite write) {
    PutItemRequest request = ConditionalWrite.creation(write)
        .tableName(name())
        .overrideConfiguration(timeout)
        .build();
    CompletableFuture<PutItemResponse> answer = ServiceFailures.sent(() -> client.putItem(request));
    return settled("PutItem", outcome(write, answer, done -> write.intended()));
  }

  private CompletionStage<WriteResult> update(LeaseWrite write) {
    return settled(
        "UpdateItem",
        outcome(
            write,
            updated(ConditionalWrite.update(write)),
            done -> lease(done.attributes()).orElse(write.intended())));
  }

  private CompletableFuture<UpdateItemResponse> updated(UpdateItemRequest.Builder builder) {
    UpdateItemRequest request =
        builder.tableName(name()).overrideConfiguration(timeout).build();
    return ServiceFailures.sent(() -> client.updateItem(request));
  }

  /** A deletion whose refusal means that there was nothing of the kind. */
  private CompletionStage<Void> deleted(DeleteItemRequest.Builder builder) {
    DeleteItemRequest request =
        builder.tableName(name()).overrideConfiguration(timeout).build();
    CompletableFuture<Void> answer =
        ServiceFailures.sent(() -> client.deleteItem(request)).thenApply(response -> null);
    return settled(
        "DeleteItem", unlessRefused(answer, refusal -> CompletableFuture.completedFuture(null)));
  }

  private CompletableFuture<ScannedPages> pages(
      @Nullable Map<String, AttributeValue> from, ScannedPages before) {
    ScanRequest request = ScanRequest.builder()
        .tableName(name())
        .exclusiveStartKey(from)
        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
        .overrideConfiguration(pageTimeout)
        .build();
    return ServiceFailures.sent(() -> client.scan(request)).thenCompose(page -> {
      before.add(page);
      return page.hasLastEvaluatedKey() && !page.lastEvaluatedKey().isEmpty()
          ? pages(page.lastEvaluatedKey(), before)
          : CompletableFuture.completedFuture(before);
    });
  }

  private CompletableFuture<Optional<Map<String, AttributeValue>>> item(LeaseKey key) {
    GetItemRequest request = GetItemRequest.builder()
        .tableName(name())
        .key(LeaseItems.key(key.value()))
        .consistentRead(true)
        .overrideConfiguration(timeout)
        .build();
    return ServiceFailures.sent(() -> client.getItem(request))
        .thenApply(
            response -> response.hasItem() ? Optional.of(response.item()) : Optional.empty());
  }

  /** The service's answer to a conditional write as a result of the port. */
  private <T> CompletableFuture<WriteResult> outcome(
      LeaseWrite write, CompletableFuture<T> answer, Function<T, Lease> written) {
    return unlessRefused(
        answer.<WriteResult>thenApply(done -> new WriteResult.Written(written.apply(done))),
        refusal -> inTheWay(write.key(), refusal)
            .thenApply(item -> new WriteResult.LostRace(item.flatMap(DynamoDbLeaseTable::lease))));
  }

  /** The item that a condition failed on; read only where the refusal brings none. */
  private CompletableFuture<Optional<Map<String, AttributeValue>>> inTheWay(
      LeaseKey key, ConditionalCheckFailedException refusal) {
    return refusal.hasItem() && !refusal.item().isEmpty()
        ? CompletableFuture.completedFuture(Optional.of(refusal.item()))
        : item(key);
  }

  private static <T> CompletableFuture<T> unlessRefused(
      CompletableFuture<T> answer,
      Function<ConditionalCheckFailedException, CompletableFuture<T>> refused) {
    return answer.exceptionallyCompose(failure ->
        ServiceFailures.causeOf(failure) instanceof ConditionalCheckFailedException refusal
            ? refused.apply(refusal)
            : CompletableFuture.failedFuture(failure));
  }

  private <T> CompletionStage<T> settled(String operation, CompletableFuture<T> answer) {
    CompletableFuture<T> settled = new CompletableFuture<>();
    CompletableFuture<Boolean> unused = answer.handle((value, failure) -> failure == null
        ? settled.complete(value)
        : settled.completeExceptionally(ServiceFailures.translated(name(), operation, failure)));
    return settled;
  }

  private static Optional<Lease> lease(Map<String, AttributeValue> item) {
    return LeaseItems.read(item)
        .match(
            lease -> Optional.of(lease.lease()),
            worker -> Optional.empty(),
            malformed -> Optional.empty(),
            other -> Optional.empty());
  }

  private Optional<Lease> leaseOrFailure(Map<String, AttributeValue> item) {
    return LeaseItems.read(item)
        .match(
            lease -> Optional.of(lease.lease()),
            worker -> Optional.empty(),
            malformed -> {
              throw malformed(malformed.malformed());
            },
            other -> Optional.empty());
  }

  private LeaseTableException malformed(TableView.Malformed item) {
    return new LeaseTableException(
        Kind.MALFORMED,
        "Lease '"
            + item.key()
            + "' in table '"
            + name()
            + "' cannot be understood, so nobody reads its shard. Repair the item: "
            + item.reason(),
        null);
  }

  private LeaseTableException workerIdTaken(String workerId) {
    return new LeaseTableException(
        Kind.REFUSED,
        "Worker id '"
            + workerId
            + "' is the key of an item in table '"
            + name()
            + "' that is no worker's. Give the worker an id that is no shard id",
        null);
  }

  private static AwsRequestOverrideConfiguration within(Duration timeout) {
    return AwsRequestOverrideConfiguration.builder().apiCallTimeout(timeout).build();
  }
}
