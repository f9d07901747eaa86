package org.openkcl.processor;

/**
 * A record that is not as an aggregate of the Kinesis Producer Library should be.
 *
 * @param shardId the shard it came from
 * @param kind what is odd about it
 * @param record of a foreign one the user record; otherwise the whole record as it is in the stream
 * @param detail what was found, for people
 */
public record OddRecord(String shardId, Kind kind, KinesisClientRecord record, String detail) {

  /** What is odd about a record. */
  public enum Kind {
    /**
     * A user record whose hash key does not belong to the shard. Happens for a while after a
     * reshard, until a producer has noticed it; Amazon's producer library then sends such records
     * again, others do not.
     */
    FOREIGN,
    /** An aggregate whose checksum is right and whose contents cannot be read. */
    CORRUPT,
    /**
     * A record that begins like an aggregate and has not the checksum of one: most likely no
     * aggregate at all.
     */
    LOOKALIKE
  }

  /** What is done with odd records. */
  public enum Treatment {
    /** The processor is given the record: nothing can be lost. */
    DELIVER,
    /** The processor is not given the record. */
    DROP,
    /** {@link DeadLetters} are given the record, the processor is not. */
    DEAD_LETTER
  }

  /**
   * Where odd records go instead of the processor. User code: called away from the worker's event
   * loop, for several shards at once, so it must be thread-safe. It may block; its shard waits.
   */
  @FunctionalInterface
  public interface DeadLetters {
    /**
     * Takes a record; called again for the same one when the shard is read again from a checkpoint
     * before it.
     *
     * @throws Exception then the processor is given the record, so that it is not lost
     */
    void accept(OddRecord record) throws Exception;
  }
}
