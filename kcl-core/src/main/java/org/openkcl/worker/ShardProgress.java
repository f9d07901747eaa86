package org.openkcl.worker;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Progress;
import org.openkcl.leases.fleet.CommitOutcome;
import org.openkcl.leases.fleet.HeldLease;
import org.openkcl.metering.ShardMeter;
import org.openkcl.shard.CheckpointRules;

/**
 * How far a shard is delivered and acknowledged on this worker, and the way of checkpoints to the
 * table. Confined to the event loop.
 */
final class ShardProgress {
  private final HeldLease lease;
  private final Environment environment;
  private final ShardMeter meter;
  private final Consumer<String> refusals;
  private Checkpoint acknowledged;
  private Checkpoint accepted;
  private Checkpoint delivered;
  private Checkpoint processed;
  private Checkpoint processedBefore;
  private Checkpoint required;
  private Checkpoint requiredBefore;
  private Set<String> childShardIds = Set.of();
  private boolean ended;
  private String fence = "";
  private Instant acknowledgedAt;

  ShardProgress(
      HeldLease lease, Environment environment, ShardMeter meter, Consumer<String> refusals) {
    this.lease = lease;
    this.environment = environment;
    this.meter = meter;
    this.acknowledgedAt = environment.now();
    this.refusals = refusals;
    this.acknowledged = lease.lease().checkpoint();
    this.accepted = acknowledged;
    this.delivered = acknowledged;
    this.processed = acknowledged;
    this.processedBefore = acknowledged;
    this.required = acknowledged;
    this.requiredBefore = acknowledged;
  }

  /** The last position that the table has from this worker, or had when the lease was acquired. */
  Checkpoint acknowledged() {
    return acknowledged;
  }

  /** When the last checkpoint was stored; before the first, when the lease was acquired. */
  Instant acknowledgedAt() {
    return acknowledgedAt;
  }

  /** The last position that was asked for, stored or not. */
  Checkpoint accepted() {
    return accepted;
  }

  /** The greatest position that was handed to the processor. */
  Checkpoint delivered() {
    return delivered;
  }

  /** A batch that ends at {@code last} is being handed to the processor. */
  void delivering(Checkpoint last) {
    processedBefore = processed;
    delivered = later(delivered, last);
    processed = later(processed, last);
    if (last.compareTo(required) > 0) { // else the same batch again
      requiredBefore = required;
      required = last;
    }
  }

  /**
   * The processor threw on the batch: a checkpoint of everything, as a processor may ask for when
   * it is shut down, does not cover it. Single positions in it can still be checkpointed.
   */
  void processingFailed() {
    processed = processedBefore;
  }

  /** The batch is given up: the shard can end without a checkpoint of it. */
  void skipped() {
    required = requiredBefore;
  }

  /** Everything that is not checkpointed is given up: the shard can end without. */
  void skippedRest() {
    required = acknowledged;
    requiredBefore = acknowledged;
  }

  private static Checkpoint later(Checkpoint one, Checkpoint other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** From now on the application may record the end of the shard. */
  void ended(Set<String> children) {
    ended = true;
    childShardIds = children;
  }

  /** Whether the application has acknowledged all it was given and that was not given up. */
  boolean isEverythingAcknowledged() {
    return acknowledged.compareTo(required) >= 0;
  }

  /**
   * Refuses every later checkpoint, for good.
   *
   * @param reason why this worker does not hold the shard any more; the first one counts
   */
  void fence(String reason) {
    if (fence.isEmpty()) {
      fence = reason;
    }
  }

  /**
   * Stores a position the application asks for.
   *
   * @param wanted null for everything processed, the batch under way included
   */
  CompletionStage<CheckpointReply> checkpoint(@Nullable Checkpoint wanted) {
    return decide(wanted, decided -> commit(Progress.at(decided)));
  }

  /** Prepares a position: the table keeps it beside the present checkpoint. */
  CompletionStage<CheckpointReply> prepare(
      @Nullable Checkpoint wanted, @Nullable ByteBuffer state) {
    return decide(wanted, decided -> {
      Progress.Pending pending = new Progress.Pending(decided, state);
      CompletableFuture<CheckpointReply> reply = new CompletableFuture<>();
      long began = environment.nanoTime();
      lease.commit(new Progress(accepted, pending)).thenAccept(outcome -> {
        measured(began, outcome.match(now -> true, lost -> false, failed -> false));
        reply.complete(new CheckpointReply.Table(decided, outcome));
      });
      return reply;
    });
  }

  /** Records the end on behalf of the application, which has acknowledged everything. */
  CompletionStage<CheckpointReply> commitEnd() {
    return commit(Progress.at(Checkpoint.SHARD_END));
  }

  private CompletionStage<CheckpointReply> decide(
      @Nullable Checkpoint wanted, Function<Checkpoint, CompletionStage<CheckpointReply>> store) {
    if (!fence.isEmpty()) {
      refusals.accept(fence);
      return CompletableFuture.completedFuture(
          new CheckpointReply.Table(acknowledged, new CommitOutcome.Lost(fence)));
    }
    Checkpoint asked = wanted != null ? wanted : later(accepted, processed);
    CheckpointRules rules = new CheckpointRules(accepted, delivered, ended);
    CheckpointRules.Decision decision = rules.at(asked.sequenceNumber(), asked.subSequenceNumber());
    return decision.match(
        store,
        nothing -> accepted.equals(acknowledged)
            ? CompletableFuture.completedFuture(new CheckpointReply.Unchanged(acknowledged))
            : store.apply(accepted), // asked for before, and not known to be stored
        refused -> CompletableFuture.completedFuture(new CheckpointReply.Refused(refused)));
  }

  private void measured(long began, boolean stored) {
    meter.checkpointed(stored, environment.nanoTime() - began);
  }

  private CompletionStage<CheckpointReply> commit(Progress progress) {
    CompletableFuture<CheckpointReply> reply = new CompletableFuture<>();
    Checkpoint position = progress.checkpoint();
    accepted = position;
    long began = environment.nanoTime();
    CompletionStage<CommitOutcome> outcome =
        position.isShardEnd() ? lease.commit(progress, childShardIds) : lease.commit(progress);
    outcome.thenAccept(result -> {
      boolean stored = result.match(
          now -> true,
          lost -> {
            refusals.accept(lost.reason());
            return false;
          },
          failed -> false);
      if (stored) {
        acknowledgedAt = environment.now();
        acknowledged = later(acknowledged, position);
      }
      measured(began, stored);
      reply.complete(new CheckpointReply.Table(position, result));
    });
    return reply;
  }
}
