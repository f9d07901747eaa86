package org.openkcl.retrieval;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.MemoryBudget.Purpose;
import org.openkcl.retrieval.MemoryBudget.Reservation;
import org.openkcl.retrieval.PollRules.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one shard as {@link PollRules} say, a little ahead of the processor.
 *
 * <p>At most one call is under way, so replies come in order. Failures that pass by themselves are
 * retried here for ever; the others end the reading until the caller asks again.
 *
 * <p>Confined to the worker's event loop.
 */
final class PollingRecordSource implements RecordSource {
  static final Logger log = LoggerFactory.getLogger(PollingRecordSource.class);

  /** A reply of small records is there twice while it arrives: as it came, and as records. */
  private static final long IN_FLIGHT_FACTOR = 2;

  /** One or two failures in a row are nothing to speak of. */
  private static final int TROUBLE_AFTER = 3;

  private final Environment environment;
  private final EventLoop loop;
  private final ShardReader reader;
  private final MemoryBudget budget;
  private final PollRules rules;
  private final String shardId;
  private final FailureLog failureLog;
  private final Deque<Held> ready = new ArrayDeque<>();

  private PollState state;
  private long calledNanos;
  private long heardNanos;
  private ReadMeter meter = ReadMeter.NONE;
  private String trouble = "";
  private Phase phase = Phase.PARKED;
  private EventLoop.@Nullable Timer timer;
  private long timerNanos;
  private @Nullable Reservation fetching;
  private @Nullable Reservation delivered;
  private @Nullable CompletableFuture<RecordBatch> asked;
  private @Nullable StreamFailure failure;

  private enum Phase {
    /** Nothing happens until the caller asks. */
    PARKED,
    /** No call is under way; the rules say what is next. */
    READY,
    /** A call is under way. */
    CALLING,
    CLOSED
  }

  /** A batch that has not been asked for, and the memory it takes. */
  private record Held(RecordBatch batch, Reservation memory) {}

  PollingRecordSource(PollingRecordSources shared, String shardId, ReadStart start) {
    this.environment = shared.environment();
    this.loop = shared.loop();
    this.reader = shared.reader();
    this.budget = shared.budget();
    this.rules = new PollRules(shared.settings());
    this.shardId = shardId;
    this.failureLog = new FailureLog(log, shared.warnings(), shardId);
    this.heardNanos = environment.nanoTime();
    this.state = PollState.startingAt(start.position(), heardNanos);
    budget.join();
  }

  @Override
  public CompletionStage<RecordBatch> next() {
    if (phase == Phase.CLOSED || asked != null) {
      throw new IllegalStateException(
          "next() must be called on an open source whose last batch has come: got "
              + (phase == Phase.CLOSED ? "a closed source" : "a call while one is waiting"));
    }
    releaseDelivered();
    Held first = ready.poll();
    if (first != null) {
      delivered = first.memory();
      step();
      return CompletableFuture.completedStage(first.batch());
    }
    if (state.ended()) {
      throw new IllegalStateException(
          "The batch at the end of shard " + shardId + " was the last one");
    }
    StreamFailure undelivered = failure;
    if (undelivered != null) {
      failure = null;
      return CompletableFuture.failedStage(undelivered);
    }
    return ask();
  }

  private CompletionStage<RecordBatch> ask() {
    CompletableFuture<RecordBatch> batch = new CompletableFuture<>();
    asked = batch;
    if (phase == Phase.PARKED) {
      phase = Phase.READY;
    }
    if (fetching != null && !fetching.isGranted() && fetching.purpose() == Purpose.READ_AHEAD) {
      releaseFetching();
    }
    step();
    return batch;
  }

  @Override
  public void meter(ReadMeter listener) {
    meter = listener;
  }

  @Override
  public OptionalLong lastSignNanos() {
    boolean awaitsMemory = phase == Phase.READY && fetching != null && !fetching.isGranted();
    return OptionalLong.of(awaitsMemory ? environment.nanoTime() : heardNanos);
  }

  @Override
  public Optional<String> trouble() {
    return state.failures() < TROUBLE_AFTER ? Optional.empty() : Optional.of(trouble);
  }

  @Override
  public void close() {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    budget.leave();
    cancelTimer();
    releaseFetching();
    releaseDelivered();
    ready.forEach(held -> held.memory().release());
    ready.clear();
    CompletableFuture<RecordBatch> waiting = asked;
    asked = null;
    if (waiting != null) {
      waiting.completeExceptionally(
          new CancellationException("The source of shard " + shardId + " was closed"));
    }
  }

  private void step() {
    if (phase != Phase.READY) {
      return;
    }
    Runnable action = rules
        .next(state, ready.size(), environment.nanoTime())
        .<Runnable>match(
            open -> () -> open(open.position()),
            read -> () -> read(read.iterator()),
            wait -> () -> stepLater(wait.duration()),
            () -> this::cancelTimer,
            () -> this::cancelTimer);
    action.run();
  }

  /** Steps again when the next call may be made; a timer that is set for that stays. */
  private void stepLater(Duration duration) {
    if (timer != null && timerNanos == state.notBeforeNanos()) {
      return;
    }
    cancelTimer();
    timerNanos = state.notBeforeNanos();
    timer = loop.schedule(duration, () -> {
      timer = null;
      step();
    });
  }

  private void open(ReadPosition position) {
    state = rules.opening(state, environment.now());
    call(
        reader.openIterator(shardId, position),
        iterator -> {
          meter.iteratorOpened(heardNanos - calledNanos);
          state = rules.opened(state, iterator);
          step();
        },
        thrown -> meter.iteratorRefused(thrown.kind(), heardNanos - calledNanos));
  }

  private void read(String iterator) {
    Reservation memory = fetching;
    if (memory == null) {
      Purpose purpose = asked != null ? Purpose.NEEDED_NOW : Purpose.READ_AHEAD;
      memory = budget.reserve(
          purpose,
          () -> IN_FLIGHT_FACTOR * rules.expectedBytes(state, environment.nanoTime()),
          () -> state.millisBehind(),
          this::step);
      fetching = memory;
    }
    if (memory.isGranted()) {
      Reservation granted = memory;
      int limit = rules.maxRecords(state, budget.allowanceBytes());
      call(
          reader.read(iterator, limit),
          reply -> {
            meter.read(heardNanos - calledNanos);
            replied(reply, granted);
          },
          thrown -> meter.readRefused(thrown.kind(), heardNanos - calledNanos));
    }
  }

  private <T> void call(
      CompletionStage<T> stage, Consumer<T> onReply, Consumer<StreamFailure> onFailure) {
    cancelTimer();
    phase = Phase.CALLING;
    calledNanos = environment.nanoTime();
    stage.whenComplete((reply, thrown) -> loop.execute(() -> {
      if (phase != Phase.CALLING) {
        return;
      }
      phase = Phase.READY;
      heardNanos = environment.nanoTime();
      if (thrown == null) {
        onReply.accept(reply);
      } else {
        StreamFailure known = failureOf(thrown);
        onFailure.accept(known);
        failed(known);
      }
    }));
  }

  private void replied(ReadReply reply, Reservation memory) {
    if (rules.doubts(state, reply)) {
      failed(new StreamFailure(
          StreamFailure.Kind.UNAVAILABLE,
          "Shard " + shardId + " seems to end without shards that follow it",
          null));
      return;
    }
    failureLog.succeeded();
    state = rules.replied(
        state,
        reply,
        new Call(calledNanos, environment.nanoTime()),
        environment.random().nextDouble());
    fetching = null;
    List<KinesisClientRecord> records = reply.records();
    RecordBatch batch = new RecordBatch(
        records,
        reply.millisBehindLatest(),
        reply.nextIterator() == null,
        reply.childShards(),
        reply.bytes(),
        environment.now());
    deliver(
        new Held(batch, memory),
        reply.bytes() + records.size() * MemoryBudget.RECORD_OVERHEAD_BYTES);
    step();
  }

  private void deliver(Held held, long bytes) {
    CompletableFuture<RecordBatch> waiting = asked;
    if (waiting != null) {
      asked = null;
      delivered = held.memory();
      held.memory().correct(bytes);
      waiting.complete(held.batch());
    } else if (held.batch().records().isEmpty() && !held.batch().atShardEnd()) {
      held.memory().release();
    } else {
      ready.add(held);
      held.memory().correct(bytes);
    }
  }

  private void failed(StreamFailure thrown) {
    releaseFetching();
    trouble = String.valueOf(thrown.getMessage());
    long nowNanos = environment.nanoTime();
    state = rules.failed(
        state,
        thrown.kind(),
        new Call(calledNanos, nowNanos),
        environment.random().nextDouble());
    if (PollRules.isPermanent(thrown.kind())) {
      phase = Phase.PARKED;
      fail(thrown);
    } else {
      failureLog.failed(thrown, state.failures());
      step();
    }
  }

  private void fail(StreamFailure thrown) {
    CompletableFuture<RecordBatch> waiting = asked;
    asked = null;
    if (waiting == null) {
      failure = thrown;
    } else {
      waiting.completeExceptionally(thrown);
    }
  }

  private StreamFailure failureOf(Throwable thrown) {
    Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
    return cause instanceof StreamFailure known
        ? known
        : new StreamFailure(
            StreamFailure.Kind.UNAVAILABLE,
            "Reading shard " + shardId + " failed: " + cause,
            cause);
  }

  private void cancelTimer() {
    EventLoop.Timer running = timer;
    timer = null;
    if (running != null) {
      running.cancel();
    }
  }

  private void releaseFetching() {
    Reservation memory = fetching;
    fetching = null;
    if (memory != null) {
      memory.release();
    }
  }

  private void releaseDelivered() {
    Reservation memory = delivered;
    delivered = null;
    if (memory != null) {
      memory.release();
    }
  }
}
