package org.openkcl.local.model;

import java.io.Serializable;

/** Counts what is written to a stream, minute by minute, and remembers the busiest minute. */
final class WriteMeter implements Serializable {
  static final long WINDOW_MILLIS = 60_000;

  private long windowStart;
  private long bytes;
  private long records;
  private long peakBytes;
  private long peakRecords;

  WriteMeter(long startMillis) {
    windowStart = startMillis;
  }

  void add(long newRecords, long newBytes) {
    records += newRecords;
    bytes += newBytes;
  }

  /** Closes the minutes that have passed; whether there were any. */
  boolean roll(long now) {
    long windows = (now - windowStart) / WINDOW_MILLIS;
    if (windows <= 0) {
      return false;
    }
    peakBytes = Math.max(peakBytes, bytes);
    peakRecords = Math.max(peakRecords, records);
    bytes = 0;
    records = 0;
    windowStart += windows * WINDOW_MILLIS;
    return true;
  }

  /** Bytes a second, on average over the busiest full minute so far. */
  double peakBytesPerSecond() {
    return peakBytes * 1_000.0 / WINDOW_MILLIS;
  }

  /** Records a second, on average over the busiest full minute so far. */
  double peakRecordsPerSecond() {
    return peakRecords * 1_000.0 / WINDOW_MILLIS;
  }
}
