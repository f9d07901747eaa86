package org.openkcl.multilang.child;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The children that serve many shards each. The first shard of a child makes the offer, as part of
 * its {@code initialize}; shards that come meanwhile wait for the answer. Only a child that has
 * taken the offer up gets a second shard. Safe for use by any thread.
 */
final class SharedChildren {

  /** One child, from before it is started. */
  private static final class Shared {
    /** The child once it has taken the offer up; empty when it has not. */
    private final CompletableFuture<Optional<ChildProcess>> agreed = new CompletableFuture<>();
  }

  /** Starts a child. */
  interface Start {
    ChildProcess start() throws ChildFailedException;
  }

  private final AtomicReference<Placement<Shared>> placement;
  private final Map<ChildProcess, Shared> started = new ConcurrentHashMap<>();

  SharedChildren(int childrenMax) {
    placement = new AtomicReference<>(Placement.empty(childrenMax));
  }

  /**
   * A shard's conversation with one of the children; waits until the child has said whether it
   * serves several.
   *
   * @return empty if it does not
   */
  Optional<Conversation> join(String shardId, Start start)
      throws ChildFailedException, InterruptedException {
    Shared fresh = new Shared();
    Shared shared = enter(fresh);
    return shared == fresh ? Optional.of(begin(fresh, start).first()) : follow(shared, shardId);
  }

  private Shared enter(Shared fresh) {
    while (true) {
      Placement<Shared> before = Objects.requireNonNull(placement.get());
      Placement.Placed<Shared> placed = before.enter(fresh);
      if (placement.compareAndSet(before, placed.placement())) {
        return placed.child();
      }
    }
  }

  private ChildProcess begin(Shared fresh, Start start) throws ChildFailedException {
    try {
      ChildProcess process = start.start();
      started.put(process, fresh);
      return process;
    } catch (ChildFailedException failure) {
      drop(fresh, failure);
      throw failure;
    }
  }

  private Optional<Conversation> follow(Shared shared, String shardId)
      throws ChildFailedException, InterruptedException {
    try {
      Optional<ChildProcess> process = shared.agreed.get();
      if (process.isEmpty()) {
        return Optional.empty();
      }
      Optional<Conversation> conversation = process.get().converse(shardId);
      if (conversation.isEmpty()) {
        leave(process.get());
        throw new ChildFailedException("The child %d still has %s from before: it must be left by"
                .formatted(process.get().pid(), shardId)
            + " one processor before the next is initialized");
      }
      return conversation;
    } catch (ExecutionException failure) {
      throw new ChildFailedException(
          "The child that was to serve %s as well has failed at its first shard".formatted(shardId),
          Objects.requireNonNull(failure.getCause()));
    } catch (InterruptedException interrupted) {
      placement.updateAndGet(now -> now.leave(shared));
      throw interrupted;
    }
  }

  /** A new child serves several shards, or has declined. */
  void answered(ChildProcess process, boolean agreed) {
    Shared shared = started.get(process);
    if (shared == null) {
      return;
    }
    if (agreed) {
      process.share();
      shared.agreed.complete(Optional.of(process));
    } else {
      started.remove(process);
      placement.updateAndGet(now -> now.without(shared));
      shared.agreed.complete(Optional.empty());
    }
  }

  /** A shard leaves its child; true if the child has no other, and gets none any more. */
  boolean leave(ChildProcess process) {
    Shared shared = started.get(process);
    if (shared == null) {
      return true;
    }
    boolean last = !placement.updateAndGet(now -> now.leave(shared)).has(shared);
    if (last) {
      started.remove(process);
    }
    return last;
  }

  /** A child gets no shard any more: it is gone, or about to be. */
  void drop(ChildProcess process) {
    Shared shared = started.remove(process);
    if (shared != null) {
      drop(shared, null);
    }
  }

  private void drop(Shared shared, @Nullable ChildFailedException failure) {
    placement.updateAndGet(now -> now.without(shared));
    shared.agreed.completeExceptionally(
        failure != null ? failure : new ChildFailedException("It is gone"));
  }
}
