package org.openkcl.retrieval;

/**
 * Sources of user records, made from sources of what is in the stream: aggregates are taken apart,
 * records are decoded, and what was processed before the start is left out. What is not to be looked
 * into passes through as it is.
 *
 * <p>Confined to the worker's event loop.
 */
public final class UserRecordSources implements RecordSources {
  private final RecordSources streamRecords;
  private final RecordOpening opening;

  /**
   * @param streamRecords brings records as they are in one stream
   * @param opening the worker's, shared by all its streams
   */
  public UserRecordSources(RecordSources streamRecords, RecordOpening opening) {
    this.streamRecords = streamRecords;
    this.opening = opening;
  }

  @Override
  public RecordSource open(String shardId, ReadStart start) {
    return new UserRecordSource(streamRecords.open(shardId, start), opening, shardId, start);
  }
}
