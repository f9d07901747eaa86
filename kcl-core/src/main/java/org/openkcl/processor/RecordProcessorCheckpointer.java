package org.openkcl.processor;

import org.jspecify.annotations.Nullable;

/**
 * Stores how far a shard is processed. After a restart or a change of owner the shard's records go
 * on after the last position stored here, so checkpoint only what is completely done.
 *
 * <p>A position may be anything from the last checkpoint to the last record delivered; it never
 * moves back. A position equal to the last checkpoint is not written again. A record of an aggregate
 * is a position of its own. After {@code shardEnded} was called, the position of the shard's last
 * record means the end of the shard.
 *
 * <p>Safe for use by any thread, also outside {@code processRecords}; calls block until the lease
 * table has answered. The library does not repeat a failed call by itself. It is of no use after
 * {@code leaseLost}: each call then throws {@link ShutdownException}.
 */
public interface RecordProcessorCheckpointer {

  /**
   * Everything delivered so far is done.
   *
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   */
  void checkpoint()
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;

  /**
   * Everything up to and including a record is done.
   *
   * @param record a record that this processor was given
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   * @throws IllegalArgumentException if the position is before the last checkpoint, after the last
   *     record delivered, or no sequence number
   */
  void checkpoint(KinesisClientRecord record)
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;

  /**
   * Everything up to and including a sequence number is done, sub-sequence number 0.
   *
   * @param sequenceNumber decimal digits, in the permitted range; means its first user record if it is
   *     an aggregate
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   * @throws IllegalArgumentException if the position is before the last checkpoint, after the last
   *     record delivered, or no sequence number
   */
  void checkpoint(String sequenceNumber)
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;

  /**
   * Everything up to and including one user record of an aggregate is done.
   *
   * @param sequenceNumber decimal digits
   * @param subSequenceNumber the index of a user record in an aggregate, 0 or more
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   * @throws IllegalArgumentException if the position is before the last checkpoint, after the last
   *     record delivered, or no sequence number
   */
  void checkpoint(String sequenceNumber, long subSequenceNumber)
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;

  /**
   * Prepares a checkpoint of everything delivered so far.
   *
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   */
  PreparedCheckpointer prepareCheckpoint()
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;

  /**
   * Prepares a checkpoint of everything delivered so far, with the application's own bytes.
   *
   * @param applicationState the application's own bytes, kept until the commit and given to
   *     {@code initialize} of the next owner if there is none; null for none
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   */
  PreparedCheckpointer prepareCheckpoint(byte @Nullable [] applicationState)
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;

  /**
   * Prepares a checkpoint of everything up to and including a record.
   *
   * @param record a record that this processor was given
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   * @throws IllegalArgumentException if the position is before the last checkpoint, after the last
   *     record delivered, or no sequence number
   */
  PreparedCheckpointer prepareCheckpoint(KinesisClientRecord record)
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;

  /**
   * Prepares a checkpoint of everything up to and including a record, with the application's own
   * bytes.
   *
   * @param record a record that this processor was given
   * @param applicationState the application's own bytes, kept until the commit and given to
   *     {@code initialize} of the next owner if there is none; null for none
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   * @throws IllegalArgumentException if the position is before the last checkpoint, after the last
   *     record delivered, or no sequence number
   */
  PreparedCheckpointer prepareCheckpoint(
      KinesisClientRecord record, byte @Nullable [] applicationState)
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;

  /**
   * Prepares a checkpoint of everything up to and including a sequence number, sub-sequence number
   * 0.
   *
   * @param sequenceNumber decimal digits, in the permitted range; means its first user record if it is
   *     an aggregate
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   * @throws IllegalArgumentException if the position is before the last checkpoint, after the last
   *     record delivered, or no sequence number
   */
  PreparedCheckpointer prepareCheckpoint(String sequenceNumber)
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;

  /**
   * Prepares a checkpoint of everything up to and including a sequence number, sub-sequence number
   * 0, with the application's own bytes.
   *
   * @param sequenceNumber decimal digits, in the permitted range; means its first user record if it is
   *     an aggregate
   * @param applicationState the application's own bytes, kept until the commit and given to
   *     {@code initialize} of the next owner if there is none; null for none
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   * @throws IllegalArgumentException if the position is before the last checkpoint, after the last
   *     record delivered, or no sequence number
   */
  PreparedCheckpointer prepareCheckpoint(String sequenceNumber, byte @Nullable [] applicationState)
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;

  /**
   * Prepares a checkpoint of everything up to and including one user record of an aggregate.
   *
   * @param sequenceNumber decimal digits
   * @param subSequenceNumber the index of a user record in an aggregate, 0 or more
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   * @throws IllegalArgumentException if the position is before the last checkpoint, after the last
   *     record delivered, or no sequence number
   */
  PreparedCheckpointer prepareCheckpoint(String sequenceNumber, long subSequenceNumber)
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;

  /**
   * Prepares a checkpoint of everything up to and including one user record of an aggregate, with
   * the application's own bytes.
   *
   * @param sequenceNumber decimal digits
   * @param subSequenceNumber the index of a user record in an aggregate, 0 or more
   * @param applicationState the application's own bytes, kept until the commit and given to
   *     {@code initialize} of the next owner if there is none; null for none
   * @throws KinesisClientLibDependencyException if the lease table failed; trying again may help
   * @throws InvalidStateException if the lease table does not exist; trying again does not help
   * @throws ThrottlingException if the lease table is throttled; try again later
   * @throws ShutdownException if this worker does not hold the shard any more: stop processing
   * @throws IllegalArgumentException if the position is before the last checkpoint, after the last
   *     record delivered, or no sequence number
   */
  PreparedCheckpointer prepareCheckpoint(
      String sequenceNumber, long subSequenceNumber, byte @Nullable [] applicationState)
      throws KinesisClientLibDependencyException, InvalidStateException, ThrottlingException,
          ShutdownException;
}
