package org.openkcl.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.fleet.HeldLease;
import org.openkcl.metering.ShardMeter;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.ReadStart;
import org.openkcl.retrieval.RecordBatch;
import org.openkcl.retrieval.RecordSource;

/**
 * The way from the stream to one shard's processor: asks for batches, holds the one that is being
 * processed, and can begin anew behind the last one that was. Confined to the event loop.
 */
final class ShardReading {
  /** LATEST means another record each time it is asked for; clocks may differ by less than this. */
  private static final Duration CLOCK_MARGIN = Duration.ofSeconds(10);

  private final Worker worker;
  private final Environment environment;
  private final EventLoop loop;
  private final HeldLease lease;
  private final String shardId;
  private final Events events;
  private final ShardMeter meter;
  private @Nullable Checkpoint done;
  private @Nullable Instant startAt;
  private @Nullable RecordSource source;
  private @Nullable RecordBatch batch;
  private List<ChildShard> childShards = List.of();
  private long millisBehindLatest = -1;
  private boolean asked;
  private long lastSignNanos;

  /** Hears of what comes. */
  interface Events {
    /** A batch came, with records or without; before anything else is said of it. */
    void heard(RecordBatch batch);

    /** A batch with records, held until the next one is asked for. */
    void arrived(RecordBatch batch);

    /**
     * A read found nothing, and the next one is asked for.
     *
     * @param isNews whether the distance to the shard's tip has changed
     */
    void nothingArrived(boolean isNews);

    /** Nothing follows the last batch. */
    void ended();

    /** The source cannot go on by itself. */
    void failed(@Nullable Throwable failure);
  }

  ShardReading(Worker worker, HeldLease lease, ShardMeter meter, Events events) {
    this.worker = worker;
    this.environment = worker.ports().environment();
    this.loop = worker.ports().loop();
    this.lease = lease;
    this.shardId = lease.lease().shardId();
    this.meter = meter;
    this.events = events;
  }

  /** Where a batch with records ends. */
  static Checkpoint endOf(RecordBatch batch) {
    KinesisClientRecord last = batch.records().get(batch.records().size() - 1);
    return new Checkpoint(last.sequenceNumber(), last.subSequenceNumber());
  }

  /** Opens a source behind the last batch that was finished; first behind the checkpoint. */
  void start() {
    Checkpoint behind = done;
    if (behind == null) {
      behind = lease.lease().checkpoint();
      startAt = worker.startAt(lease.lease());
      done = behind;
    }
    Lease item = lease.lease();
    ReadStart start =
        ReadStart.of(behind, startAt).orElseThrow().within(item.shard().hashKeyRange());
    RecordSource opened = worker.sourcesOf(item).open(shardId, start);
    opened.meter(meter);
    source = opened;
    if (startAt == null && behind.equals(Checkpoint.LATEST)) {
      startAt = environment.now().minus(CLOCK_MARGIN); // should reading have to begin anew
    }
    lastSignNanos = environment.nanoTime();
  }

  /** Closes the source and gives its memory back; a batch that is held is not finished. */
  void stop() {
    if (source != null) {
      source.close();
      source = null;
    }
    batch = null;
    asked = false;
  }

  /** Finishes the batch that is held and asks for the next one. */
  void next() {
    RecordSource from = source;
    if (from == null || asked) {
      return;
    }
    if (finish()) {
      events.ended();
      return;
    }
    asked = true;
    lastSignNanos = environment.nanoTime();
    CompletionStage<RecordBatch> coming = from.next();
    Asked answer = new Asked(from);
    coming.whenComplete(answer);
    answer.isLater = true;
  }

  /** What was asked of a source. */
  private final class Asked implements BiConsumer<@Nullable RecordBatch, @Nullable Throwable> {
    private final RecordSource from;

    /** Whether the answer did not come while it was asked for. */
    private boolean isLater;

    Asked(RecordSource from) {
      this.from = from;
    }

    /** Whoever asks is done before the answer is taken; that is worth a turn of the loop. */
    @Override
    public void accept(@Nullable RecordBatch next, @Nullable Throwable failure) {
      if (isLater && loop.inLoop()) {
        take(next, failure);
      } else {
        loop.execute(() -> take(next, failure));
      }
    }

    private void take(@Nullable RecordBatch next, @Nullable Throwable failure) {
      if (from == source) {
        asked = false;
        lastSignNanos = environment.nanoTime();
        came(next, failure);
      }
    }
  }

  /** The batch that is held is finished: reading never begins before its end again. */
  boolean finish() {
    RecordBatch held = batch;
    batch = null;
    if (held != null && !held.records().isEmpty()) {
      done = endOf(held);
    }
    return held != null && held.atShardEnd();
  }

  private void came(@Nullable RecordBatch next, @Nullable Throwable failure) {
    if (next == null) {
      if (!(failure instanceof CancellationException)) {
        events.failed(failure);
      }
      return;
    }
    boolean isNews = millisBehindLatest != next.millisBehindLatest();
    millisBehindLatest = next.millisBehindLatest();
    lease.behind(Duration.ofMillis(millisBehindLatest));
    batch = next;
    if (next.atShardEnd()) {
      childShards = next.childShards();
    }
    events.heard(next);
    if (next.records().isEmpty()) {
      meter.nothingArrived(millisBehindLatest);
      events.nothingArrived(isNews);
    } else {
      meter.behind(millisBehindLatest);
      events.arrived(next);
    }
  }

  /** The batch that is held, or null. */
  @Nullable
  RecordBatch batch() {
    return batch;
  }

  /** Whether a source is open. */
  boolean isOpen() {
    return source != null;
  }

  /** The shards that follow, once the end has been seen; empty if the service did not name them. */
  List<ChildShard> childShards() {
    return childShards;
  }

  /** How far the last batch was behind the shard's tip; -1 before the first. */
  long millisBehindLatest() {
    return millisBehindLatest;
  }

  /** For how long there has been no sign of life of the way to the service. */
  Duration silence() {
    long last = lastSignNanos;
    if (source != null && source.lastSignNanos().isPresent()) {
      long heard = source.lastSignNanos().getAsLong();
      last = heard - last > 0 ? heard : last;
    }
    return Duration.ofNanos(environment.nanoTime() - last);
  }

  /** Why reads fail at present; empty when they do not. */
  String trouble() {
    return source == null ? "" : source.trouble().orElse("");
  }
}
