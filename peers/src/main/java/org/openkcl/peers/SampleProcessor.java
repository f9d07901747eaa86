package org.openkcl.peers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.exceptions.ThrottlingException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.ShardRecordProcessorFactory;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/**
 * A processor as the documentation of Amazon's library teaches to write them. It is compiled against
 * that library here; a test of ours changes its imports as our migration guide says and runs it.
 */
public class SampleProcessor implements ShardRecordProcessor {
  private static final Logger log = LoggerFactory.getLogger(SampleProcessor.class);
  private static final String SHARD = "ShardId";

  private String shardId = "";

  /** Makes one processor per shard. */
  public static class Factory implements ShardRecordProcessorFactory {
    @Override
    public ShardRecordProcessor shardRecordProcessor() {
      return new SampleProcessor();
    }
  }

  @Override
  public void initialize(InitializationInput initializationInput) {
    shardId = initializationInput.shardId();
    inShard(() -> log.info(
        "Initializing at {}, pending {}",
        initializationInput.extendedSequenceNumber(),
        initializationInput.pendingCheckpointSequenceNumber()));
  }

  @Override
  public void processRecords(ProcessRecordsInput processRecordsInput) {
    inShard(() -> {
      log.info(
          "Processing {} records, {} ms behind, at shard end: {}",
          processRecordsInput.records().size(),
          processRecordsInput.millisBehindLatest(),
          processRecordsInput.isAtShardEnd());
      processRecordsInput.records().forEach(this::process);
      checkpoint(processRecordsInput.checkpointer());
    });
  }

  private void process(KinesisClientRecord record) {
    byte[] data = new byte[record.data().remaining()];
    record.data().get(data);
    log.info(
        "Record {} of {} arrived {}: {} bytes",
        record.sequenceNumber(),
        record.partitionKey(),
        record.approximateArrivalTimestamp(),
        data.length);
  }

  @Override
  public void leaseLost(LeaseLostInput leaseLostInput) {
    inShard(() -> log.info("Lost the lease, so stopping"));
  }

  @Override
  public void shardEnded(ShardEndedInput shardEndedInput) {
    inShard(() -> {
      log.info("Reached the end of the shard, checkpointing");
      checkpoint(shardEndedInput.checkpointer());
    });
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput shutdownRequestedInput) {
    inShard(() -> {
      log.info("The scheduler is shutting down, checkpointing");
      checkpoint(shutdownRequestedInput.checkpointer());
    });
  }

  private void checkpoint(RecordProcessorCheckpointer checkpointer) {
    try {
      checkpointer.checkpoint();
    } catch (ShutdownException | InvalidStateException lost) {
      log.error("Cannot checkpoint, giving up", lost);
    } catch (ThrottlingException busy) {
      log.warn("The lease table is busy, the next checkpoint will do", busy);
    }
  }

  private void inShard(Runnable work) {
    MDC.put(SHARD, shardId);
    try {
      work.run();
    } finally {
      MDC.remove(SHARD);
    }
  }
}
