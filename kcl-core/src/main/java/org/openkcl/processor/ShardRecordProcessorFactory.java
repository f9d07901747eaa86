package org.openkcl.processor;

/**
 * Makes a {@link ShardRecordProcessor} for each shard that a worker begins to read. Called from any
 * thread, also in parallel; must not return an instance twice.
 */
@FunctionalInterface
public interface ShardRecordProcessorFactory {

  /** A new processor for one shard. */
  ShardRecordProcessor shardRecordProcessor();

  /**
   * A new processor for one shard of a given stream, for applications that read several. The
   * default does not look at the stream.
   */
  default ShardRecordProcessor shardRecordProcessor(StreamIdentifier streamIdentifier) {
    return shardRecordProcessor();
  }
}
