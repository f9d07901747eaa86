package org.openkcl.worker;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.openkcl.ConsumerEvent;
import org.openkcl.OwnershipEvent;
import org.openkcl.ProcessorEvent;
import org.openkcl.ReadingEvent;
import org.openkcl.StreamShard;
import org.openkcl.WorkerSnapshot;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.fleet.HeldLease;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.metering.ShardMeter;
import org.openkcl.processor.ExtendedSequenceNumber;
import org.openkcl.retrieval.RecordBatch;
import org.openkcl.shard.CheckpointRules;
import org.openkcl.shard.ProgressRules;
import org.openkcl.shard.ShardEffect;
import org.openkcl.shard.ShardEvent;
import org.openkcl.shard.ShardMachine;
import org.openkcl.shard.ShardState;
import org.openkcl.shard.ShardState.Phase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard on this worker: carries out what {@link ShardMachine} decides and brings the outcomes
 * back to it as events. Confined to the event loop.
 */
final class ShardConsumer {
  private static final Logger log = LoggerFactory.getLogger(ShardConsumer.class);
  private static final Duration DENIED_INTERVAL = Duration.ofSeconds(10);

  private final Worker worker;
  private final ConsumedStream stream;
  private final HeldLease lease;
  private final StreamShard shard;
  private final ShardMeter meter;
  private final ShardLag lag;
  private final ShardProgress progress;
  private final CallFailures failures;
  private final ProcessorCalls calls;
  private final ShardReading reading;
  private final ShardDelivery delivery;
  private final AutoCheckpointer autoCheckpoints;
  private final ShardEnding ending;
  private final ShardWatch watch;

  private ShardState state = ShardState.ACQUIRED;
  private EventLoop.Timer timer = () -> {};
  private long phaseSinceNanos;
  private boolean readingFails;
  private boolean begun;

  ShardConsumer(Worker worker, ConsumedStream stream, HeldLease lease) {
    this.worker = worker;
    this.stream = stream;
    this.lease = lease;
    this.shard = worker.nameOf(lease.lease());
    this.meter = worker.meter().entered(shard, lease.key());
    this.lag = new ShardLag(now());
    this.progress =
        new ShardProgress(lease, worker.ports().environment(), meter, this::checkpointRefused);
    this.failures = new CallFailures(worker.settings().handling().failures());
    ShardOutcomes outcomes = new ShardOutcomes(this);
    this.calls = new ProcessorCalls(worker, lease, progress, failures, outcomes);
    this.reading = new ShardReading(worker, lease, meter, new ReadingEvents());
    this.delivery = new ShardDelivery(worker, lease, shard, new DeliveryEvents());
    this.autoCheckpoints = new AutoCheckpointer(
        worker.settings().handling().autoCheckpoint(),
        worker.ports().environment(),
        worker.ports().loop(),
        progress);
    this.ending = new ShardEnding(worker, lease, progress, autoCheckpoints, outcomes);
    this.watch = new ShardWatch(this);
  }

  ConsumedStream stream() {
    return stream;
  }

  LeaseKey key() {
    return lease.key();
  }

  HeldLease lease() {
    return lease;
  }

  boolean isAwaitingParents() {
    return state.phase() == Phase.AWAITING_PARENTS;
  }

  WorkerSnapshot.ShardSnapshot view() {
    UserCalls.Ticket call = calls.underWay();
    return new WorkerSnapshot.ShardSnapshot(
        shard.shardId(),
        shard.stream().toString(),
        state.phase().name(),
        progress.acknowledged().toString(),
        reading.millisBehindLatest(),
        failures.inARow(),
        failures.last(),
        call != null && call.isReported(),
        delivery.isPaused(),
        watch.trouble(),
        behindSince(),
        progress.acknowledgedAt());
  }

  /** When the oldest record arrived that is not checkpointed; null when everything is. */
  private @Nullable Instant behindSince() {
    return switch (state.phase()) {
      case AWAITING_PARENTS, STARTING, CONSUMING, DRAINING, RELEASING, ENDING ->
        lag.since(progress.acknowledged(), now());
      case RELEASED, LOST, ENDED -> null;
    };
  }

  /** Looks whether the shard gets on, and does something about it if it does not. */
  void watch(ProgressRules rules) {
    watch.look(rules);
    if (worker.meter().isOn()) {
      WorkerSnapshot.ShardSnapshot view = view();
      meter.waiting(view.lag(now()).toMillis(), view.checkpointAge(now()).toMillis());
    }
  }

  /** Lets something happen to the shard. */
  void on(ShardEvent event) {
    ShardMachine.Step step = ShardMachine.step(state, event);
    if (step.state().phase() != state.phase()) {
      timer.cancel();
      delivery.cancel();
      phaseSinceNanos = worker.ports().environment().nanoTime();
      log.debug("Shard {}: {} after {}", shard, step.state().phase(), event);
    }
    state = step.state();
    ShardMachine.Row row = step.row();
    if (row != null) {
      worker.transitions().accept(row);
    }
    step.effects().forEach(this::perform);
    worker.changed();
  }

  private void perform(ShardEffect effect) {
    switch (effect) {
      case CALL_INITIALIZE -> calls.initialize();
      case CALL_PROCESS_RECORDS -> processRecords();
      case CALL_SHUTDOWN_REQUESTED -> calls.shutdownRequested();
      case CALL_SHARD_ENDED -> {
        progress.ended(ending.childIds());
        calls.shardEnded();
      }
      case CALL_LEASE_LOST -> calls.leaseLost();
      case START_READING -> startReading();
      case NEXT_BATCH -> nextBatch();
      case STOP_READING -> reading.stop();
      case SCHEDULE_RETRY -> scheduleRetry();
      case CREATE_CHILDREN -> ending.createChildren(reading.childShards());
      case STORE_END -> ending.storeEnd();
      case RELEASE -> release();
      case FORGET -> forget();
    }
  }

  // Reading and delivering.

  private void startReading() {
    reading.start();
    delivery.checkPause();
    if (!begun) {
      begun = true;
      emit(new OwnershipEvent.Started(
          now(), shard, positionOf(lease.lease().checkpoint()), lease.fencingToken()));
    }
  }

  private void nextBatch() {
    if (!delivery.isPaused()) {
      reading.next();
    } else if (reading.finish()) {
      on(ShardEvent.END_REACHED);
    } else {
      reading.stop(); // what is read ahead would keep memory from others
    }
  }

  private void processRecords() {
    RecordBatch batch = reading.batch();
    if (batch != null) {
      calls.processRecords(batch);
    }
  }

  private final class ReadingEvents implements ShardReading.Events {
    @Override
    public void heard(RecordBatch batch) {
      Instant now = now();
      lag.heard(now, batch.millisBehindLatest(), batch.atShardEnd());
      if (!batch.records().isEmpty()) {
        Instant arrival = batch.records().get(0).approximateArrivalTimestamp();
        lag.came(ShardReading.endOf(batch), arrival == null ? batch.fetchedAt() : arrival);
      }
    }

    @Override
    public void arrived(RecordBatch batch) {
      readingSucceeded();
      if (state.phase() == Phase.CONSUMING && !state.isBusy()) {
        delivery.deliver(batch);
      }
    }

    @Override
    public void nothingArrived(boolean isNews) {
      readingSucceeded();
      if (isNews) {
        worker.changed();
      }
      lease.processed(0);
      nextBatch();
    }

    @Override
    public void ended() {
      on(ShardEvent.END_REACHED);
    }

    @Override
    public void failed(@Nullable Throwable failure) {
      String what = String.valueOf(failure == null ? null : failure.getMessage());
      readingFailed(what);
      if (failure instanceof StreamFailure known
          && (known.kind() == StreamFailure.Kind.NOT_FOUND
              || known.kind() == StreamFailure.Kind.REFUSED)) {
        stream.shardMissing(ShardConsumer.this, what);
        return;
      }
      emit(new ReadingEvent.Failed(now(), shard, what));
      readOn(DENIED_INTERVAL);
    }
  }

  private void readingSucceeded() {
    if (readingFails) {
      readingFails = false;
      failures.succeeded();
      worker.changed();
    }
  }

  void readingFailed(String what) {
    readingFails = true;
    failures.readingFailed(what);
    worker.changed();
  }

  private final class DeliveryEvents implements ShardDelivery.Events {
    @Override
    public void due(ShardEvent event) {
      on(event);
    }

    @Override
    public void pauseChanged() {
      boolean paused = delivery.isPaused();
      emit(
          paused
              ? new OwnershipEvent.Paused(now(), shard)
              : new OwnershipEvent.Resumed(now(), shard));
      if (state.phase() != Phase.CONSUMING || state.isBusy() || delivery.isHolding()) {
        return;
      }
      timer.cancel();
      if (paused) {
        reading.stop();
      } else {
        on(ShardEvent.READING_DUE);
      }
    }
  }

  /** Pauses may have changed. */
  void checkPause() {
    delivery.checkPause();
  }

  /** The service does not know the shard any more, but knows the stream: retention removed it. */
  void vanished() {
    if (reading.batch() == null) {
      log.atInfo()
          .addKeyValue("event", "shard.expired")
          .log("Shard {} is gone from the stream by retention; it counts as ended", shard);
      on(ShardEvent.END_REACHED);
    }
  }

  /** Tries again to read, after the worker has looked at the stream. */
  void readOn(Duration delay) {
    if (state.phase() == Phase.CONSUMING && !state.isBusy() && reading.batch() == null) {
      after(delay, this::nextBatch);
    }
  }

  private void scheduleRetry() {
    RecordBatch batch = reading.batch();
    Duration pause = failures.pause(calls.method());
    if (state.phase() == Phase.CONSUMING && batch != null) {
      delivery.again(batch, pause);
    } else {
      after(pause, () -> on(ShardEvent.RETRY_DUE));
    }
  }

  // Giving up.

  /** Another worker has the lease. */
  void lost(String reason) {
    autoCheckpoints.stop();
    progress.fence(reason);
    calls.withdraw();
    emit(new OwnershipEvent.Lost(now(), shard, reason));
    on(ShardEvent.LEASE_LOST);
  }

  private void release() {
    autoCheckpoints.flush();
    autoCheckpoints.stop();
    progress.fence("the lease of " + key() + " was given up by this worker");
    calls.withdraw();
    worker.member().release(lease).thenAccept(successor -> {
      emit(new OwnershipEvent.Released(
          now(), shard, positionOf(progress.acknowledged()), successor.orElse("")));
      on(ShardEvent.RELEASE_DONE);
    });
  }

  private void forget() {
    reading.stop();
    timer.cancel();
    delivery.cancel();
    autoCheckpoints.stop();
    ending.stop();
    if (state.phase() == Phase.ENDED) {
      emit(new OwnershipEvent.Ended(now(), shard));
      worker.member().finished(lease);
    }
    worker.forget(this);
  }

  // What the parts of a shard share.

  StreamShard shard() {
    return shard;
  }

  ShardState state() {
    return state;
  }

  ShardProgress progress() {
    return progress;
  }

  CallFailures failures() {
    return failures;
  }

  ShardMeter meter() {
    return meter;
  }

  ProcessorCalls calls() {
    return calls;
  }

  ShardReading reading() {
    return reading;
  }

  ShardDelivery delivery() {
    return delivery;
  }

  AutoCheckpointer autoCheckpoints() {
    return autoCheckpoints;
  }

  ShardEnding ending() {
    return ending;
  }

  Worker worker() {
    return worker;
  }

  void emit(ConsumerEvent event) {
    worker.emit(event);
  }

  Instant now() {
    return worker.ports().environment().now();
  }

  /** For how long the shard has been in its phase. */
  Duration inPhase() {
    return Duration.ofNanos(worker.ports().environment().nanoTime() - phaseSinceNanos);
  }

  private void checkpointRefused(String reason) {
    emit(new ProcessorEvent.CheckpointRefused(now(), shard, reason));
  }

  void cancelTimer() {
    timer.cancel();
  }

  private void after(Duration delay, Runnable action) {
    timer.cancel();
    timer = worker.ports().loop().schedule(delay, action);
  }

  static ExtendedSequenceNumber positionOf(Checkpoint checkpoint) {
    return CheckpointRules.extendedSequenceNumberOf(checkpoint);
  }
}
