package org.openkcl.retrieval;

/** Opens the record sources of one stream; one implementation per way of reading. */
@FunctionalInterface
public interface RecordSources {

  /**
   * Starts reading a shard. Nothing is asked of the service before the first {@link
   * RecordSource#next}.
   *
   * @param shardId the bare shard id
   * @param start where to start
   */
  RecordSource open(String shardId, ReadStart start);
}
