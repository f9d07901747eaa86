package org.openkcl.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Collectors;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** Reports every call and checkpoints after each batch and whenever it is asked to stop. */
final class ReportingProcessor implements ShardRecordProcessor {
  private final long processingMillis;
  private final boolean prepareOnly;
  private String shardId = "-";

  /**
   * @param prepareOnly whether checkpoints are only prepared, with application state
   */
  ReportingProcessor(long processingMillis, boolean prepareOnly) {
    this.processingMillis = processingMillis;
    this.prepareOnly = prepareOnly;
  }

  @Override
  public void initialize(InitializationInput input) {
    shardId = input.shardId();
    Report.of("initialized", shardId)
        .with("sequence", input.extendedSequenceNumber().sequenceNumber())
        .with("subSequence", input.extendedSequenceNumber().subSequenceNumber())
        .print();
  }

  @Override
  public void processRecords(ProcessRecordsInput input) {
    List<KinesisClientRecord> records = input.records();
    if (records.isEmpty()) {
      return;
    }
    Report.of("records", shardId)
        .with("behindMillis", input.millisBehindLatest())
        .with("records", records.stream().map(this::named).collect(Collectors.joining(",")))
        .print();
    pause();
    checkpoint(input.checkpointer(), named(records.get(records.size() - 1)));
  }

  @Override
  public void leaseLost(LeaseLostInput input) {
    Report.of("leaseLost", shardId).print();
  }

  @Override
  public void shardEnded(ShardEndedInput input) {
    Report.of("shardEnded", shardId).print();
    checkpoint(input.checkpointer(), "SHARD_END");
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) {
    Report.of("shutdownRequested", shardId).print();
    checkpoint(input.checkpointer(), "LATEST_PROCESSED");
  }

  /** The sequence number, and, within an aggregated record, the place in it. */
  private String named(KinesisClientRecord record) {
    return record.subSequenceNumber() == 0 && !record.aggregated()
        ? record.sequenceNumber()
        : record.sequenceNumber() + "/" + record.subSequenceNumber();
  }

  private void checkpoint(RecordProcessorCheckpointer checkpointer, String at) {
    try {
      if (prepareOnly) {
        checkpointer.prepareCheckpoint(("state of " + shardId).getBytes(UTF_8));
        return;
      }
      checkpointer.checkpoint();
      Report.of("checkpoint", shardId).with("at", at).print();
    } catch (ShutdownException | InvalidStateException | RuntimeException failed) {
      Report.of("checkpointFailed", shardId)
          .with("at", at)
          .with("error", failed.getClass().getSimpleName())
          .print();
    }
  }

  private void pause() {
    if (processingMillis > 0) {
      try {
        Thread.sleep(processingMillis);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
