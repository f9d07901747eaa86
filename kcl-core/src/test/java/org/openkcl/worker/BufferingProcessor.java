package org.openkcl.worker;

import java.util.ArrayList;
import java.util.List;
import org.openkcl.ProcessorCall;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;

/**
 * Keeps records for a while before it processes and checkpoints them, as many processors do, and
 * does at the beginning of each call what the test wants.
 */
class BufferingProcessor implements ShardRecordProcessor {
  private final SimulatedWorkers workers;
  private final int most;
  private final Mishap mishap;
  private final List<KinesisClientRecord> buffer = new ArrayList<>();

  /** What goes wrong at the beginning of a call. */
  interface Mishap {
    void at(ProcessorCall call) throws Exception;
  }

  /**
   * @param most how many records are kept
   */
  BufferingProcessor(SimulatedWorkers workers, int most, Mishap mishap) {
    this.workers = workers;
    this.most = most;
    this.mishap = mishap;
  }

  @Override
  public void initialize(InitializationInput input) throws Exception {
    mishap.at(ProcessorCall.INITIALIZE);
  }

  @Override
  public void processRecords(ProcessRecordsInput input) throws Exception {
    mishap.at(ProcessorCall.PROCESS_RECORDS);
    buffer.addAll(input.records());
    if (buffer.size() > most) {
      flush(input.checkpointer());
    }
  }

  @Override
  public void leaseLost(LeaseLostInput input) throws Exception {
    buffer.clear();
    mishap.at(ProcessorCall.LEASE_LOST);
  }

  @Override
  public void shardEnded(ShardEndedInput input) throws Exception {
    mishap.at(ProcessorCall.SHARD_ENDED);
    flush(input.checkpointer());
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) throws Exception {
    mishap.at(ProcessorCall.SHUTDOWN_REQUESTED);
    flush(input.checkpointer());
  }

  private void flush(RecordProcessorCheckpointer checkpointer) throws Exception {
    workers.remember(buffer);
    buffer.clear();
    checkpointer.checkpoint();
  }
}
