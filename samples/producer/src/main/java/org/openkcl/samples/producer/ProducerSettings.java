package org.openkcl.samples.producer;

import java.time.Duration;

/**
 * How a {@link Producer} works.
 *
 * @param aggregateBytes how large an aggregate may become, in bytes; 0 puts every record by itself
 * @param linger how long a record may wait for others to share an aggregate with
 * @param maxBufferedBytes how much may wait or be under way before {@link Producer#put} blocks
 * @param timeToLive how long a record is tried to be put before its future fails
 * @param maxRecordBytes the most that data and partition key of a record may have: 1 MiB, or up to
 *     10 MiB where the stream has been set to take that
 */
public record ProducerSettings(
    int aggregateBytes,
    Duration linger,
    int maxBufferedBytes,
    Duration timeToLive,
    int maxRecordBytes) {
  private static final int MIB = 1024 * 1024;
  private static final int LARGEST_AGGREGATE_BYTES = MIB - 2048;

  /** Aggregates of 50 KiB, 100 ms, 16 MiB, 30 s, 1 MiB. */
  public static final ProducerSettings DEFAULT = new ProducerSettings(
      50 * 1024, Duration.ofMillis(100), 16 * MIB, Duration.ofSeconds(30), MIB);

  public ProducerSettings {
    if (aggregateBytes < 0 || aggregateBytes > LARGEST_AGGREGATE_BYTES) {
      throw new IllegalArgumentException("aggregateBytes must be 0 to "
          + LARGEST_AGGREGATE_BYTES
          + ", which leaves room for what is around them in a record of 1 MiB: got "
          + aggregateBytes);
    }
    if (maxRecordBytes < 1 || maxRecordBytes > 10 * MIB) {
      throw new IllegalArgumentException(
          "maxRecordBytes must be 1 byte to 10 MiB: got " + maxRecordBytes);
    }
    if (maxBufferedBytes < maxRecordBytes) {
      throw new IllegalArgumentException("The buffer must hold a record: got maxBufferedBytes="
          + maxBufferedBytes
          + ", maxRecordBytes="
          + maxRecordBytes);
    }
    if (linger.isNegative() || timeToLive.compareTo(linger) <= 0) {
      throw new IllegalArgumentException(
          "timeToLive must be longer than linger, and linger 0 or more: got linger="
              + linger
              + ", timeToLive="
              + timeToLive);
    }
  }

  /** The same without aggregates: every record is put by itself. */
  public ProducerSettings withoutAggregates() {
    return new ProducerSettings(0, linger, maxBufferedBytes, timeToLive, maxRecordBytes);
  }

  /** The same with this buffer. */
  public ProducerSettings withMaxBufferedBytes(int bytes) {
    return new ProducerSettings(aggregateBytes, linger, bytes, timeToLive, maxRecordBytes);
  }

  /** The same with this patience. */
  public ProducerSettings withTimeToLive(Duration time) {
    return new ProducerSettings(aggregateBytes, linger, maxBufferedBytes, time, maxRecordBytes);
  }

  boolean aggregates() {
    return aggregateBytes > 0;
  }
}
