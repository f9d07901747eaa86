package org.openkcl.leases.dynamodb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.IndexStatus;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LeaseTableException.Kind;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.OwnedLeases;
import org.openkcl.leases.TableView;
import org.openkcl.leases.WriteResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;

/**
 * The lease table in DynamoDB, in the format and under the conditions of Amazon's library, so that
 * workers of both can share it. Attributes of ours begin with {@code openkcl}; Amazon's library
 * ignores and keeps them, as this class keeps every attribute that it does not know.
 *
 * <p>Thread-safe: it keeps only a hint, the number of segments that the next scan is made of. Stages
 * complete on the client's completion threads, so hand their results to the event loop that wants
 * them.
 */
public final class DynamoDbLeaseTable implements LeaseTable {
  private static final Logger log = LoggerFactory.getLogger(DynamoDbLeaseTable.class);

  /** What one page of a scan holds at most, and so what one segment is worth being made for. */
  private static final long BYTES_PER_SEGMENT = 1 << 20;

  private static final int SEGMENTS_MAX = 32;

  private final DynamoDbAsyncClient client;
  private final DynamoDbTableSettings settings;
  private final BiConsumer<Duration, Runnable> scheduler;
  private final TableRequests requests;
  private final CoordinationTable coordination;
  private final OwnerIndex index;
  private final AtomicInteger segments;

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
    this.requests = new TableRequests(client, settings);
    this.coordination = DynamoDbCoordinationTable.inOneTable(client, settings, scheduler);
    this.index = new OwnerIndex(requests);
    this.segments = new AtomicInteger(1);
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
   * first scan says if it does not. Fails with kind REFUSED when the table has another key. An
   * index that is wanted is created without waiting for it; that it could not be is only logged.
   */
  @Override
  public CompletionStage<Void> ensureExists() {
    CompletableFuture<Void> usable =
        new TableCreation(client, settings, requests.timeout(), scheduler).start();
    if (!settings.ownerIndex()) {
      return usable;
    }
    return usable.thenCompose(exists -> createIndex().handle((status, failure) -> {
      if (failure != null) {
        log.atWarn()
            .addKeyValue("event", "table.no-index")
            .log("Workers go on without the index by owner: {}", failure.getMessage());
      }
      return null;
    }));
  }

  /**
   * {@inheritDoc} A table of more than a megabyte is read in segments side by side, as many as the
   * scan before has found worth it.
   */
  @Override
  public CompletionStage<TableView> scan() {
    List<ScannedPages> scanned = new ArrayList<>();
    List<CompletableFuture<Void>> reading = new ArrayList<>();
    for (ScanSegment segment : ScanSegment.all(segments.get())) {
      ScannedPages pages = new ScannedPages();
      scanned.add(pages);
      reading.add(requests.pages(segment, pages::add));
    }
    return requests.settled(
        "Scan",
        CompletableFuture.allOf(reading.toArray(CompletableFuture<?>[]::new)).thenApply(read -> {
          segments.set(segmentsFor(ScannedPages.bytes(scanned)));
          return ScannedPages.view(scanned);
        }));
  }

  @Override
  public CompletionStage<Optional<Lease>> read(LeaseKey key) {
    return requests.settled(
        "GetItem",
        requests
            .item(LeaseItems.key(key.value()))
            .thenApply(item -> item.flatMap(this::leaseOrFailure)));
  }

  @Override
  public CompletionStage<WriteResult> write(LeaseWrite write) {
    return write.guard() == LeaseWrite.Guard.ABSENT ? create(write) : update(write);
  }

  @Override
  public CompletionStage<Void> delete(LeaseKey key) {
    DeleteItemRequest.Builder request = ConditionalWrite.deletion(key.value());
    CompletableFuture<Void> answer = requests.delete(request).thenApply(response -> null);
    return requests.settled(
        "DeleteItem",
        TableRequests.unlessRefused(answer, refusal -> CompletableFuture.completedFuture(null)));
  }

  @Override
  public CoordinationTable coordination() {
    return coordination;
  }

  @Override
  public CompletionStage<IndexStatus> indexStatus() {
    return index.status();
  }

  @Override
  public CompletionStage<IndexStatus> createIndex() {
    return index.create();
  }

  @Override
  public CompletionStage<Optional<OwnedLeases>> ownedBy(String workerId) {
    return index.ownedBy(workerId);
  }

  /** How many segments a table of that size is worth. */
  static int segmentsFor(long bytes) {
    return (int) Math.min(SEGMENTS_MAX, 1 + bytes / BYTES_PER_SEGMENT);
  }

  private CompletionStage<WriteResult> create(LeaseWrite write) {
    return requests.settled(
        "PutItem",
        outcome(write, requests.put(ConditionalWrite.creation(write)), done -> write.intended()));
  }

  private CompletionStage<WriteResult> update(LeaseWrite write) {
    return requests.settled(
        "UpdateItem",
        outcome(
            write,
            requests.update(ConditionalWrite.update(write)),
            done -> lease(done.attributes()).orElse(write.intended())));
  }

  /** The service's answer to a conditional write as a result of the port. */
  private <T> CompletableFuture<WriteResult> outcome(
      LeaseWrite write, CompletableFuture<T> answer, Function<T, Lease> written) {
    return TableRequests.unlessRefused(
        answer.<WriteResult>thenApply(done -> new WriteResult.Written(written.apply(done))),
        refusal -> requests
            .inTheWay(LeaseItems.key(write.key().value()), refusal)
            .thenApply(item -> new WriteResult.LostRace(item.flatMap(DynamoDbLeaseTable::lease))));
  }

  private static Optional<Lease> lease(Map<String, AttributeValue> item) {
    return LeaseItems.read(item)
        .match(
            lease -> Optional.of(lease.lease()),
            malformed -> Optional.empty(),
            other -> Optional.empty());
  }

  private Optional<Lease> leaseOrFailure(Map<String, AttributeValue> item) {
    return LeaseItems.read(item)
        .match(
            lease -> Optional.of(lease.lease()),
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
}
