package org.openkcl.fleet.mixed;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * Reads the lease table again and again, as any observer would, and keeps what changes: owners and
 * leaders. Changes shorter than its interval escape it. Thread-safe.
 */
final class TableWatch implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final DynamoDbAsyncClient dynamoDb;
  private final String application;
  private final OwnerHistory owners = new OwnerHistory();
  private final OwnerHistory leaders = new OwnerHistory();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "table-watch");
        thread.setDaemon(true);
        return thread;
      });

  TableWatch(DynamoDbAsyncClient dynamoDb, String application) {
    this.dynamoDb = dynamoDb;
    this.application = application;
    timer.scheduleWithFixedDelay(this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      see(items(application));
      seeLeader("lease table", items(application));
      seeLeader("Amazon's side table", items(application + "-CoordinatorState"));
      seeLeader("side table of OpenKCL", items(application + "-OpenKCL"));
    } catch (RuntimeException e) {
      System.err.println("The lease table cannot be read: " + e);
    }
  }

  /** All items of a table; none if there is no such table. */
  List<Map<String, AttributeValue>> items(String table) {
    try {
      return dynamoDb.scan(b -> b.tableName(table).consistentRead(true)).join().items();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ResourceNotFoundException) {
        return List.of();
      }
      throw e;
    }
  }

  private synchronized void see(List<Map<String, AttributeValue>> items) {
    long now = Story.nowMicros();
    for (Map<String, AttributeValue> item : items) {
      if (item.containsKey("checkpoint") && item.containsKey("leaseCounter")) {
        owners.see(new OwnerChange(
            now,
            text(item, "leaseKey").orElseThrow(),
            text(item, "leaseOwner"),
            text(item, "checkpointOwner"),
            text(item, "checkpoint").equals(Optional.of("SHARD_END"))));
      }
    }
  }

  private synchronized void seeLeader(String where, List<Map<String, AttributeValue>> items) {
    Optional<String> leader = items.stream()
        .filter(item ->
            text(item, "leaseKey").or(() -> text(item, "key")).equals(Optional.of("Leader")))
        .findFirst()
        .flatMap(item -> text(item, "ownerName"));
    if (leader.isPresent() || leaders.now().containsKey(where)) {
      leaders.see(new OwnerChange(Story.nowMicros(), where, leader, Optional.empty(), false));
    }
  }

  /** Whether there is an item of a worker, wherever its library's version keeps it. */
  boolean showsItself(String worker) {
    return Stream.of("", "-WorkerMetricStats", "-OpenKCL")
        .flatMap(suffix -> items(application + suffix).stream())
        .map(item -> text(item, "leaseKey").or(() -> text(item, "wid")))
        .anyMatch(Optional.of(worker)::equals);
  }

  private static Optional<String> text(Map<String, AttributeValue> item, String name) {
    return Optional.ofNullable(item.get(name)).map(AttributeValue::s);
  }

  /** Asks the history of owners; the answer must not hold on to it. */
  synchronized <T> T owners(Function<OwnerHistory, T> question) {
    return question.apply(owners);
  }

  /** Who holds the leader lock, wherever that is; empty if nobody does. */
  synchronized Optional<String> leader() {
    return leaders.now().values().stream()
        .flatMap(seen -> seen.owner().stream())
        .findFirst();
  }

  synchronized Map<String, List<OwnerChange>> leaderChanges() {
    return leaders.changes();
  }

  /** The shares as text: {@code a 8, b 8}. */
  String shares() {
    return owners(history -> history.shares().entrySet().stream()
        .map(share -> share.getKey() + " " + share.getValue())
        .collect(Collectors.joining(", ")));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
