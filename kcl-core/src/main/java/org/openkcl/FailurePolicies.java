package org.openkcl;

/**
 * A failure policy for each call of a processor. Immutable. {@code leaseLost} has none: the shard is
 * gone whatever it throws.
 *
 * @param initialize RETRY, RELEASE or STOP; records are not delivered to a processor that could not
 *     be initialized, so it cannot be skipped
 * @param processRecords any
 * @param shardEnded any; also asked when {@code shardEnded} returns although something is not
 *     checkpointed. SKIP ends the shard all the same and gives up what was not checkpointed
 * @param shutdownRequested RETRY, RELEASE or STOP; RETRY at most for the drain time-out. Whatever
 *     happens, the shard is given up in the end with its last checkpoint
 */
public record FailurePolicies(
    FailurePolicy initialize,
    FailurePolicy processRecords,
    FailurePolicy shardEnded,
    FailurePolicy shutdownRequested) {

  /**
   * Retry without end, and for {@code shutdownRequested} release at once: the next owner is given
   * what was not checkpointed. No default loses a record.
   */
  public static final FailurePolicies DEFAULT = new FailurePolicies(
      FailurePolicy.retry(),
      FailurePolicy.retry(),
      FailurePolicy.retry(),
      FailurePolicy.releaseAfter(1));

  public FailurePolicies {
    refuseSkip(initialize, "initialize", "Use retry(), releaseAfter(...) or stopAfter(...)");
    refuseSkip(shutdownRequested, "shutdownRequested", "Use releaseAfter(1) to go on without it");
  }

  /** The same with this policy for {@code initialize}. */
  public FailurePolicies withInitialize(FailurePolicy policy) {
    return new FailurePolicies(policy, processRecords, shardEnded, shutdownRequested);
  }

  /** The same with this policy for {@code processRecords}. */
  public FailurePolicies withProcessRecords(FailurePolicy policy) {
    return new FailurePolicies(initialize, policy, shardEnded, shutdownRequested);
  }

  /** The same with this policy for {@code shardEnded}. */
  public FailurePolicies withShardEnded(FailurePolicy policy) {
    return new FailurePolicies(initialize, processRecords, policy, shutdownRequested);
  }

  /** The same with this policy for {@code shutdownRequested}. */
  public FailurePolicies withShutdownRequested(FailurePolicy policy) {
    return new FailurePolicies(initialize, processRecords, shardEnded, policy);
  }

  private static void refuseSkip(FailurePolicy policy, String call, String advice) {
    if (policy.lastAction() == FailurePolicy.Action.SKIP) {
      throw new IllegalArgumentException(
          "%s cannot be skipped: got %s. %s.".formatted(call, policy, advice));
    }
  }
}
