package org.openkcl.leases.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.CoordinationView;
import org.openkcl.leases.ForeignWorker;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.LockWrite;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.WorkerMetrics;
import org.openkcl.leases.WriteResult;
import org.openkcl.leases.memory.InMemoryLeaseTable;
import org.openkcl.leases.memory.TableFaults;

/**
 * The table as Amazon's library writes it: its operations under its conditions, which are weaker
 * than ours, over a simulated network. Attributes it does not know stay as they are.
 */
final class AmazonTable {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Simulation world;
  private final SplittableRandom chance;
  private final InMemoryLeaseTable rows;
  private final Supplier<TableFaults> faults;

  /** What its worker tells of its load; nothing on a machine that is not EC2's. */
  WorkerMetrics metrics = WorkerMetrics.NONE;

  AmazonTable(Simulation world, InMemoryLeaseTable rows, Supplier<TableFaults> faults) {
    this.world = world;
    this.chance = world.chance().split();
    this.rows = rows;
    this.faults = faults;
  }

  CompletionStage<List<Lease>> list() {
    return request(() -> new ArrayList<>(rows.rows().values()));
  }

  CompletionStage<Optional<Lease>> get(LeaseKey key) {
    return request(() -> Optional.ofNullable(rows.rows().get(key)));
  }

  /**
   * Renews by the counter alone; the owner is in no condition.
   *
   * @param throughput what a 3.x worker adds; null from a 2.x one
   */
  CompletionStage<WriteResult> renew(Lease held, @Nullable Double throughput) {
    boolean handoffKnown = held.ownership().checkpointOwner() != null;
    return update(
        held,
        now -> now.counter() == held.counter()
            && (handoffKnown || now.ownership().checkpointOwner() == null),
        now -> {
          Lease moved =
              with(now, now.owner(), now.ownership().checkpointOwner(), held.counter() + 1);
          return new Lease(
              moved.key(), moved.ownership(), moved.progress(), moved.shard(), throughput);
        });
  }

  /** Stores a checkpoint by the counter alone. */
  CompletionStage<WriteResult> checkpoint(Lease held, Checkpoint checkpoint) {
    return update(held, now -> now.counter() == held.counter(), now -> {
      Lease moved = with(now, now.owner(), now.ownership().checkpointOwner(), held.counter() + 1);
      return new Lease(
          moved.key(),
          moved.ownership(),
          Progress.at(checkpoint),
          moved.shard(),
          moved.throughputKBps());
    });
  }

  /** 2.x: takes a lease, or steals it. */
  CompletionStage<WriteResult> take(Lease seen, String taker) {
    return update(
        seen,
        now -> now.counter() == seen.counter(),
        now -> with(now, taker, null, seen.counter() + 1));
  }

  /** 3.x: gives a lease to a worker, by the owners alone; the counter is in no condition. */
  CompletionStage<WriteResult> assign(Lease seen, String worker) {
    return update(
        seen,
        now -> Objects.equals(now.owner(), seen.owner())
            && Objects.equals(
                now.ownership().checkpointOwner(), seen.ownership().checkpointOwner()),
        now -> with(now, worker, null, now.counter() + 1));
  }

  /** 3.x: begins a graceful handoff; the counter stays. */
  CompletionStage<WriteResult> beginHandoff(Lease seen, String worker) {
    return update(
        seen,
        now ->
            Objects.equals(now.owner(), seen.owner()) && now.ownership().checkpointOwner() == null,
        now -> with(now, worker, now.owner(), now.counter()));
  }

  CompletionStage<Optional<LeaderLock>> readLock() {
    return request(() -> now(rows.coordination().readLock()));
  }

  /** Takes, keeps or gives up the lock; whether that was possible. */
  CompletionStage<Boolean> writeLock(LockWrite write) {
    return request(() -> now(rows.coordination().writeLock(write)).isWritten());
  }

  /** When each worker last wrote its metrics, in epoch seconds; our sign of life is such an item. */
  CompletionStage<Map<String, Long>> listMetrics() {
    return request(() -> {
      CoordinationView view = now(rows.coordination().look()).orElseThrow();
      Map<String, Long> updates = new TreeMap<>();
      view.workers().forEach(w -> updates.put(w.workerId(), w.writtenAt().getEpochSecond()));
      view.foreignWorkers().forEach(w -> updates.put(w.workerId(), w.writtenAt().getEpochSecond()));
      return updates;
    });
  }

  CompletionStage<Boolean> putMetrics(String worker, Instant at) {
    return request(() -> {
      rows.coordination().put(new ForeignWorker(worker, at, metrics, null));
      return true;
    });
  }

  private static <T> T now(CompletionStage<T> done) {
    return done.toCompletableFuture().join();
  }

  private CompletionStage<WriteResult> update(
      Lease seen, Predicate<Lease> condition, UnaryOperator<Lease> change) {
    return request(() -> {
      Lease now = rows.rows().get(seen.key());
      if (now == null || !condition.test(now)) {
        return new WriteResult.LostRace(Optional.ofNullable(now));
      }
      Lease changed = change.apply(now);
      rows.put(changed);
      return new WriteResult.Written(changed);
    });
  }

  private static Lease with(
      Lease now, @Nullable String owner, @Nullable String checkpointOwner, long counter) {
    Ownership was = now.ownership();
    return new Lease(
        now.key(),
        new Ownership(owner, checkpointOwner, counter, was.switchesSinceCheckpoint(), was.writer()),
        now.progress(),
        now.shard(),
        now.throughputKBps());
  }

  private <T> CompletionStage<T> request(Supplier<T> operation) {
    CompletableFuture<T> reply = new CompletableFuture<>();
    TableFaults now = faults.get();
    world.schedule(latency(now), () -> {
      if (chance.nextDouble() < now.throttled()) {
        fail(reply, latency(now), LeaseTableException.Kind.THROTTLED);
      } else if (chance.nextDouble() < now.lostRequests()) {
        fail(reply, TIMEOUT, LeaseTableException.Kind.UNAVAILABLE);
      } else {
        T value = operation.get();
        if (chance.nextDouble() < now.lostReplies()) {
          fail(reply, TIMEOUT, LeaseTableException.Kind.UNAVAILABLE);
        } else {
          world.schedule(latency(now), () -> reply.complete(value));
        }
      }
    });
    return reply;
  }

  private void fail(CompletableFuture<?> reply, Duration after, LeaseTableException.Kind kind) {
    world.schedule(
        after,
        () -> reply.completeExceptionally(
            new LeaseTableException(kind, "A fault of the simulated network", null)));
  }

  private Duration latency(TableFaults now) {
    return Duration.ofNanos(chance.nextLong(now.maxLatency().toNanos() + 1));
  }
}
