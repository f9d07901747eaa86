package org.openkcl.worker;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.fleet.CommitOutcome;
import org.openkcl.leases.fleet.HeldLease;
import org.openkcl.processor.ChildShard;
import org.openkcl.shard.ShardEvent;

/**
 * The end of one shard: its children get leases, then the end is recorded. Both are tried until they
 * succeed. Confined to the event loop.
 */
final class ShardEnding {
  private final Worker worker;
  private final EventLoop loop;
  private final HeldLease lease;
  private final ShardProgress progress;
  private final AutoCheckpointer autoCheckpoints;
  private final Steps steps;
  private List<ChildShard> childShards = List.of();
  private int attempt;
  private EventLoop.Timer timer = () -> {};

  /** The shard whose end it is. */
  interface Steps {
    /** Whether the shard is still at its end. */
    boolean isEnding();

    void on(ShardEvent event);

    /** shardEnded has returned, and something is not checkpointed. */
    void refused();
  }

  ShardEnding(
      Worker worker,
      HeldLease lease,
      ShardProgress progress,
      AutoCheckpointer autoCheckpoints,
      Steps steps) {
    this.worker = worker;
    this.loop = worker.ports().loop();
    this.lease = lease;
    this.progress = progress;
    this.autoCheckpoints = autoCheckpoints;
    this.steps = steps;
  }

  /** The ids of the children, as far as they are known. */
  Set<String> childIds() {
    return childShards.stream().map(ChildShard::shardId).collect(Collectors.toSet());
  }

  /** Creates the leases of the children; an attempt that nothing is heard of is made again. */
  void createChildren(List<ChildShard> reported) {
    int current = ++attempt;
    again(worker.settings().handling().stallTimeout(), () -> createChildren(reported));
    loop.whenDone(
        worker.createChildLeases(lease, reported),
        children -> {
          if (isCurrent(current)) {
            timer.cancel();
            attempt++;
            childShards = children;
            steps.on(ShardEvent.CHILDREN_READY);
          }
        },
        failure -> {
          if (isCurrent(current)) {
            worker
                .warnings()
                .warn(
                    "lease.children-not-created",
                    "Cannot create the leases of the children of %s; trying on: %s"
                        .formatted(lease.key(), failure.getMessage()));
            again(worker.settings().timing().firstRetry(), () -> createChildren(reported));
          }
        });
  }

  private boolean isCurrent(int made) {
    return made == attempt && steps.isEnding();
  }

  private void again(Duration delay, Runnable step) {
    timer.cancel();
    timer = loop.schedule(delay, () -> {
      if (steps.isEnding()) {
        step.run();
      }
    });
  }

  /** Records the end, if everything delivered is checkpointed or given up. */
  void storeEnd() {
    if (progress.acknowledged().isShardEnd()) {
      steps.on(ShardEvent.END_STORED);
      return;
    }
    if (!progress.isEverythingAcknowledged() && !autoCheckpoints.covers(progress.delivered())) {
      steps.refused();
      return;
    }
    progress.commitEnd().thenAccept(reply -> {
      CommitOutcome outcome = reply.match(table -> table.outcome(), same -> null, refused -> null);
      boolean stored =
          outcome == null || outcome.match(done -> true, lost -> false, failed -> false);
      boolean failed = outcome != null && outcome.match(done -> false, lost -> false, f -> true);
      if (stored) {
        steps.on(ShardEvent.END_STORED);
      } else if (failed) {
        again(worker.settings().timing().firstRetry(), this::storeEnd);
      }
    });
  }

  void stop() {
    timer.cancel();
  }
}
