package org.openkcl.retrieval;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Checkpoint;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.records.Decoding;
import org.openkcl.records.Decoding.Decoded;
import org.openkcl.records.ProcessedRecords;
import org.openkcl.records.UserRecords;
import org.openkcl.records.UserRecords.Opened;
import org.openkcl.retrieval.MemoryBudget.Reservation;

/**
 * The user records of one shard. A batch that holds aggregates, or that is to be decoded, is worked
 * on away from the loop; any other is passed on.
 *
 * <p>Confined to the worker's event loop.
 */
final class UserRecordSource implements RecordSource {
  private static final Duration LONG_WORK = Duration.ofMinutes(1);

  private final RecordSource streamRecords;
  private final RecordOpening opening;
  private final UserRecords userRecords;
  private final @Nullable Decoding decoding;
  private final String shardId;

  private Checkpoint processed;
  private @Nullable CompletableFuture<RecordBatch> asked;
  private @Nullable RecordBatch undecoded;
  private @Nullable Reservation expansion;
  private boolean closed;
  private boolean working;
  private long workingSinceNanos;

  UserRecordSource(
      RecordSource streamRecords, RecordOpening opening, String shardId, ReadStart start) {
    this.streamRecords = streamRecords;
    this.opening = opening;
    this.userRecords = new UserRecords(opening.aggregates(), shardId, start.hashKeys());
    this.decoding = opening.decoding();
    this.shardId = shardId;
    this.processed = start.processed();
  }

  @Override
  public CompletionStage<RecordBatch> next() {
    if (closed || asked != null) {
      throw new IllegalStateException(
          "next() must be called on an open source whose last batch has come: got "
              + (closed ? "a closed source" : "a call while one is waiting"));
    }
    CompletableFuture<RecordBatch> batch = new CompletableFuture<>();
    RecordBatch again = undecoded;
    if (again != null) {
      asked = batch;
      decode(again);
      return batch;
    }
    releaseExpansion();
    CompletionStage<RecordBatch> read = streamRecords.next();
    asked = batch;
    read.whenComplete((received, failure) -> {
      if (received != null) {
        received(received);
      } else if (failure != null) {
        fail(failure);
      }
    });
    return batch;
  }

  /** While records are worked on in this process, the way to the service is not asked for a sign. */
  @Override
  public OptionalLong lastSignNanos() {
    return working ? OptionalLong.of(opening.nanoTime()) : streamRecords.lastSignNanos();
  }

  @Override
  public Optional<String> trouble() {
    Duration taken = Duration.ofNanos(opening.nanoTime() - workingSinceNanos);
    return working && taken.compareTo(LONG_WORK) >= 0
        ? Optional.of(
            "its records have been taken apart or decoded for %d s".formatted(taken.toSeconds()))
        : streamRecords.trouble();
  }

  @Override
  public void meter(ReadMeter meter) {
    streamRecords.meter(meter);
  }

  private <T> void work(
      String what, Supplier<T> work, BiConsumer<@Nullable T, @Nullable Throwable> whenDone) {
    working = true;
    workingSinceNanos = opening.nanoTime();
    opening.<T>run("openkcl-" + shardId + "-" + what, work, (result, failure) -> {
      working = false;
      whenDone.accept(result, failure);
    });
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    releaseExpansion();
    fail(new CancellationException("The source of shard " + shardId + " was closed"));
    streamRecords.close();
  }

  private void received(RecordBatch batch) {
    List<KinesisClientRecord> records = batch.records();
    if (userRecords.isWorkFor(records)) {
      Checkpoint before = processed;
      work(
          "records",
          () -> userRecords.open(records, before),
          (opened, failure) -> opened(batch, opened, failure));
    } else {
      opened(with(batch, ProcessedRecords.dropFrom(records, processed)));
    }
  }

  private void opened(RecordBatch batch, @Nullable Opened opened, @Nullable Throwable failure) {
    if (closed) {
      return;
    }
    if (opened == null) {
      opening.failed(shardId, failure == null ? new NullPointerException() : failure);
      opened(batch);
      return;
    }
    opened.findings().forEach(finding -> opening.found(shardId, finding));
    int more = opened.records().size() - batch.records().size();
    if (more > 0) {
      expansion = opening.budget().hold(more * MemoryBudget.RECORD_OVERHEAD_BYTES);
    }
    opened(with(batch, opened.records()));
  }

  private void opened(RecordBatch batch) {
    if (decoding == null || batch.records().isEmpty()) {
      deliver(batch);
    } else {
      decode(batch);
    }
  }

  private void decode(RecordBatch batch) {
    Decoding decoder = decoding;
    if (decoder == null) {
      deliver(batch);
      return;
    }
    work(
        "decode",
        () -> decoder.decode(batch.records()),
        (decoded, failure) -> decoded(batch, decoded, failure));
  }

  private void decoded(RecordBatch batch, @Nullable Decoded decoded, @Nullable Throwable failure) {
    if (closed) {
      return;
    }
    undecoded = null;
    if (decoded == null) {
      opening.failed(shardId, failure == null ? new NullPointerException() : failure);
      deliver(batch);
      return;
    }
    if (decoded.failed() > 0) {
      opening.undecoded(shardId, decoded);
    }
    if (decoded.again()) {
      undecoded = batch;
      fail(new StreamFailure(
          StreamFailure.Kind.UNAVAILABLE,
          "Its records cannot be decoded, and the decoder wants to try again: " + decoded.failure(),
          decoded.failure()));
    } else {
      deliver(with(batch, decoded.records()));
    }
  }

  private void deliver(RecordBatch batch) {
    if (!batch.records().isEmpty()) {
      processed = Checkpoint.TRIM_HORIZON; // what follows is new: nothing more to leave out
    }
    CompletableFuture<RecordBatch> waiting = asked;
    asked = null;
    if (waiting != null) {
      waiting.complete(batch);
    }
  }

  private void fail(Throwable failure) {
    CompletableFuture<RecordBatch> waiting = asked;
    asked = null;
    if (waiting != null) {
      waiting.completeExceptionally(failure);
    }
  }

  private static RecordBatch with(RecordBatch batch, List<KinesisClientRecord> records) {
    return records == batch.records()
        ? batch
        : new RecordBatch(
            records,
            batch.millisBehindLatest(),
            batch.atShardEnd(),
            batch.childShards(),
            batch.bytes(),
            batch.fetchedAt());
  }

  private void releaseExpansion() {
    Reservation memory = expansion;
    expansion = null;
    if (memory != null) {
      memory.release();
    }
  }
}
