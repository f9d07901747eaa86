package org.openkcl.benchmarks.amazon;

import org.openkcl.benchmarks.probe.ShardProbe;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

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
