package org.openkcl.retrieval;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openkcl.leases.Checkpoint;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.KinesisClientRecord;

/**
 * Reads one shard by subscriptions, and by polling while those fail. Each change goes on behind the
 * last record delivered. Subscriptions are tried again after 2 min, and twice as long each time, up
 * to 16 min, as long as they fail again within that.
 *
 * <p>Confined to the worker's event loop.
 */
final class FallbackRecordSource implements RecordSource {
  private static final Duration FIRST_RETURN = Duration.ofMinutes(2);
  private static final int MAX_DOUBLINGS = 3;
  private static final Duration CLOCK_MARGIN = Duration.ofSeconds(10);

  private final FallbackRecordSources shared;
  private final String shardId;
  private ReadStart start;
  private RecordSource current;
  private boolean polling;
  private boolean closed;
  private int doublings = -1;
  private long changeNanos;
  private ReadMeter meter = ReadMeter.NONE;

  FallbackRecordSource(FallbackRecordSources shared, String shardId, ReadStart start) {
    this.shared = shared;
    this.shardId = shardId;
    this.start = start;
    this.current = shared.subscribing(shardId, start);
  }

  @Override
  public CompletionStage<RecordBatch> next() {
    if (!closed && polling && shared.environment().nanoTime() - changeNanos >= 0) {
      current.close();
      polling = false;
      current = shared.subscribing(shardId, start);
      current.meter(meter);
    }
    CompletableFuture<RecordBatch> answer = new CompletableFuture<>();
    ask(answer);
    return answer;
  }

  private void ask(CompletableFuture<RecordBatch> answer) {
    RecordSource asked = current;
    CompletionStage<RecordBatch> stage = asked.next();
    pin();
    stage.whenComplete((batch, thrown) -> {
      if (thrown == null) {
        received(batch);
        answer.complete(batch);
      } else if (!polling && !closed && thrown instanceof StreamFailure failure) {
        fallBack(failure);
        ask(answer);
      } else {
        answer.completeExceptionally(thrown);
      }
    });
  }

  /** LATEST means another record each time: what is opened later begins where this one did. */
  private void pin() {
    if (start.position().kind() == ReadPosition.Kind.LATEST) {
      ReadPosition now = ReadPosition.atTimestamp(shared.environment().now().minus(CLOCK_MARGIN));
      start = new ReadStart(now, start.processed());
    }
  }

  private void received(RecordBatch batch) {
    if (!polling) {
      shared.noLongerPolled(shardId, false);
    }
    List<KinesisClientRecord> records = batch.records();
    if (!records.isEmpty()) {
      String last = records.get(records.size() - 1).sequenceNumber();
      start = new ReadStart(ReadPosition.afterSequenceNumber(last), Checkpoint.TRIM_HORIZON);
    }
  }

  private void fallBack(StreamFailure failure) {
    long nowNanos = shared.environment().nanoTime();
    boolean again = doublings >= 0 && nowNanos - changeNanos < delayNanos(doublings);
    doublings = again ? Math.min(doublings + 1, MAX_DOUBLINGS) : 0;
    double jitter = 1 + shared.environment().random().nextDouble() / 4;
    changeNanos = nowNanos + (long) (delayNanos(doublings) * jitter);
    current.close();
    polling = true;
    shared.fallenBack(shardId, failure);
    current = shared.polling(shardId, start);
    current.meter(meter);
  }

  private static long delayNanos(int doublings) {
    return FIRST_RETURN.toNanos() << doublings;
  }

  @Override
  public void meter(ReadMeter listener) {
    meter = listener;
    current.meter(listener);
  }

  @Override
  public OptionalLong lastSignNanos() {
    return current.lastSignNanos();
  }

  @Override
  public Optional<String> trouble() {
    return current.trouble();
  }

  @Override
  public void close() {
    closed = true;
    shared.noLongerPolled(shardId, true);
    current.close();
  }
}
