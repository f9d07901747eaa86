package org.openkcl.processor;

/**
 * Processes the records of one shard, in their order. The library makes one instance per shard and
 * period of ownership, by a {@link ShardRecordProcessorFactory}.
 *
 * <p><b>Calls.</b> First {@code initialize}, then any number of {@code processRecords}. {@code
 * shutdownRequested} announces that this worker gives the shard up. The last call is {@code
 * shardEnded} when the shard is completely read, or {@code leaseLost} when another worker has it.
 * {@code leaseLost} may also come first and alone.
 *
 * <p><b>Threads.</b> At most one call at a time is made on an instance, and each call sees what the
 * calls before it did; they may come from different threads. Instances of different shards are
 * called in parallel. A call may block and take as long as it needs.
 *
 * <p><b>Exceptions.</b> A call of {@code initialize}, {@code processRecords} or {@code shardEnded}
 * that throws is made again on the same instance, after a pause. No record is skipped because of an
 * exception: one that was not checkpointed is read again by the next owner.
 *
 * <p>A processor that needs only {@code processRecords} can be a lambda: {@code batch -> ...}.
 */
@FunctionalInterface
public interface ShardRecordProcessor {

  /**
   * Called once before the first records.
   *
   * @param initializationInput the shard, and where its processing goes on
   * @throws Exception to be called again after a pause; no records are delivered before this
   *     succeeds
   */
  default void initialize(InitializationInput initializationInput) throws Exception {}

  /**
   * Processes a batch of records and, whenever it is certain that everything up to some record is
   * done, checkpoints.
   *
   * @param processRecordsInput the records and the shard's checkpointer
   * @throws Exception to be given exactly the same records again after a pause
   */
  void processRecords(ProcessRecordsInput processRecordsInput) throws Exception;

  /**
   * Called when this worker does not hold the shard any more. Another worker may already process
   * it, so it is too late for a checkpoint: drop what is buffered. The default does nothing.
   *
   * @param leaseLostInput carries nothing
   * @throws Exception to have it logged; the shard is gone all the same
   */
  default void leaseLost(LeaseLostInput leaseLostInput) throws Exception {}

  /**
   * Called after the last record of a shard that was split or merged. Finish what is buffered and
   * checkpoint; the shard's children are not read before.
   *
   * <p>The default checkpoints. That is safe only if nothing is buffered, that is, if {@code
   * processRecords} returns only when its records are done.
   *
   * @param shardEndedInput the shard's checkpointer
   * @throws Exception to be called again after a pause, for as long as this worker holds the shard
   */
  default void shardEnded(ShardEndedInput shardEndedInput) throws Exception {
    shardEndedInput.checkpointer().checkpoint();
  }

  /**
   * Called when this worker is about to give the shard up, because it stops or another worker takes
   * over. It still holds the shard: finish what is buffered and checkpoint, so that the next owner
   * repeats nothing. No more records follow.
   *
   * <p>The default checkpoints. That is safe only if nothing is buffered, that is, if {@code
   * processRecords} returns only when its records are done.
   *
   * @param shutdownRequestedInput the shard's checkpointer
   * @throws Exception to have it logged; the shard is given up with the last checkpoint
   */
  default void shutdownRequested(ShutdownRequestedInput shutdownRequestedInput) throws Exception {
    shutdownRequestedInput.checkpointer().checkpoint();
  }
}
