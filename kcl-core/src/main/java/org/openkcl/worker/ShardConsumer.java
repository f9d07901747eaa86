package org.openkcl.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openkcl.WorkerSnapshot;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Progress;
import org.openkcl.leases.fleet.CommitOutcome;
import org.openkcl.leases.fleet.DeliveryWindow;
import org.openkcl.leases.fleet.HeldLease;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;
import org.openkcl.retrieval.ReadStart;
import org.openkcl.retrieval.RecordBatch;
import org.openkcl.retrieval.RecordSource;
import org.openkcl.shard.CheckpointRules;
import org.openkcl.shard.ShardEffect;
import org.openkcl.shard.ShardEvent;
import org.openkcl.shard.ShardMachine;
import org.openkcl.shard.ShardState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard on this worker: carries out what {@link ShardMachine} decides and brings the outcomes
 * back to it as events. Confined to the event loop.
 */
final class ShardConsumer {
  private static final Logger log = LoggerFactory.getLogger(ShardConsumer.class);
  private static final Duration GATE_INTERVAL = Duration.ofMillis(200);
  private static final Duration DENIED_INTERVAL = Duration.ofSeconds(10);

  private final Worker worker;
  private final Environment environment;
  private final EventLoop loop;
  private final HeldLease lease;
  private final String shardId;
  private final ShardProgress progress;
  private final LoopCheckpointer checkpointer;

  private ShardState state = ShardState.ACQUIRED;
  private @Nullable ShardRecordProcessor processor;
  private @Nullable RecordSource source;
  private @Nullable RecordBatch batch;
  private List<ChildShard> childShards = List.of();
  private UserCalls.@Nullable Ticket ticket;
  private EventLoop.Timer timer = () -> {};
  private long millisBehindLatest = -1;
  private int failures;
  private String lastFailure = "";
  private boolean readingFails;
  private boolean windowClosed;
  private boolean releasing;

  ShardConsumer(Worker worker, HeldLease lease) {
    this.worker = worker;
    this.environment = worker.ports().environment();
    this.loop = worker.ports().loop();
    this.lease = lease;
    this.shardId = lease.lease().shardId();
    this.progress = new ShardProgress(lease);
    this.checkpointer = new LoopCheckpointer(environment, loop, shardId, progress);
  }

  LeaseKey key() {
    return lease.key();
  }

  HeldLease lease() {
    return lease;
  }

  boolean isAwaitingParents() {
    return state.phase() == ShardState.Phase.AWAITING_PARENTS;
  }

  WorkerSnapshot.ShardSnapshot view() {
    return new WorkerSnapshot.ShardSnapshot(
        shardId,
        state.phase().name(),
        progress.acknowledged().toString(),
        millisBehindLatest,
        failures,
        lastFailure,
        ticket != null && ticket.isStuck());
  }

  /** Lets something happen to the shard. */
  void on(ShardEvent event) {
    ShardMachine.Step step = ShardMachine.step(state, event);
    if (step.state().phase() != state.phase()) {
      timer.cancel();
      log.debug("Shard {}: {} after {}", shardId, step.state().phase(), event);
    }
    state = step.state();
    ShardMachine.Row row = step.row();
    if (row != null) {
      worker.transitions().accept(row);
    }
    if (event == ShardEvent.LEASE_LOST) {
      fence();
    }
    step.effects().forEach(this::perform);
    worker.changed();
  }

  private void perform(ShardEffect effect) {
    switch (effect) {
      case CALL_INITIALIZE -> initialize();
      case CALL_PROCESS_RECORDS -> processRecords();
      case CALL_SHUTDOWN_REQUESTED ->
        call(
            "shutdownRequested",
            p -> p.shutdownRequested(new ShutdownRequestedInput(checkpointer)));
      case CALL_SHARD_ENDED -> {
        progress.ended(childIds());
        call("shardEnded", p -> p.shardEnded(new ShardEndedInput(checkpointer)));
      }
      case CALL_LEASE_LOST -> leaseLost();
      case START_READING -> startReading();
      case NEXT_BATCH -> nextBatch();
      case STOP_READING -> stopReading();
      case SCHEDULE_RETRY -> scheduleRetry();
      case CREATE_CHILDREN -> createChildren();
      case STORE_END -> storeEnd();
      case RELEASE -> release();
      case FORGET -> forget();
    }
  }

  private void initialize() {
    Lease item = lease.lease();
    Progress.Pending pending = item.progress().pending();
    InitializationInput input = new InitializationInput(
        shardId,
        CheckpointRules.extendedSequenceNumberOf(item.checkpoint()),
        pending == null ? null : CheckpointRules.extendedSequenceNumberOf(pending.checkpoint()),
        pending == null ? null : Bytes.of(pending.applicationState()));
    ShardRecordProcessor existing = processor;
    ShardRecordProcessor[] created = {null};
    ticket = worker
        .calls()
        .run(
            "openkcl-" + shardId + "-initialize",
            () -> {
              ShardRecordProcessor instance = existing != null ? existing : worker.newProcessor();
              created[0] = instance;
              instance.initialize(input);
            },
            thrown -> {
              processor = created[0];
              ended("initialize", thrown);
            });
  }

  private void startReading() {
    Lease item = lease.lease();
    Instant startAt = item.shard().startAt();
    if (startAt == null && item.checkpoint().equals(Checkpoint.AT_TIMESTAMP)) {
      startAt = worker.settings().initialPosition().timestamp().orElse(null);
    }
    ReadStart start = ReadStart.of(item.checkpoint(), startAt)
        .orElseThrow()
        .within(item.shard().hashKeyRange());
    source = worker.ports().stream().sources().open(shardId, start);
    log.info("Reading shard {} from {}", shardId, item.checkpoint());
  }

  private void nextBatch() {
    RecordSource from = source;
    if (from == null) {
      return;
    }
    if (batch != null && batch.atShardEnd()) {
      on(ShardEvent.END_REACHED);
      return;
    }
    batch = null;
    from.next()
        .whenComplete((next, failure) -> loop.execute(() -> {
          if (from == source) {
            arrived(next, failure);
          }
        }));
  }

  private void arrived(@Nullable RecordBatch next, @Nullable Throwable failure) {
    if (next == null) {
      readingFailed(failure);
      return;
    }
    if (readingFails) {
      succeeded();
      worker.changed();
    }
    if (next.millisBehindLatest() != millisBehindLatest) {
      millisBehindLatest = next.millisBehindLatest();
      worker.changed();
    }
    lease.behind(Duration.ofMillis(next.millisBehindLatest()));
    batch = next;
    if (next.atShardEnd()) {
      childShards = next.childShards();
    }
    if (next.records().isEmpty()) {
      lease.processed(0);
      nextBatch();
    } else {
      deliverWhenAllowed();
    }
  }

  /** Hands the batch over as soon as the lease is proven, or drops it when the phase changes. */
  private void deliverWhenAllowed() {
    if (state.phase() != ShardState.Phase.CONSUMING || state.isBusy()) {
      return;
    }
    if (lease.mayDeliver()) {
      on(ShardEvent.BATCH_READY);
    } else {
      timer = loop.schedule(GATE_INTERVAL, this::deliverWhenAllowed);
    }
  }

  private void readingFailed(@Nullable Throwable failure) {
    if (failure instanceof CancellationException) {
      return;
    }
    String what = String.valueOf(failure == null ? null : failure.getMessage());
    lastFailure = what;
    failures++;
    readingFails = true;
    worker.changed();
    if (failure instanceof StreamFailure known
        && (known.kind() == StreamFailure.Kind.NOT_FOUND
            || known.kind() == StreamFailure.Kind.REFUSED)) {
      worker.shardMissing(this, what);
      return;
    }
    worker.warnings().warn("read", "Cannot read shard %s: %s".formatted(shardId, what));
    timer = loop.schedule(DENIED_INTERVAL, this::nextBatch);
  }

  /** The service does not know the shard any more, but knows the stream: retention removed it. */
  void vanished() {
    log.info("Shard {} is gone from the stream by retention; it counts as ended", shardId);
    childShards = List.of();
    on(ShardEvent.END_REACHED);
  }

  /** Tries again to read, after the worker has looked at the stream. */
  void readOn(Duration delay) {
    timer = loop.schedule(delay, this::nextBatch);
  }

  private void processRecords() {
    RecordBatch current = batch;
    if (current == null) {
      return;
    }
    List<KinesisClientRecord> records = current.records();
    KinesisClientRecord last = records.get(records.size() - 1);
    Checkpoint end = new Checkpoint(last.sequenceNumber(), last.subSequenceNumber());
    DeliveryWindow window = lease.deliveryWindow();
    windowClosed = false;
    ProcessRecordsInput input = ProcessRecordsInput.builder()
        .records(records)
        .checkpointer(checkpointer)
        .millisBehindLatest(current.millisBehindLatest())
        .isAtShardEnd(current.atShardEnd())
        .childShards(current.childShards())
        .cacheEntryTime(current.fetchedAt())
        .cacheExitTime(environment.now())
        .fencingToken(lease.fencingToken())
        .build();
    call("processRecords", p -> {
      if (!window.isOpen(environment)) {
        throw new WindowClosedException();
      }
      long bytes =
          records.stream().mapToLong(record -> record.data().remaining()).sum();
      // Before the processor can ask for a checkpoint, and not before it is given the batch.
      loop.execute(() -> {
        progress.delivering(end);
        lease.processed(bytes);
      });
      p.processRecords(input);
    });
  }

  /** The lease's proof ran out while the call waited for its turn: nothing was delivered. */
  private static final class WindowClosedException extends Exception {
    private static final long serialVersionUID = 1L;

    WindowClosedException() {
      super("The lease must be renewed before records are delivered", null, false, false);
    }
  }

  /** A call of the processor. */
  private interface ProcessorCall {
    void on(ShardRecordProcessor processor) throws Exception;
  }

  private void call(String method, ProcessorCall call) {
    ShardRecordProcessor instance = processor;
    if (instance == null) {
      loop.execute(() -> on(ShardEvent.CALL_DONE));
      return;
    }
    ticket = worker
        .calls()
        .run(
            "openkcl-" + shardId + "-" + method,
            () -> call.on(instance),
            thrown -> ended(method, thrown));
  }

  private void ended(String method, @Nullable Throwable thrown) {
    ticket = null;
    if (thrown == null) {
      if (state.call() != ShardState.Call.SHARD_ENDED) {
        succeeded(); // shardEnded has succeeded only once the end is stored
      }
      on(ShardEvent.CALL_DONE);
      return;
    }
    windowClosed =
        thrown instanceof WindowClosedException || thrown instanceof UserCalls.WithdrawnException;
    if (!windowClosed) {
      if (state.call() == ShardState.Call.PROCESS_RECORDS) {
        progress.processingFailed();
      }
      failures++;
      lastFailure = method + " threw " + thrown;
      report(method, thrown);
    }
    on(ShardEvent.CALL_FAILED);
  }

  private void succeeded() {
    failures = 0;
    lastFailure = "";
    readingFails = false;
  }

  private void report(String method, Throwable thrown) {
    String consequence = switch (state.phase()) {
      case STARTING -> "it is called again on the same instance";
      case CONSUMING -> "the same batch is delivered again to the same instance";
      case ENDING -> "it is called again; the children wait";
      case AWAITING_PARENTS, DRAINING, ENDED, RELEASED, LOST -> "it is not called again";
    };
    log.error(
        "{} of shard {} threw (failure {} in a row); {}",
        method,
        shardId,
        failures,
        consequence,
        thrown);
  }

  private void leaseLost() {
    progress.fence();
    call("leaseLost", p -> p.leaseLost(new LeaseLostInput()));
  }

  private void stopReading() {
    if (source != null) {
      source.close();
      source = null;
    }
    batch = null;
  }

  private void scheduleRetry() {
    Duration delay = windowClosed ? GATE_INTERVAL : worker.settings().timing().retryDelay(failures);
    timer = loop.schedule(delay, this::retryWhenAllowed);
  }

  private void retryWhenAllowed() {
    if (state.phase() == ShardState.Phase.CONSUMING && !lease.mayDeliver()) {
      timer = loop.schedule(GATE_INTERVAL, this::retryWhenAllowed);
    } else {
      on(ShardEvent.RETRY_DUE);
    }
  }

  private Set<String> childIds() {
    return childShards.stream().map(ChildShard::shardId).collect(Collectors.toSet());
  }

  private void createChildren() {
    loop.whenDone(
        worker.createChildLeases(lease, childShards),
        children -> {
          childShards = children;
          on(ShardEvent.CHILDREN_READY);
        },
        failure -> {
          worker
              .warnings()
              .warn(
                  "children",
                  "Cannot create the leases of the children of %s; trying on: %s"
                      .formatted(shardId, failure.getMessage()));
          if (state.phase() == ShardState.Phase.ENDING) {
            timer = loop.schedule(worker.settings().timing().firstRetry(), this::createChildren);
          }
        });
  }

  private void storeEnd() {
    if (progress.acknowledged().isShardEnd()) {
      on(ShardEvent.END_STORED);
      return;
    }
    if (!progress.isEverythingAcknowledged()) {
      failures++;
      lastFailure = "shardEnded returned before everything was checkpointed";
      worker
          .warnings()
          .warn(
              "shardEnded " + shardId,
              ("shardEnded of shard %s returned, but only records up to %s are checkpointed and %s"
                      + " were delivered. Its children wait; shardEnded is called again."
                      + " Checkpoint in shardEnded, or checkpoint the last batch.")
                  .formatted(shardId, progress.acknowledged(), progress.delivered()));
      on(ShardEvent.END_REFUSED);
      return;
    }
    progress.commitEnd().thenAccept(reply -> {
      CommitOutcome outcome = reply.match(table -> table.outcome(), same -> null, refused -> null);
      boolean stored =
          outcome == null || outcome.match(done -> true, lost -> false, failed -> false);
      boolean failed = outcome != null && outcome.match(done -> false, lost -> false, f -> true);
      if (stored) {
        on(ShardEvent.END_STORED);
      } else if (failed && state.phase() == ShardState.Phase.ENDING) {
        timer = loop.schedule(worker.settings().timing().firstRetry(), this::storeEnd);
      }
    });
  }

  private void release() {
    if (releasing) {
      return;
    }
    releasing = true;
    fence();
    worker.member().release(lease).thenAccept(successor -> {
      log.info(
          "Released shard {} at {} to {}",
          shardId,
          progress.acknowledged(),
          successor.orElse("nobody"));
      on(ShardEvent.RELEASE_DONE);
    });
  }

  /** What is not this worker's any more is neither checkpointed nor delivered by a call that waits. */
  private void fence() {
    progress.fence();
    UserCalls.Ticket waiting = ticket;
    if (waiting != null) {
      worker.calls().withdraw(waiting);
    }
  }

  private void forget() {
    stopReading();
    timer.cancel();
    if (state.phase() == ShardState.Phase.ENDED) {
      log.info("Shard {} is completely processed", shardId);
      worker.member().finished(lease);
    }
    worker.forget(this);
  }
}
