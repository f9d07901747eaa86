package org.openkcl.leases.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.ConditionalResult;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.CoordinationView;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.LockWrite;
import org.openkcl.leases.Migration;
import org.openkcl.leases.MigrationWrite;
import org.openkcl.leases.WorkerRecord;

/**
 * One place for what is no lease, made of several: writes go where the placement says now, removals
 * and looks go everywhere. Confined to the event loop.
 */
final class PlacedCoordination implements CoordinationTable {
  private final EventLoop loop;
  private final Function<Item, CoordinationTable> place;
  private final Supplier<List<CoordinationTable>> existing;
  private @Nullable CoordinationTable workerWasIn;

  /** What is kept. */
  enum Item {
    LOCK,
    WORKER,
    MIGRATION
  }

  /**
   * @param place where an item is written now
   * @param existing every table that is there
   */
  PlacedCoordination(
      EventLoop loop,
      Function<Item, CoordinationTable> place,
      Supplier<List<CoordinationTable>> existing) {
    this.loop = loop;
    this.place = place;
    this.existing = existing;
  }

  @Override
  public String name() {
    return place.apply(Item.LOCK).name();
  }

  @Override
  public CompletionStage<Void> ensureExists() {
    return place.apply(Item.LOCK).ensureExists();
  }

  @Override
  public CompletionStage<Optional<CoordinationView>> look() {
    CompletionStage<Optional<CoordinationView>> all =
        CompletableFuture.completedFuture(Optional.empty());
    for (CoordinationTable table : existing.get()) {
      all = all.thenCombine(
          table.look(),
          (before, view) -> before.isEmpty()
              ? view
              : before.map(found -> found.and(view.orElse(CoordinationView.EMPTY))));
    }
    return all;
  }

  @Override
  public CompletionStage<Optional<LeaderLock>> readLock() {
    return place.apply(Item.LOCK).readLock();
  }

  @Override
  public CompletionStage<ConditionalResult<LeaderLock>> writeLock(LockWrite write) {
    return place.apply(Item.LOCK).writeLock(write);
  }

  @Override
  public CompletionStage<Optional<Migration>> readMigration(Migration.Subject subject) {
    return place.apply(Item.MIGRATION).readMigration(subject);
  }

  @Override
  public CompletionStage<ConditionalResult<Migration>> writeMigration(MigrationWrite write) {
    return place.apply(Item.MIGRATION).writeMigration(write);
  }

  /** {@inheritDoc} When the place has changed, the item at the former one is removed after it. */
  @Override
  public CompletionStage<Void> putWorker(WorkerRecord worker) {
    CoordinationTable now = place.apply(Item.WORKER);
    CoordinationTable former = workerWasIn;
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.whenDone(
        now.putWorker(worker),
        put -> {
          workerWasIn = now;
          if (former == null || former == now) {
            done.complete(null);
          } else {
            loop.whenDone(
                former.deleteWorker(worker.workerId()), deleted -> done.complete(null), failure -> {
                  workerWasIn = former; // the next beat tries again
                  done.complete(null);
                });
          }
        },
        done::completeExceptionally);
    return done;
  }

  @Override
  public CompletionStage<Void> deleteWorker(String workerId) {
    List<CompletableFuture<?>> deletions = new ArrayList<>();
    for (CoordinationTable table : existing.get()) {
      deletions.add(table.deleteWorker(workerId).toCompletableFuture());
    }
    return CompletableFuture.allOf(deletions.toArray(CompletableFuture<?>[]::new));
  }

  @Override
  public CompletionStage<Boolean> deleteStaleWorker(String workerId, Instant writtenAt) {
    CompletionStage<Boolean> gone = CompletableFuture.completedFuture(true);
    for (CoordinationTable table : existing.get()) {
      gone = gone.thenCombine(
          table.deleteStaleWorker(workerId, writtenAt), (before, now) -> before && now);
    }
    return gone;
  }
}
