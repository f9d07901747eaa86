package org.openkcl.processor;

/**
 * Turns a record's bytes into what the processor works with, for example by asking a schema
 * registry. It is given user records, after aggregates have been taken apart, and not those that
 * were processed before the start.
 *
 * <p>User code: called away from the worker's event loop, for one batch per shard at a time and for
 * several shards at once, so it must be thread-safe. It may block; its shard waits meanwhile.
 */
@FunctionalInterface
public interface RecordDecoder {

  /**
   * Decodes one record.
   *
   * @return what the processor is given: the same record or one made by {@link
   *     KinesisClientRecord#toBuilder()}, with the same sequence and sub-sequence number
   * @throws Exception what becomes of the record then says {@link #whenFailed}
   */
  KinesisClientRecord decode(KinesisClientRecord record) throws Exception;

  /**
   * What becomes of a record that could not be decoded. Every such record is counted and warned of.
   * Default {@link Failure#DELIVER_AS_IT_IS}, as in Amazon's library.
   *
   * @param failure what {@link #decode} threw
   */
  default Failure whenFailed(KinesisClientRecord record, Throwable failure) {
    return Failure.DELIVER_AS_IT_IS;
  }

  /** What becomes of a record that could not be decoded. */
  enum Failure {
    /** The processor is given the record undecoded. */
    DELIVER_AS_IT_IS,
    /** The processor is not given the record. */
    DROP,
    /**
     * The batch is decoded again after a pause of about 10 s, without end: for a registry that
     * cannot be reached. Its shard waits, which its health says, and nothing is lost.
     */
    RETRY
  }
}
