package org.openkcl;

import java.time.Instant;
import java.util.Optional;
import org.openkcl.processor.ExtendedSequenceNumber;

/** A shard has begun, ended, come or gone on this worker. */
public sealed interface OwnershipEvent extends ConsumerEvent {

  /** The shard. */
  StreamShard shard();

  @Override
  default Optional<StreamShard> subject() {
    return Optional.of(shard());
  }

  @Override
  default Severity severity() {
    return Severity.INFO;
  }

  /**
   * The processor is initialized and records are read.
   *
   * @param from the checkpoint behind which reading begins
   * @param fencingToken this ownership's token
   */
  record Started(Instant at, StreamShard shard, ExtendedSequenceNumber from, long fencingToken)
      implements OwnershipEvent {
    @Override
    public String id() {
      return "shard.started";
    }

    @Override
    public String message() {
      return "Reading shard %s from %s".formatted(shard, from);
    }
  }

  /** The shard is completely processed, and the lease table says so. */
  record Ended(Instant at, StreamShard shard) implements OwnershipEvent {
    @Override
    public String id() {
      return "shard.ended";
    }

    @Override
    public String message() {
      return "Shard %s is completely processed".formatted(shard);
    }
  }

  /**
   * This worker gave the lease up.
   *
   * @param checkpoint behind which the next owner begins
   * @param successor the worker that gets it; empty when it is set free
   */
  record Released(
      Instant at, StreamShard shard, ExtendedSequenceNumber checkpoint, String successor)
      implements OwnershipEvent {
    @Override
    public String id() {
      return "lease.released";
    }

    @Override
    public String message() {
      return "Released shard %s at %s to %s"
          .formatted(shard, checkpoint, successor.isEmpty() ? "nobody" : successor);
    }
  }

  /**
   * Another worker has the lease, or its item is gone.
   *
   * @param reason what stands in the table instead
   */
  record Lost(Instant at, StreamShard shard, String reason) implements OwnershipEvent {
    @Override
    public String id() {
      return "lease.lost";
    }

    @Override
    public String message() {
      return "Lost the lease of shard %s: %s".formatted(shard, reason);
    }
  }

  /** No more batches are delivered until {@link Resumed}. */
  record Paused(Instant at, StreamShard shard) implements OwnershipEvent {
    @Override
    public String id() {
      return "shard.paused";
    }

    @Override
    public String message() {
      return "Shard %s is paused".formatted(shard);
    }
  }

  /** Batches are delivered again. */
  record Resumed(Instant at, StreamShard shard) implements OwnershipEvent {
    @Override
    public String id() {
      return "shard.resumed";
    }

    @Override
    public String message() {
      return "Shard %s goes on after a pause".formatted(shard);
    }
  }
}
