package org.openkcl.worker;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openkcl.FailurePolicy;
import org.openkcl.ProcessorCall;
import org.openkcl.ProcessorEvent;
import org.openkcl.metering.ShardMeter;
import org.openkcl.retrieval.RecordBatch;
import org.openkcl.shard.ShardEvent;
import org.openkcl.shard.ShardState.Phase;

/**
 * What the calls of one shard's processor come to: tells the shard how each ended, as the
 * application's failure policies want it. Confined to the event loop.
 */
final class ShardOutcomes implements ProcessorCalls.Outcome, ShardEnding.Steps {
  private final ShardConsumer consumer;

  ShardOutcomes(ShardConsumer consumer) {
    this.consumer = consumer;
  }

  @Override
  public void ended(ProcessorCall call, @Nullable Throwable thrown) {
    if (thrown == null) {
      if (call == ProcessorCall.PROCESS_RECORDS) {
        measure(true);
        batchIsDone();
      }
      if (call != ProcessorCall.SHARD_ENDED) {
        consumer.failures().succeeded(); // shardEnded has succeeded only once the end is stored
      }
      on(ShardEvent.CALL_DONE);
    } else if (thrown instanceof ProcessorCalls.WindowClosed
        || thrown instanceof UserCalls.WithdrawnException) {
      consumer.delivery().windowClosed();
      on(ShardEvent.CALL_FAILED);
    } else if (thrown instanceof ProcessorCalls.Skipped skipped) {
      skipped(call, skipped);
    } else {
      failed(call, thrown);
    }
  }

  private void measure(boolean succeeded) {
    ShardMeter meter = consumer.meter();
    meter.batchEnded(succeeded, consumer.calls().sinceAskedNanos());
    RecordBatch batch = consumer.reading().batch();
    if (succeeded && batch != null) {
      meter.batchIsDone(batch.records().size(), consumer.calls().deliveredBytes());
    }
  }

  private void batchIsDone() {
    RecordBatch batch = consumer.reading().batch();
    if (batch != null) {
      consumer
          .autoCheckpoints()
          .returned(ShardReading.endOf(batch), batch.records().size(), batch.bytes());
    }
  }

  private void skipped(ProcessorCall call, ProcessorCalls.Skipped skipped) {
    consumer.emit(new ProcessorEvent.Skipped(consumer.now(), skipped.records()));
    if (call == ProcessorCall.PROCESS_RECORDS) {
      measure(false);
      consumer.progress().skipped();
      batchIsDone();
      consumer.failures().succeeded();
    } else {
      consumer.progress().skippedRest();
    }
    if (consumer.state().isBusy()) {
      on(ShardEvent.CALL_DONE);
    } else if (isEnding()) {
      consumer.ending().storeEnd();
    }
  }

  private void failed(ProcessorCall call, Throwable thrown) {
    if (call == ProcessorCall.PROCESS_RECORDS) {
      measure(false);
      consumer.progress().processingFailed();
    }
    CallFailures failures = consumer.failures();
    failures.failed(call, call + " threw " + thrown);
    Optional<FailurePolicy.Action> next =
        isOver(call) ? Optional.empty() : Optional.of(actionFor(call, thrown));
    consumer.emit(new ProcessorEvent.Failed(
        consumer.now(), consumer.shard(), call, failures.inARow(), next, thrown));
    boolean callEnded = consumer.state().isBusy(); // else it was the handler of what is skipped
    next.ifPresent(action -> prepare(action, call, thrown));
    boolean again = next.isEmpty() || next.get() == FailurePolicy.Action.RETRY;
    if (!callEnded) {
      on(ShardEvent.END_REFUSED);
    } else if (call == ProcessorCall.SHUTDOWN_REQUESTED && !again) {
      on(ShardEvent.CALL_DONE);
    } else {
      on(ShardEvent.CALL_FAILED);
    }
  }

  /** Whether nothing depends on the call any more. */
  boolean isOver(ProcessorCall call) {
    return switch (consumer.state().phase()) {
      case AWAITING_PARENTS, RELEASING, RELEASED, LOST, ENDED -> true;
      case STARTING, CONSUMING, DRAINING, ENDING -> call == ProcessorCall.LEASE_LOST;
    };
  }

  private FailurePolicy.Action actionFor(ProcessorCall call, Throwable thrown) {
    int inARow = consumer.failures().inARow();
    FailurePolicy policy = consumer.failures().policyFor(call);
    if (call == ProcessorCall.SHUTDOWN_REQUESTED) {
      FailurePolicy.Action action = policy.actionAfter(inARow);
      boolean late = action == FailurePolicy.Action.RETRY && !isTimeLeft(policy.pauseAfter(inARow));
      return late ? FailurePolicy.Action.RELEASE : action;
    }
    FailurePolicy.Action action = CallFailures.actionFor(policy, inARow, thrown);
    // Skipping is done on the calling thread; that it was not means that the handler refused.
    return action == FailurePolicy.Action.SKIP ? FailurePolicy.Action.RETRY : action;
  }

  private boolean isTimeLeft(Duration pause) {
    Duration drainTimeout = consumer.worker().settings().timing().drainTimeout();
    return consumer.inPhase().plus(pause).compareTo(drainTimeout) < 0;
  }

  /** What an action asks for before the shard hears that the call is over. */
  private void prepare(FailurePolicy.Action action, ProcessorCall call, Throwable thrown) {
    CallFailures failures = consumer.failures();
    switch (action) {
      case RETRY, SKIP -> {}
      case RELEASE -> {
        if (call != ProcessorCall.SHUTDOWN_REQUESTED) {
          consumer.worker().avoid(consumer.key(), failures.policyFor(call).longestPause());
          on(ShardEvent.DRAIN);
        }
      }
      case STOP -> {
        on(ShardEvent.DRAIN);
        consumer
            .worker()
            .fail(new IllegalStateException(
                "%s of shard %s failed %d times in a row, and its failure policy stops the worker: %s"
                    .formatted(call, consumer.shard(), failures.inARow(), thrown),
                thrown));
      }
    }
  }

  // The end of the shard.

  @Override
  public boolean isEnding() {
    return consumer.state().phase() == Phase.ENDING;
  }

  @Override
  public void on(ShardEvent event) {
    consumer.on(event);
  }

  /** Counts as a failure of shardEnded. */
  @Override
  public void refused() {
    ProcessorCall call = ProcessorCall.SHARD_ENDED;
    String what = "shardEnded returned before everything was checkpointed";
    CallFailures failures = consumer.failures();
    failures.failed(call, what);
    consumer.emit(new ProcessorEvent.EndRefused(
        consumer.now(),
        consumer.shard(),
        ShardConsumer.positionOf(consumer.progress().acknowledged()),
        ShardConsumer.positionOf(consumer.progress().delivered())));
    FailurePolicy.Action action = failures.policyFor(call).actionAfter(failures.inARow());
    Throwable reason = new IllegalStateException(what);
    if (action == FailurePolicy.Action.SKIP) {
      consumer.calls().skipRest(reason);
    } else {
      prepare(action, call, reason);
      on(ShardEvent.END_REFUSED);
    }
  }
}
