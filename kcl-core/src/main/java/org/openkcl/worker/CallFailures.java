package org.openkcl.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.openkcl.FailurePolicies;
import org.openkcl.FailurePolicy;
import org.openkcl.ProcessorCall;
import org.openkcl.processor.KinesisClientLibNonRetryableException;
import org.openkcl.processor.KinesisClientLibRetryableException;

/**
 * What went wrong with a shard last and how often in a row, and what the application's policies make
 * of it. Confined to the event loop.
 */
final class CallFailures {
  private final FailurePolicies policies;
  private @Nullable ProcessorCall call;
  private int inARow;
  private String last = "";

  CallFailures(FailurePolicies policies) {
    this.policies = policies;
  }

  /** How many failures there were since the last success. */
  int inARow() {
    return inARow;
  }

  /** The last of them, for people; empty when there is none. */
  String last() {
    return last;
  }

  /** How many there are if this call fails now. */
  int next(ProcessorCall next) {
    return next == call ? inARow + 1 : 1;
  }

  /** A call failed: one more if it is the call that failed last, else the first. */
  void failed(ProcessorCall failing, String what) {
    inARow = next(failing);
    call = failing;
    last = what;
  }

  /** Reading failed. */
  void readingFailed(String what) {
    inARow = call == null ? inARow + 1 : 1;
    call = null;
    last = what;
  }

  void succeeded() {
    call = null;
    inARow = 0;
    last = "";
  }

  FailurePolicy policyFor(ProcessorCall call) {
    return switch (call) {
      case INITIALIZE -> policies.initialize();
      case PROCESS_RECORDS -> policies.processRecords();
      case SHARD_ENDED -> policies.shardEnded();
      case SHUTDOWN_REQUESTED, LEASE_LOST -> policies.shutdownRequested();
    };
  }

  /** The pause before the call is made again. */
  Duration pause(ProcessorCall call) {
    return policyFor(call).pauseAfter(inARow);
  }

  /**
   * What is done about a failure. One of the library's own says nothing about records or processor:
   * a lease table that is throttled must not make anybody skip anything.
   */
  static FailurePolicy.Action actionFor(FailurePolicy policy, int inARow, Throwable thrown) {
    return isOurs(thrown) ? FailurePolicy.Action.RETRY : policy.actionAfter(inARow);
  }

  private static boolean isOurs(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause instanceof KinesisClientLibRetryableException
          || cause instanceof KinesisClientLibNonRetryableException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
