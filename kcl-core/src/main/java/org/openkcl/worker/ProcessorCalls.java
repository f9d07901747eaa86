package org.openkcl.worker;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openkcl.FailurePolicy;
import org.openkcl.ProcessorCall;
import org.openkcl.ProcessorEvent;
import org.openkcl.SkipHandler;
import org.openkcl.SkippedRecords;
import org.openkcl.StreamShard;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.Progress;
import org.openkcl.leases.fleet.DeliveryWindow;
import org.openkcl.leases.fleet.HeldLease;
import org.openkcl.metering.ShardMeter;
import org.openkcl.processor.ExtendedSequenceNumber;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;
import org.openkcl.retrieval.RecordBatch;
import org.openkcl.shard.CheckpointRules;

/**
 * The calls that one shard's processor gets. Makes one at a time as it is told to; the outcome comes
 * back to the loop. Confined to the event loop.
 */
final class ProcessorCalls {
  private final Worker worker;
  private final Environment environment;
  private final EventLoop loop;
  private final HeldLease lease;
  private final StreamShard shard;
  private final ShardMeter meter;
  private final ShardProgress progress;
  private final CallFailures failures;
  private final LoopCheckpointer checkpointer;
  private final Outcome outcome;
  private @Nullable ShardRecordProcessor processor;
  private UserCalls.@Nullable Ticket ticket;
  private ProcessorCall method = ProcessorCall.INITIALIZE;
  private long deliveredBytes;
  private long askedNanos;

  /** Hears how a call ended. */
  interface Outcome {
    /**
     * The call is over.
     *
     * @param thrown what it threw; {@link WindowClosed} or {@link Skipped}; or null
     */
    void ended(ProcessorCall call, @Nullable Throwable thrown);
  }

  /** The lease's proof ran out while the call waited for its turn: nothing was delivered. */
  static final class WindowClosed extends Exception {
    private static final long serialVersionUID = 1L;

    WindowClosed() {
      super("The lease must be renewed before records are delivered", null, false, false);
    }
  }

  /** The call threw, and the application's handler has taken what is skipped. */
  static final class Skipped extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never written
    private final SkippedRecords records;

    Skipped(SkippedRecords records) {
      super("Skipped", records.failure(), false, false);
      this.records = records;
    }

    SkippedRecords records() {
      return records;
    }
  }

  ProcessorCalls(
      Worker worker,
      HeldLease lease,
      ShardProgress progress,
      CallFailures failures,
      Outcome outcome) {
    this.worker = worker;
    this.environment = worker.ports().environment();
    this.loop = worker.ports().loop();
    this.lease = lease;
    this.shard = worker.nameOf(lease.lease());
    this.meter = worker.meter().of(shard);
    this.progress = progress;
    this.failures = failures;
    this.checkpointer = new LoopCheckpointer(environment, loop, shard.shardId(), progress);
    this.outcome = outcome;
  }

  /** The call under way, or null. */
  UserCalls.@Nullable Ticket underWay() {
    return ticket;
  }

  /** How long ago the last call was asked for, whether it had to wait or not. */
  long sinceAskedNanos() {
    return environment.nanoTime() - askedNanos;
  }

  /** Which call is under way, or was last. */
  ProcessorCall method() {
    return method;
  }

  /** Takes a call back that waits for its turn: the shard is not this worker's any more. */
  void withdraw() {
    UserCalls.Ticket waiting = ticket;
    if (waiting != null) {
      worker.calls().withdraw(waiting);
    }
  }

  void initialize() {
    Lease item = lease.lease();
    Progress.Pending pending = item.progress().pending();
    InitializationInput input = new InitializationInput(
        shard.shardId(),
        CheckpointRules.extendedSequenceNumberOf(item.checkpoint()),
        pending == null ? null : CheckpointRules.extendedSequenceNumberOf(pending.checkpoint()),
        pending == null ? null : Bytes.of(pending.applicationState()));
    ShardRecordProcessor existing = processor;
    ShardRecordProcessor[] created = {null};
    run(
        ProcessorCall.INITIALIZE,
        () -> {
          ShardRecordProcessor instance = existing != null ? existing : worker.newProcessor(shard);
          created[0] = instance;
          timed(ProcessorCall.INITIALIZE, () -> instance.initialize(input));
        },
        () -> processor = created[0]);
  }

  void processRecords(RecordBatch batch) {
    List<KinesisClientRecord> records = batch.records();
    Checkpoint end = ShardReading.endOf(batch);
    DeliveryWindow window = lease.deliveryWindow();
    ProcessRecordsInput input = ProcessRecordsInput.builder()
        .records(records)
        .checkpointer(checkpointer)
        .millisBehindLatest(batch.millisBehindLatest())
        .isAtShardEnd(batch.atShardEnd())
        .childShards(batch.childShards())
        .cacheEntryTime(batch.fetchedAt())
        .cacheExitTime(environment.now())
        .fencingToken(lease.fencingToken())
        .build();
    call(ProcessorCall.PROCESS_RECORDS, records, end, instance -> {
      if (!window.isOpen(environment)) {
        throw new WindowClosed();
      }
      long bytes = 0;
      for (KinesisClientRecord record : records) {
        bytes += record.data().remaining();
      }
      long given = bytes;
      // Before the processor can ask for a checkpoint, and not before it is given the batch.
      loop.execute(() -> {
        progress.delivering(end);
        lease.processed(given);
        deliveredBytes = given;
        meter.delivering(records);
      });
      timed(ProcessorCall.PROCESS_RECORDS, () -> instance.processRecords(input));
    });
  }

  void shutdownRequested() {
    call(
        ProcessorCall.SHUTDOWN_REQUESTED,
        List.of(),
        progress.delivered(),
        instance -> instance.shutdownRequested(new ShutdownRequestedInput(checkpointer)));
  }

  void shardEnded() {
    call(
        ProcessorCall.SHARD_ENDED,
        List.of(),
        progress.delivered(),
        instance -> timed(
            ProcessorCall.SHARD_ENDED,
            () -> instance.shardEnded(new ShardEndedInput(checkpointer))));
  }

  void leaseLost() {
    call(
        ProcessorCall.LEASE_LOST,
        List.of(),
        progress.delivered(),
        instance ->
            timed(ProcessorCall.LEASE_LOST, () -> instance.leaseLost(new LeaseLostInput())));
  }

  /**
   * Gives what was delivered and is not checkpointed to the handler of {@code shardEnded}'s policy;
   * ends as a call of {@code shardEnded} does.
   */
  void skipRest(Throwable reason) {
    FailurePolicy policy = failures.policyFor(ProcessorCall.SHARD_ENDED);
    SkippedRecords rest = skippable(
            ProcessorCall.SHARD_ENDED, List.of(), progress.delivered(), failures.inARow())
        .apply(reason);
    run(
        ProcessorCall.SHARD_ENDED,
        () -> {
          policy.skipHandler().skipping(rest);
          throw new Skipped(rest);
        },
        () -> {});
  }

  /** How many bytes of data the last batch had that was given to the processor. */
  long deliveredBytes() {
    return deliveredBytes;
  }

  /** On the calling thread: what the call takes in user code, without its way there and back. */
  private void timed(ProcessorCall call, UserCode code) throws Exception {
    long began = environment.nanoTime();
    try {
      code.run();
    } finally {
      meter.callTook(call, environment.nanoTime() - began);
    }
  }

  /** What a processor does in a call. */
  private interface UserCode {
    void run() throws Exception;
  }

  /** A call of the processor. */
  private interface InstanceCall {
    void on(ShardRecordProcessor instance) throws Exception;
  }

  private void call(
      ProcessorCall next,
      List<KinesisClientRecord> records,
      Checkpoint through,
      InstanceCall call) {
    ShardRecordProcessor instance = processor;
    if (instance == null) {
      loop.execute(() -> outcome.ended(next, null));
      return;
    }
    FailurePolicy policy = failures.policyFor(next);
    int nextFailure = failures.next(next);
    Function<Throwable, SkippedRecords> skippable = skippable(next, records, through, nextFailure);
    run(
        next,
        () -> {
          try {
            call.on(instance);
          } catch (WindowClosed nothingDelivered) {
            throw nothingDelivered;
          } catch (Throwable thrown) { // looked at and thrown on
            boolean skips =
                CallFailures.actionFor(policy, nextFailure, thrown) == FailurePolicy.Action.SKIP;
            throw skips ? skip(policy.skipHandler(), skippable.apply(thrown)) : thrown;
          }
        },
        () -> {});
  }

  /** What failed; by then, what it would mean to skip it. */
  private Function<Throwable, SkippedRecords> skippable(
      ProcessorCall failing, List<KinesisClientRecord> records, Checkpoint through, int inARow) {
    ExtendedSequenceNumber checkpoint =
        CheckpointRules.extendedSequenceNumberOf(progress.acknowledged());
    ExtendedSequenceNumber last = CheckpointRules.extendedSequenceNumberOf(through);
    return thrown -> new SkippedRecords(shard, failing, records, checkpoint, last, inARow, thrown);
  }

  /** Lets the handler take what is skipped; on the calling thread, where it may block. */
  private static Throwable skip(SkipHandler handler, SkippedRecords skipped) {
    try {
      handler.skipping(skipped);
      return new Skipped(skipped);
    } catch (Throwable refused) { // nothing is skipped: the call is made again
      skipped.failure().addSuppressed(refused);
      return skipped.failure();
    }
  }

  private void run(ProcessorCall next, UserCalls.UserCall call, Runnable before) {
    method = next;
    askedNanos = environment.nanoTime();
    ticket = worker.calls().run("openkcl-" + shard.shardId() + "-" + next, call, thrown -> {
      UserCalls.Ticket ended = ticket;
      ticket = null;
      if (ended != null && ended.isReported()) {
        worker.emit(new ProcessorEvent.Returned(environment.now(), shard, next, ended.lasting()));
      }
      before.run();
      outcome.ended(next, thrown);
    });
  }
}
