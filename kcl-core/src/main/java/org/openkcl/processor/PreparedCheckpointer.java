package org.openkcl.processor;

/**
 * A checkpoint that is prepared, to be committed once the application's own writes are. What was
 * prepared survives the worker: the shard's next owner is told of it in {@code initialize}.
 *
 * <p>Safe for use by any thread; calls block until the lease table has answered.
 */
public interface PreparedCheckpointer {

  /** The position that {@link #checkpoint()} stores. */
  ExtendedSequenceNumber pendingCheckpoint();

  /**
   * Stores the prepared position as the shard's checkpoint. Does nothing if it already is.
   *
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   * @throws IllegalArgumentException if the shard's checkpoint has moved beyond the prepared
   *     position in the meantime
   */
  void checkpoint()
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;
}
