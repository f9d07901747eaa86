package org.openkcl.benchmarks.probe;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

/**
 * What the processor of one shard does in a measured worker, whichever library calls it: reports,
 * and checkpoints in the rhythm that was asked for, at shard ends, and when asked to stop.
 */
public final class ShardProbe {
  private final Probe probe;
  private final long checkpointMicros;
  private String shardId = "-";
  private long checkpointedMicros = Stamp.nowMicros();

  ShardProbe(Probe probe, long checkpointMicros) {
    this.probe = probe;
    this.checkpointMicros = checkpointMicros;
  }

  /** The library's checkpoint of all that was delivered so far. */
  @FunctionalInterface
  public interface Checkpoint {
    void make() throws Exception;
  }

  public void initialized(String id) {
    shardId = id;
    Probe.report(WorkerEvent.Kind.INITIALIZE, id, Stamp.nowMicros(), List.of());
  }

  /**
   * Processes a batch.
   *
   * @param data a record's payload
   */
  public <R> void records(List<R> records, Function<R, ByteBuffer> data, Checkpoint checkpoint) {
    if (records.isEmpty()) {
      return;
    }
    long called = Stamp.nowMicros();
    // Before the checkpoint: a worker killed between the two must not look as if it lost them.
    probe.came(shardId, called, records, data);
    if (called - checkpointedMicros >= checkpointMicros) {
      checkpointedMicros = called;
      make(checkpoint);
    }
    if (probe.reportsBatches()) {
      Probe.report(WorkerEvent.Kind.BATCH, shardId, called, List.of());
    }
  }

  public void leaseLost() {
    Probe.report(WorkerEvent.Kind.LEASE_LOST, shardId, Stamp.nowMicros(), List.of());
  }

  public void shardEnded(Checkpoint checkpoint) {
    long called = Stamp.nowMicros();
    make(checkpoint);
    Probe.report(WorkerEvent.Kind.SHARD_ENDED, shardId, called, List.of());
  }

  public void shutdownRequested(Checkpoint checkpoint) {
    long called = Stamp.nowMicros();
    make(checkpoint);
    Probe.report(WorkerEvent.Kind.SHUTDOWN_REQUESTED, shardId, called, List.of());
  }

  /** A lease that is gone cannot be checkpointed; whoever has it now delivers again. */
  private void make(Checkpoint checkpoint) {
    try {
      checkpoint.make();
    } catch (Exception refused) {
      Probe.report(
          WorkerEvent.Kind.CHECKPOINT_FAILED,
          shardId,
          Stamp.nowMicros(),
          List.of(refused.getClass().getSimpleName()));
    }
  }
}
