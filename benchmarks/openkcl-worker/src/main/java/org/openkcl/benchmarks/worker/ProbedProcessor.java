package org.openkcl.benchmarks.worker;

import org.openkcl.benchmarks.probe.ShardProbe;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;

/** Passes every call on to the probe. */
final class ProbedProcessor implements ShardRecordProcessor {
  private final ShardProbe shard;

  ProbedProcessor(ShardProbe shard) {
    this.shard = shard;
  }

  @Override
  public void initialize(InitializationInput input) {
    shard.initialized(input.shardId());
  }

  @Override
  public void processRecords(ProcessRecordsInput input) {
    shard.records(
        input.records(), KinesisClientRecord::data, () -> input.checkpointer().checkpoint());
  }

  @Override
  public void leaseLost(LeaseLostInput input) {
    shard.leaseLost();
  }

  @Override
  public void shardEnded(ShardEndedInput input) {
    shard.shardEnded(() -> input.checkpointer().checkpoint());
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) {
    shard.shutdownRequested(() -> input.checkpointer().checkpoint());
  }
}
