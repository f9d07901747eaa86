package org.openkcl.local.model;

/** What one shard has taken and given of late, held against its limits. */
final class ShardTraffic {
  private static final long ITERATORS_PER_SECOND = 5;

  private final RateBudget reads;
  private final RateBudget readBytes;
  private final RateBudget writes;
  private final RateBudget writeBytes;
  private final RateBudget iterators;

  ShardTraffic(ServiceLimits limits) {
    reads = new RateBudget(limits.readsPerSecond());
    readBytes = new RateBudget(limits.readBytesPerSecond());
    writes = new RateBudget(limits.writeRecordsPerSecond());
    writeBytes = new RateBudget(limits.writeBytesPerSecond());
    iterators = new RateBudget(limits.callRates() ? ITERATORS_PER_SECOND : Long.MAX_VALUE);
  }

  /** Counts a record, unless it is one too many or its bytes are. */
  boolean takes(long bytes, long now) {
    if (!writes.hasRoom(now) || !writeBytes.hasRoomFor(bytes, now)) {
      return false;
    }
    writes.use(1, now);
    writeBytes.use(bytes, now);
    return true;
  }

  /** Counts a read, unless it is one too many or too much was read before. */
  boolean startsRead(long now) {
    if (!reads.hasRoom(now) || !readBytes.hasRoom(now)) {
      return false;
    }
    reads.use(1, now);
    return true;
  }

  /** Counts what a read returned. */
  void endsRead(ReadResult result, long now) {
    long bytes = 0;
    for (StreamRecord record : result.records()) {
      bytes += PutRules.bytes(record.partitionKey(), record.sharedData());
    }
    readBytes.use(bytes, now);
  }

  /** Counts an iterator, unless it is one too many. */
  boolean givesIterator(long now) {
    if (!iterators.hasRoom(now)) {
      return false;
    }
    iterators.use(1, now);
    return true;
  }
}
