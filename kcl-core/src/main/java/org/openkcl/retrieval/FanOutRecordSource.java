package org.openkcl.retrieval;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamFailure.Kind;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.records.ProcessedRecords;
import org.openkcl.retrieval.MemoryBudget.Purpose;
import org.openkcl.retrieval.MemoryBudget.Reservation;
import org.openkcl.retrieval.SubscriptionAttempt.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one shard by subscriptions, one after the other as {@link SubscriptionRules} say, a little
 * ahead of the processor.
 *
 * <p>An event is requested when there is a place for it: the processor waits, or little is ready and
 * the memory budget allows it. A slow processor so parks the subscription: nothing is requested, the
 * service stops sending, and if the subscription ends meanwhile it is not renewed. When the processor
 * is ready, reading goes on behind the last event received. Failures that pass by themselves are
 * retried here; the others end the reading until the caller asks again.
 *
 * <p>Confined to the worker's event loop.
 */
final class FanOutRecordSource implements RecordSource, SubscriptionAttempt.Owner {
  static final Logger log = LoggerFactory.getLogger(FanOutRecordSource.class);

  /** One or two failures in a row are nothing to speak of. */
  private static final int TROUBLE_AFTER = 3;

  private final FanOutRecordSources shared;
  private final Environment environment;
  private final EventLoop loop;
  private final String shardId;
  private final FailureLog failureLog;
  private final ReadyEvents ready;

  private SubscriptionState state;
  private Phase phase = Phase.PARKED;
  private @Nullable SubscriptionAttempt attempt;
  private EventLoop.@Nullable Timer timer;
  private @Nullable Reservation incoming;
  private List<Reservation> delivered = List.of();
  private @Nullable CompletableFuture<RecordBatch> asked;
  private @Nullable StreamFailure failure;
  private long millisBehindLatest;
  private long heardNanos;
  private long calledNanos;
  private ReadMeter meter = ReadMeter.NONE;
  private String trouble = "";

  private enum Phase {
    /** Nothing happens until the caller asks. */
    PARKED,
    /** The rules say what is next. */
    READING,
    CLOSED
  }

  FanOutRecordSource(FanOutRecordSources shared, String shardId, ReadStart start) {
    this.shared = shared;
    this.environment = shared.environment();
    this.loop = shared.loop();
    this.shardId = shardId;
    this.failureLog = new FailureLog(log, shared.warnings(), shardId);
    this.ready = new ReadyEvents(shared.settings().maxRecords());
    this.heardNanos = environment.nanoTime();
    this.state = SubscriptionState.startingAt(start, heardNanos);
    shared.budget().join();
  }

  @Override
  public CompletionStage<RecordBatch> next() {
    if (phase == Phase.CLOSED || asked != null) {
      throw new IllegalStateException(
          "next() must be called on an open source whose last batch has come: got "
              + (phase == Phase.CLOSED ? "a closed source" : "a call while one is waiting"));
    }
    releaseDelivered();
    if (!ready.isEmpty()) {
      ReadyEvents.Taken taken = ready.take();
      delivered = taken.memory();
      step();
      return CompletableFuture.completedStage(taken.batch());
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
      phase = Phase.READING;
    }
    if (incoming != null && !incoming.isGranted() && incoming.purpose() == Purpose.READ_AHEAD) {
      releaseIncoming(); // asked for again below, as more urgent
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
    boolean prepares = attempt != null && state.connection() == null;
    boolean awaitsMemory = incoming != null && !incoming.isGranted();
    return OptionalLong.of(prepares || awaitsMemory ? environment.nanoTime() : heardNanos);
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
    shared.budget().leave();
    cancelTimer();
    endAttempt(Outcome.OVER);
    releaseIncoming();
    releaseDelivered();
    ready.clear();
    CompletableFuture<RecordBatch> waiting = asked;
    asked = null;
    if (waiting != null) {
      waiting.completeExceptionally(
          new CancellationException("The source of shard " + shardId + " was closed"));
    }
  }

  private void step() {
    if (phase != Phase.READING || (attempt != null && state.connection() == null)) {
      return; // parked, or an attempt prepares
    }
    cancelTimer();
    SubscriptionTurn turn = SubscriptionRules.next(state, isWanted(), environment.nanoTime());
    switch (turn.action()) {
      case SUBSCRIBE -> {
        attempt = new SubscriptionAttempt(shared, shardId, this);
        attempt.begin();
      }
      case ABANDON -> retry(silent());
      case WAIT, HOLD -> {
        if (request()) {
          step();
        } else if (turn.action() == SubscriptionTurn.Action.WAIT) {
          timer = loop.schedule(turn.in(), this::step);
        }
      }
      case DONE -> {}
    }
  }

  private boolean isWanted() {
    return asked != null || ready.hasRoom();
  }

  /** Requests an event if there is a place for it; says whether that has been done now. */
  private boolean request() {
    SubscriptionAttempt open = attempt;
    if (open == null || !state.isOpen() || state.isRequested() || !isWanted()) {
      return false;
    }
    if (incoming == null) {
      Purpose purpose = asked != null ? Purpose.NEEDED_NOW : Purpose.READ_AHEAD;
      incoming = shared
          .budget()
          .reserve(purpose, () -> state.expectedBytes(), () -> millisBehindLatest, this::step);
    }
    if (!incoming.isGranted()) {
      return false;
    }
    state = SubscriptionRules.requested(state, environment.nanoTime());
    open.request();
    return true;
  }

  @Override
  public boolean isCurrent(SubscriptionAttempt candidate) {
    return candidate == attempt;
  }

  @Override
  public ReadPosition called() {
    ReadPosition position = state.position();
    calledNanos = environment.nanoTime();
    state = SubscriptionRules.called(state, environment.now(), environment.nanoTime());
    loop.execute(this::step); // times the answer
    return position;
  }

  @Override
  public void opened() {
    heardNanos = environment.nanoTime();
    if (!state.isOpen()) {
      meter.subscribed(heardNanos - calledNanos);
      double chance = environment.random().nextDouble();
      state = SubscriptionRules.opened(state, environment.nanoTime(), chance);
      step();
    }
  }

  @Override
  public void received(SubscriptionEvent event) {
    heardNanos = environment.nanoTime();
    if (SubscriptionRules.doubts(state, event)) {
      failed(new StreamFailure(
          Kind.UNAVAILABLE, "Shard " + shardId + " seems to end without shards that follow it"));
      return;
    }
    long nowNanos = environment.nanoTime();
    if (SubscriptionRules.hasLasted(state, nowNanos)) {
      failureLog.succeeded();
    }
    List<KinesisClientRecord> fresh = ProcessedRecords.dropFrom(event.records(), state.received());
    state = SubscriptionRules.received(state, event, fresh, nowNanos);
    millisBehindLatest = event.millisBehindLatest();
    if (state.ended()) {
      endAttempt(Outcome.OVER);
    }
    hold(event, fresh);
    if (isWanted() && SubscriptionRules.isRenewalDue(state, nowNanos)) {
      endAttempt(Outcome.OVER);
      state = SubscriptionRules.ended(state, nowNanos);
    }
    step();
  }

  private void hold(SubscriptionEvent event, List<KinesisClientRecord> fresh) {
    Reservation memory = incoming;
    if (memory == null) {
      return; // nothing was requested
    }
    if (asked == null && fresh.isEmpty() && !state.ended()) {
      memory.correct(state.expectedBytes()); // nobody waits for an empty event: it serves the next
      return;
    }
    incoming = null;
    ready.add(event, fresh, environment.now(), memory);
    CompletableFuture<RecordBatch> waiting = asked;
    if (waiting != null) {
      asked = null;
      ReadyEvents.Taken taken = ready.take();
      delivered = taken.memory();
      memory.correct(event.bytes() + fresh.size() * MemoryBudget.RECORD_OVERHEAD_BYTES);
      waiting.complete(taken.batch());
    } else {
      memory.correct(event.bytes() + fresh.size() * MemoryBudget.RECORD_OVERHEAD_BYTES);
    }
  }

  @Override
  public void ended() {
    long nowNanos = environment.nanoTime();
    heardNanos = nowNanos;
    if (SubscriptionRules.hasLasted(state, nowNanos)) {
      endAttempt(Outcome.OVER);
      state = SubscriptionRules.ended(state, nowNanos);
      step();
    } else {
      failed(new StreamFailure(
          Kind.UNAVAILABLE, "The subscription to shard " + shardId + " ended early"));
    }
  }

  @Override
  public void failed(StreamFailure thrown) {
    heardNanos = environment.nanoTime();
    retry(thrown);
  }

  /** Ends the attempt; what follows depends on why, and on how often that has happened. */
  private void retry(StreamFailure thrown) {
    meter.subscriptionFailed(thrown.kind());
    trouble = String.valueOf(thrown.getMessage());
    endAttempt(thrown.kind() == Kind.THROTTLED ? Outcome.THROTTLED : Outcome.OVER);
    long nowNanos = environment.nanoTime();
    state = SubscriptionRules.failed(
        state, thrown.kind(), nowNanos, environment.random().nextDouble());
    if (thrown.kind() == Kind.NOT_FOUND) {
      lookAgain(thrown);
    } else if (PollRules.isPermanent(thrown.kind())
        || state.failures() > shared.settings().failuresTolerated()) {
      tell(thrown);
    } else {
      if (SubscriptionRules.isRoutine(state, thrown.kind())) {
        log.debug("Shard {} is not free to be subscribed to yet", shardId, thrown);
      } else {
        failureLog.failed(thrown, state.failures());
      }
      step();
    }
  }

  /** It may be the consumer that is gone, not the shard. */
  private void lookAgain(StreamFailure thrown) {
    phase = Phase.PARKED;
    loop.whenDone(
        shared.subscriber().lookAgain(),
        isAnother -> lookedAgain(isAnother ? null : thrown),
        gone -> lookedAgain(gone instanceof StreamFailure known ? known : thrown));
  }

  private void lookedAgain(@Nullable StreamFailure thrown) {
    if (phase != Phase.PARKED) {
      return; // closed, or the caller has asked meanwhile
    }
    if (thrown == null) {
      phase = Phase.READING;
      step();
    } else {
      tell(thrown);
    }
  }

  private void tell(StreamFailure thrown) {
    phase = Phase.PARKED;
    releaseIncoming();
    CompletableFuture<RecordBatch> waiting = asked;
    asked = null;
    if (waiting == null) {
      failure = thrown;
    } else {
      waiting.completeExceptionally(thrown);
    }
  }

  private StreamFailure silent() {
    return new StreamFailure(
        Kind.UNAVAILABLE,
        state.isOpen()
            ? "The subscription to shard %s has been silent for %d s"
                .formatted(shardId, SubscriptionRules.SILENCE.toSeconds())
            : "The subscription to shard %s was not answered within %d s"
                .formatted(shardId, SubscriptionRules.ANSWER_TIMEOUT.toSeconds()));
  }

  private void endAttempt(Outcome outcome) {
    SubscriptionAttempt over = attempt;
    attempt = null;
    if (over != null) {
      over.end(outcome);
    }
  }

  private void cancelTimer() {
    EventLoop.Timer running = timer;
    timer = null;
    if (running != null) {
      running.cancel();
    }
  }

  private void releaseIncoming() {
    Reservation memory = incoming;
    incoming = null;
    if (memory != null) {
      memory.release();
    }
  }

  private void releaseDelivered() {
    delivered.forEach(Reservation::release);
    delivered = List.of();
  }
}
