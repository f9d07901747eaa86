package org.openkcl.leases.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseWrite;
import org.openkcl.leases.WriteResult;
import org.openkcl.leases.plan.LeasePlan;
import org.openkcl.leases.plan.LeasePlanner;

/**
 * Takes leases that nobody holds, by conditional writes: one attempt per lease at a time. Confined
 * to the event loop.
 */
final class LeaseClaims {
  private final HeldLease.Context context;
  private final Environment environment;
  private final EventLoop loop;
  private final LeaseTable table;
  private final FleetSettings settings;
  private final String writer;
  private final LeaseSightings sightings;
  private final RateLimitedLog warnings;
  private final Winner winner;
  private final Predicate<LeaseKey> avoided;
  private final Set<LeaseKey> underWay = new HashSet<>();
  private final Map<LeaseKey, Long> freeSinceNanos = new HashMap<>();

  /** Hears of leases that were won. */
  interface Winner {
    /**
     * The lease is this worker's.
     *
     * @param sentNanos when the write that won it was sent, by the monotonic clock
     * @param sentAt the same by the wall clock
     */
    void won(Lease lease, long sentNanos, Instant sentAt);
  }

  /**
   * @param avoided which leases are left to others although they are free
   */
  LeaseClaims(
      HeldLease.Context context,
      LeaseSightings sightings,
      RateLimitedLog warnings,
      Winner winner,
      Predicate<LeaseKey> avoided) {
    this.context = context;
    this.environment = context.environment();
    this.loop = context.loop();
    this.table = context.table();
    this.settings = context.settings();
    this.writer = context.writer();
    this.sightings = sightings;
    this.warnings = warnings;
    this.winner = winner;
    this.avoided = avoided;
  }

  /**
   * Claims the free leases that the plan gives to this worker, and others that were left lying: the
   * longer one lies, the more workers try for it, in the order of their preference.
   *
   * @param room how many leases this worker may take
   * @param known whether hardly anybody else can know yet that a lease is free
   */
  void claimFree(LeasePlan plan, Set<String> workers, int room, Predicate<Lease> known) {
    long now = environment.nanoTime();
    Set<LeaseKey> free = new HashSet<>();
    List<LeaseKey> lying = new ArrayList<>();
    int left = room;
    for (LeasePlan.Claim claim : plan.claims()) {
      LeaseKey key = claim.key();
      free.add(key);
      long since = freeSinceNanos.computeIfAbsent(key, first -> now);
      if (avoided.test(key)) {
        continue;
      }
      Optional<Lease> seen = sightings.lease(key);
      if (claim.worker().equals(settings.workerId())
          || (left > 0 && seen.filter(known).isPresent())) {
        left--;
        seen.ifPresent(this::claim);
      } else if (now - since > settings.claimPatience().toNanos()
          && now - since > patience(key, workers)) {
        lying.add(key);
      }
    }
    lying.stream()
        .limit(Math.max(0, left))
        .map(sightings::lease)
        .forEach(lease -> lease.ifPresent(this::claim));
    freeSinceNanos.keySet().retainAll(free);
  }

  private long patience(LeaseKey key, Set<String> workers) {
    int rank = LeasePlanner.preference(key, workers).indexOf(settings.workerId());
    return settings.claimPatience().toNanos() * (1 + rank);
  }

  /**
   * Takes a lease if nobody else has meanwhile. A refusal is never taken for a lost reply of an
   * earlier attempt: when that took effect is not known, so the lease is claimed once more from
   * what stands in the table.
   */
  void claim(Lease seen) {
    if (!underWay.add(seen.key())) {
      return;
    }
    long sentNanos = environment.nanoTime();
    Instant sentAt = environment.now();
    loop.whenDone(
        table.write(LeaseWrite.claim(seen, settings.workerId(), writer)),
        result -> {
          underWay.remove(seen.key());
          learn(seen.key(), result);
          result
              .match(won -> Optional.of(won.lease()), lost -> Optional.<Lease>empty())
              .ifPresent(lease -> winner.won(lease, sentNanos, sentAt));
        },
        failure -> {
          underWay.remove(seen.key());
          warnings.warn(
              "lease.claim-failed",
              "Cannot claim lease %s: %s".formatted(seen.key(), failure.getMessage()));
        });
  }

  /**
   * Keeps claims away from a lease that this worker is creating: if both took effect, neither could
   * tell when.
   *
   * @return whether none was under way; then {@link #release} must follow
   */
  boolean reserve(LeaseKey key) {
    return underWay.add(key);
  }

  void release(LeaseKey key) {
    underWay.remove(key);
  }

  /** Gives a lease that this worker does not hold to {@code successor}, or sets it free. */
  CompletionStage<Void> passOn(Lease lease, @Nullable String successor) {
    return give(context.release(lease, lease, successor));
  }

  /** Begins a handoff from an Amazon worker. */
  CompletionStage<Void> handOff(Lease lease, String next) {
    boolean possible = lease.owner() != null && lease.ownership().checkpointOwner() == null;
    return possible
        ? give(LeaseWrite.handOff(lease, next))
        : CompletableFuture.completedFuture(null);
  }

  private CompletionStage<Void> give(LeaseWrite write) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    LeaseKey key = write.key();
    if (!underWay.add(key)) {
      done.complete(null);
      return done;
    }
    loop.whenDone(
        table.write(write),
        result -> {
          underWay.remove(key);
          learn(key, result);
          done.complete(null);
        },
        failure -> {
          underWay.remove(key);
          done.complete(null);
        });
    return done;
  }

  private void learn(LeaseKey key, WriteResult result) {
    Optional<Lease> now =
        result.match(written -> Optional.of(written.lease()), lost -> lost.actual());
    now.ifPresentOrElse(
        lease -> sightings.seeExact(lease, environment.nanoTime()), () -> sightings.forget(key));
  }
}
