package org.openkcl;

import java.time.Duration;

/**
 * When the library checkpoints by itself. Only batches whose {@code processRecords} has returned
 * are covered, so this is right for processors whose records are done by then, and wrong for those
 * that buffer. Immutable.
 *
 * <p>A checkpoint is due as soon as one of the three is reached since the last one; also when the
 * shard is given up, and at its end. A processor may checkpoint besides.
 *
 * @param time since the first batch that is not checkpointed; positive
 * @param records not checkpointed; 1 or more
 * @param bytes not checkpointed; 1 or more
 */
public record AutoCheckpoint(Duration time, long records, long bytes) {

  public AutoCheckpoint {
    if (time.isZero() || time.isNegative() || records < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "Automatic checkpoints need a positive time and at least 1 record and byte: got time=%s, records=%d, bytes=%d"
              .formatted(time, records, bytes));
    }
  }

  /** After this time. */
  public static AutoCheckpoint every(Duration time) {
    return new AutoCheckpoint(time, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Also after so many records. */
  public AutoCheckpoint orRecords(long count) {
    return new AutoCheckpoint(time, count, bytes);
  }

  /** Also after so many bytes of data and partition keys. */
  public AutoCheckpoint orBytes(long count) {
    return new AutoCheckpoint(time, records, count);
  }

  /** Whether a checkpoint is due with this much not checkpointed for this long. */
  public boolean isDue(Duration age, long waitingRecords, long waitingBytes) {
    return age.compareTo(time) >= 0 || waitingRecords >= records || waitingBytes >= bytes;
  }
}
