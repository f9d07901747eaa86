package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;

/** Checkpoints every batch and reports every call. */
final class ReportingProcessor implements ShardRecordProcessor {
  private static final AtomicBoolean FIRST = new AtomicBoolean(true);

  private String shardId = "-";

  @Override
  public void initialize(InitializationInput input) {
    shardId = input.shardId();
    WorkerMain.report(WorkerEvent.Kind.INITIALIZE, shardId, Stamp.nowMicros(), List.of());
  }

  @Override
  public void processRecords(ProcessRecordsInput batch) throws Exception {
    long called = Stamp.nowMicros();
    List<String> ids = batch.records().stream()
        .map(record -> UTF_8.decode(record.data()).toString())
        .toList();
    // Before the checkpoint: a worker killed between the two must not look as if it lost them.
    WorkerMain.report(WorkerEvent.Kind.RECORDS, shardId, called, ids);
    batch.checkpointer().checkpoint();
    WorkerMain.report(WorkerEvent.Kind.BATCH, shardId, called, List.of());
    if (FIRST.compareAndSet(true, false)) {
      WorkerMain.report(
          WorkerEvent.Kind.FIRST_RECORD, WorkerMain.cpuMicros(), Stamp.nowMicros(), List.of());
    }
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) throws Exception {
    long called = Stamp.nowMicros();
    input.checkpointer().checkpoint();
    WorkerMain.report(WorkerEvent.Kind.SHUTDOWN_REQUESTED, shardId, called, List.of());
  }

  @Override
  public void leaseLost(LeaseLostInput input) {
    WorkerMain.report(WorkerEvent.Kind.LEASE_LOST, shardId, Stamp.nowMicros(), List.of());
  }
}
