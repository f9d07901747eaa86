package org.openkcl.leases.dynamodb;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.openkcl.leases.ConditionalResult;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.CoordinationView;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.LockWrite;
import org.openkcl.leases.Migration;
import org.openkcl.leases.MigrationWrite;
import org.openkcl.leases.WorkerRecord;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * What is kept beside leases, in DynamoDB: in the lease table itself, in a table of ours beside it,
 * or in the two tables of Amazon's 3.0 to 3.4. Items and conditions are Amazon's.
 *
 * <p>Thread-safe: it has no state. Stages complete on the client's completion threads.
 */
public final class DynamoDbCoordinationTable implements CoordinationTable {
  private final TableRequests coordinator;
  private final CoordinationWrites coordinatorWrites;
  private final TableRequests workers;
  private final CoordinationWrites workerWrites;
  private final Supplier<CompletionStage<Void>> creation;

  private DynamoDbCoordinationTable(
      TableRequests coordinator,
      CoordinationWrites coordinatorWrites,
      TableRequests workers,
      CoordinationWrites workerWrites,
      Supplier<CompletionStage<Void>> creation) {
    this.coordinator = coordinator;
    this.coordinatorWrites = coordinatorWrites;
    this.workers = workers;
    this.workerWrites = workerWrites;
    this.creation = creation;
  }

  /** In one table with the key of a lease table; it may not exist yet. */
  public static DynamoDbCoordinationTable inOneTable(
      DynamoDbAsyncClient client,
      DynamoDbTableSettings settings,
      BiConsumer<Duration, Runnable> scheduler) {
    TableRequests requests = new TableRequests(client, settings);
    CoordinationWrites writes = new CoordinationWrites(Attributes.LEASE_KEY, true);
    return new DynamoDbCoordinationTable(
        requests,
        writes,
        requests,
        writes,
        () -> new TableCreation(client, settings, requests.timeout(), scheduler).start());
  }

  /** In the side tables of Amazon's 3.0 to 3.4, which are never created here. */
  public static DynamoDbCoordinationTable inSideTables(
      DynamoDbAsyncClient client,
      DynamoDbTableSettings coordinatorState,
      DynamoDbTableSettings workerMetrics) {
    return new DynamoDbCoordinationTable(
        new TableRequests(client, coordinatorState),
        new CoordinationWrites(Attributes.COORDINATOR_KEY, false),
        new TableRequests(client, workerMetrics),
        new CoordinationWrites(Attributes.METRICS_KEY, false),
        () -> CompletableFuture.completedFuture(null));
  }

  @Override
  public String name() {
    return coordinator.table();
  }

  @Override
  public CompletionStage<Void> ensureExists() {
    return creation.get();
  }

  /** {@inheritDoc} Side tables count as there when the one of the coordinator is. */
  @Override
  public CompletionStage<Optional<CoordinationView>> look() {
    CompletableFuture<Optional<CoordinationView>> first =
        coordinator.settled("Scan", scanned(coordinator, coordinatorWrites)).toCompletableFuture();
    if (workers == coordinator) {
      return orEmpty(first);
    }
    CompletableFuture<Optional<CoordinationView>> second =
        orEmpty(workers.settled("Scan", scanned(workers, workerWrites)).toCompletableFuture());
    return orEmpty(first)
        .thenCombine(
            second,
            (found, metrics) ->
                found.map(view -> view.and(metrics.orElse(CoordinationView.EMPTY))));
  }

  @Override
  public CompletionStage<Optional<LeaderLock>> readLock() {
    return coordinator.settled(
        "GetItem",
        coordinator
            .item(coordinatorWrites.key(CoordinationItems.LOCK_KEY))
            .thenApply(item -> item.flatMap(CoordinationItems::lock)));
  }

  @Override
  public CompletionStage<ConditionalResult<LeaderLock>> writeLock(LockWrite write) {
    if (write.intended() == null) {
      return coordinator.settled(
          "DeleteItem", lockOutcome(write, coordinator.delete(coordinatorWrites.release(write))));
    }
    return write.guard() == LockWrite.Guard.VERSION_AND_OWNER
        ? coordinator.settled(
            "UpdateItem",
            lockOutcome(write, coordinator.update(coordinatorWrites.heartbeat(write))))
        : coordinator.settled(
            "PutItem", lockOutcome(write, coordinator.put(coordinatorWrites.acquisition(write))));
  }

  @Override
  public CompletionStage<Optional<Migration>> readMigration(Migration.Subject subject) {
    return coordinator.settled(
        "GetItem",
        coordinator
            .item(coordinatorWrites.key(CoordinationItems.keyOf(subject)))
            .thenApply(item -> item.flatMap(found -> CoordinationItems.migration(subject, found))));
  }

  @Override
  public CompletionStage<ConditionalResult<Migration>> writeMigration(MigrationWrite write) {
    Migration.Subject subject = write.expected().subject();
    CompletableFuture<ConditionalResult<Migration>> answer = coordinator
        .update(coordinatorWrites.step(write))
        .thenApply(done -> new ConditionalResult.Written<>(Optional.of(write.intended())));
    return coordinator.settled(
        "UpdateItem",
        TableRequests.unlessRefused(
            answer,
            refusal -> inTheWay(CoordinationItems.keyOf(subject), refusal)
                .thenApply(item -> new ConditionalResult.LostRace<>(
                    item.flatMap(found -> CoordinationItems.migration(subject, found))))));
  }

  @Override
  public CompletionStage<Void> putWorker(WorkerRecord worker) {
    CompletableFuture<Void> answer =
        workers.update(workerWrites.beat(worker)).thenApply(response -> null);
    return workers.settled(
        "UpdateItem",
        TableRequests.unlessRefused(
            answer, refusal -> CompletableFuture.failedFuture(workerIdTaken(worker.workerId()))));
  }

  @Override
  public CompletionStage<Void> deleteWorker(String workerId) {
    CompletableFuture<Void> answer =
        workers.delete(workerWrites.farewell(workerId)).thenApply(response -> null);
    return workers.settled(
        "DeleteItem",
        TableRequests.unlessRefused(answer, refusal -> CompletableFuture.completedFuture(null)));
  }

  @Override
  public CompletionStage<Boolean> deleteStaleWorker(String workerId, Instant writtenAt) {
    CompletableFuture<Boolean> answer =
        workers.delete(workerWrites.cleanUp(workerId, writtenAt)).thenApply(response -> true);
    return workers.settled(
        "DeleteItem",
        TableRequests.unlessRefused(
            answer,
            refusal -> workers.item(workerWrites.key(workerId)).thenApply(Optional::isEmpty)));
  }

  private <T> CompletableFuture<ConditionalResult<LeaderLock>> lockOutcome(
      LockWrite write, CompletableFuture<T> answer) {
    return TableRequests.unlessRefused(
        answer.<ConditionalResult<LeaderLock>>thenApply(
            done -> new ConditionalResult.Written<>(Optional.ofNullable(write.intended()))),
        refusal -> inTheWay(CoordinationItems.LOCK_KEY, refusal)
            .thenApply(
                item -> new ConditionalResult.LostRace<>(item.flatMap(CoordinationItems::lock))));
  }

  private CompletableFuture<Optional<Map<String, AttributeValue>>> inTheWay(
      String key, ConditionalCheckFailedException refusal) {
    return coordinator.inTheWay(coordinatorWrites.key(key), refusal);
  }

  private static CompletableFuture<Optional<CoordinationView>> scanned(
      TableRequests table, CoordinationWrites writes) {
    CoordinationPages pages = new CoordinationPages();
    return table
        .pages(ScanSegment.WHOLE, page -> pages.add(page, writes))
        .thenApply(read -> Optional.of(pages.view()));
  }

  private static CompletableFuture<Optional<CoordinationView>> orEmpty(
      CompletableFuture<Optional<CoordinationView>> answer) {
    return answer.exceptionallyCompose(
        failure -> ServiceFailures.causeOf(failure) instanceof LeaseTableException translated
                && translated.kind() == Kind.TABLE_MISSING
            ? CompletableFuture.completedFuture(Optional.empty())
            : CompletableFuture.failedFuture(failure));
  }

  private LeaseTableException workerIdTaken(String workerId) {
    return new LeaseTableException(
        Kind.REFUSED,
        "Worker id '"
            + workerId
            + "' is the key of an item in table '"
            + workers.table()
            + "' that is no worker's. Give the worker an id that is no shard id",
        null);
  }
}
