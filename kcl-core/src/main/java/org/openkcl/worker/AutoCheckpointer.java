package org.openkcl.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.openkcl.AutoCheckpoint;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.fleet.CommitOutcome;

/**
 * Checkpoints a shard on behalf of its processor, if the application wants that: only batches whose
 * call has returned. Confined to the event loop.
 */
final class AutoCheckpointer {
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final @Nullable AutoCheckpoint settings;
  private final Environment environment;
  private final EventLoop loop;
  private final ShardProgress progress;
  private @Nullable Checkpoint returned;
  private long records;
  private long bytes;
  private long sinceNanos;
  private EventLoop.Timer timer = () -> {};

  /**
   * @param settings null to do nothing
   */
  AutoCheckpointer(
      @Nullable AutoCheckpoint settings,
      Environment environment,
      EventLoop loop,
      ShardProgress progress) {
    this.settings = settings;
    this.environment = environment;
    this.loop = loop;
    this.progress = progress;
  }

  /** A batch was processed. */
  void returned(Checkpoint through, long batchRecords, long batchBytes) {
    if (settings == null) {
      return;
    }
    boolean first = isDone();
    returned = through;
    if (first) {
      records = 0;
      bytes = 0;
      sinceNanos = environment.nanoTime();
      schedule(settings.time());
    }
    records += batchRecords;
    bytes += batchBytes;
    Duration age = Duration.ofNanos(environment.nanoTime() - sinceNanos);
    if (settings.isDue(age, records, bytes)) {
      flush();
    }
  }

  /** Whether all that was delivered has returned, so that the shard may end without the processor. */
  boolean covers(Checkpoint delivered) {
    return settings != null && (returned == null || returned.compareTo(delivered) >= 0);
  }

  /** Checkpoints what has returned and is not checkpointed yet. */
  void flush() {
    timer.cancel();
    Checkpoint through = returned;
    if (through == null || isDone() || through.compareTo(progress.accepted()) < 0) {
      return;
    }
    records = 0;
    bytes = 0;
    progress.checkpoint(through).thenAccept(reply -> {
      CommitOutcome outcome = reply.match(table -> table.outcome(), same -> null, refused -> null);
      if (outcome != null && outcome.match(stored -> false, lost -> false, failed -> true)) {
        schedule(RETRY);
      }
    });
  }

  /** The shard is given up: nothing more is checkpointed. */
  void stop() {
    timer.cancel();
  }

  private boolean isDone() {
    return returned == null || returned.compareTo(progress.acknowledged()) <= 0;
  }

  private void schedule(Duration delay) {
    timer.cancel();
    timer = loop.schedule(delay, this::flush);
  }
}
