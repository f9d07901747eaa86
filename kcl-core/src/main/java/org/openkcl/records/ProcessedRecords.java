package org.openkcl.records;

import java.math.BigInteger;
import java.util.List;
import org.openkcl.leases.Checkpoint;
import org.openkcl.processor.KinesisClientRecord;

/**
 * Leaves out the records that were processed before a start: those up to and including the
 * checkpoint. Pure.
 */
public final class ProcessedRecords {
  private ProcessedRecords() {}

  /**
   * The records behind a checkpoint.
   *
   * <p>A record that comes whole although the checkpoint stands inside it (it is an aggregate, and
   * the checkpoint was written by a library that takes aggregates apart) is kept: the user records
   * before the checkpoint come again, those behind it are not lost.
   *
   * @param records in order, oldest first
   * @param processed a sentinel leaves nothing out
   * @return a view of the end of the list
   */
  public static List<KinesisClientRecord> dropFrom(
      List<KinesisClientRecord> records, Checkpoint processed) {
    if (processed.isSentinel()) {
      return records;
    }
    BigInteger sequenceNumber = new BigInteger(processed.sequenceNumber());
    int first = 0;
    while (first < records.size()
        && isProcessed(records.get(first), sequenceNumber, processed.subSequenceNumber())) {
      first++;
    }
    return records.subList(first, records.size());
  }

  private static boolean isProcessed(
      KinesisClientRecord entry, BigInteger sequenceNumber, long subSequenceNumber) {
    int order = new BigInteger(entry.sequenceNumber()).compareTo(sequenceNumber);
    if (order != 0) {
      return order < 0;
    }
    boolean whole = !entry.aggregated();
    return whole ? subSequenceNumber == 0 : entry.subSequenceNumber() <= subSequenceNumber;
  }
}
