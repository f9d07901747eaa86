package org.openkcl;

import java.util.List;
import org.openkcl.processor.ExtendedSequenceNumber;
import org.openkcl.processor.KinesisClientRecord;

/**
 * What an application gives up because its {@link FailurePolicy} says so: handed to the policy's
 * {@link SkipHandler} before, and to listeners after it is given up.
 *
 * @param shard where the records are
 * @param call which call failed: {@code processRecords}, then the records are its batch; or {@code
 *     shardEnded}, then they are what was delivered before and never checkpointed
 * @param records the batch; empty for {@code shardEnded}, since processed batches are not kept
 * @param checkpoint the last checkpoint; all that is given up lies behind it
 * @param through the position up to which is given up
 * @param failures how often the call failed in a row
 * @param failure what it threw last
 */
public record SkippedRecords(
    StreamShard shard,
    ProcessorCall call,
    List<KinesisClientRecord> records,
    ExtendedSequenceNumber checkpoint,
    ExtendedSequenceNumber through,
    int failures,
    Throwable failure) {

  public SkippedRecords {
    records = List.copyOf(records);
  }

  /** Where and how many, without the records' payloads. */
  @Override
  public String toString() {
    return "SkippedRecords[shard=%s, call=%s, records=%d, checkpoint=%s, through=%s, failures=%d]"
        .formatted(shard, call, records.size(), checkpoint, through, failures);
  }
}
