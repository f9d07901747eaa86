package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LockWrite;
import org.openkcl.leases.Ownership;

/**
 * A model of the part of a 3.x worker that leads: the lock, and the rounds of assignment and
 * balancing. All leases weigh the same here, as with workers that report no metrics.
 */
final class AmazonLeader {
  static final Duration HEARTBEAT = Duration.ofSeconds(30);
  static final Duration LOCK = Duration.ofMinutes(2);
  private static final Duration METRICS = Duration.ofSeconds(30);
  private static final Duration METRICS_EXPIRE = Duration.ofSeconds(60);

  private final AmazonWorker worker;
  private final Map<LeaseKey, Seen> seen = new HashMap<>();
  private final Map<LeaseKey, Handoff> handoffs = new HashMap<>();
  private @Nullable LeaderLock held;
  private long heldNanos;
  private @Nullable LeaderLock observed;
  private long observedNanos;
  private boolean ledBefore;
  private int rounds;

  private record Seen(long counter, long sinceNanos) {}

  private record Handoff(Ownership ownership, long deadlineNanos) {}

  AmazonLeader(AmazonWorker worker) {
    this.worker = worker;
  }

  /**
   * @param mayLead whether it tries for the lock, besides reporting its metrics
   */
  void start(boolean mayLead) {
    worker.loop.schedule(Duration.ofSeconds(2), this::report);
    worker.every(METRICS, this::report);
    if (!mayLead) {
      return;
    }
    worker.every(HEARTBEAT, this::heartbeat);
    worker.loop.execute(this::round);
    worker.every(worker.failoverTime.multipliedBy(2), this::round);
  }

  boolean leads() {
    return held != null && now() - heldNanos < LOCK.toNanos();
  }

  void resign() {
    if (held != null) {
      worker.table.writeLock(LockWrite.release(held));
      held = null;
    }
  }

  private long now() {
    return worker.environment.nanoTime();
  }

  private void report() {
    worker.table.putMetrics(worker.id, worker.environment.now());
  }

  private LeaderLock newLock() {
    return new LeaderLock(worker.id, LOCK, worker.environment.newId(), false, false);
  }

  private void heartbeat() {
    LeaderLock mine = held;
    if (mine != null) {
      LeaderLock next = newLock();
      worker.loop.whenDone(
          worker.table.writeLock(LockWrite.heartbeat(mine, next.version())),
          written -> {
            held = written ? next : null;
            heldNanos = now();
          },
          failure -> {});
    }
  }

  private void round() {
    if (leads()) {
      lead();
      return;
    }
    held = null;
    ledBefore = false;
    worker.loop.whenDone(worker.table.readLock(), this::tryLock, failure -> {});
  }

  private void tryLock(Optional<LeaderLock> found) {
    LeaderLock lock = found.orElse(null);
    if (!Objects.equals(lock, observed)) {
      observed = lock;
      observedNanos = now();
    }
    boolean free = lock == null || now() - observedNanos >= lock.leaseDuration().toNanos();
    if (free) {
      LeaderLock next = newLock();
      worker.loop.whenDone(
          worker.table.writeLock(LockWrite.acquire(lock, next)),
          written -> {
            if (written) {
              held = next;
              heldNanos = now();
              lead();
            }
          },
          failure -> {});
    }
  }

  private void lead() {
    if (!ledBefore) {
      seen.clear();
      handoffs.clear();
      rounds = 0;
      ledBefore = true;
    }
    worker.loop.whenDone(
        worker.table.list(),
        leases -> worker.loop.whenDone(
            worker.table.listMetrics(), metrics -> assign(leases, metrics), failure -> {}),
        failure -> {});
  }

  private void assign(List<Lease> leases, Map<String, Long> metrics) {
    long seconds = worker.environment.now().getEpochSecond();
    Map<String, List<Lease>> load = new TreeMap<>();
    metrics.forEach((id, updated) -> {
      if (updated + METRICS_EXPIRE.toSeconds() > seconds) {
        load.put(id, new ArrayList<>());
      }
    });
    List<Lease> open = leases.stream().filter(lease -> !lease.isFinished()).toList();
    open.forEach(this::observe);
    List<Lease> free = new ArrayList<>();
    for (Lease lease : open) {
      String owner = lease.ownership().actualOwner();
      if (owner == null || isExpired(lease)) {
        free.add(lease);
      } else {
        load.computeIfPresent(heir(lease), (id, list) -> plus(list, lease));
      }
    }
    free.sort(Comparator.comparingLong(lease -> since(lease)));
    for (Lease lease : free) {
      least(load).ifPresent(id -> {
        Objects.requireNonNull(load.get(id)).add(lease);
        worker.table.assign(lease, id);
      });
    }
    open.stream()
        .filter(lease -> !free.contains(lease))
        .filter(this::isOverdue)
        .forEach(lease -> worker.table.assign(lease, Objects.requireNonNull(lease.owner())));
    if (rounds++ % 3 == 0) {
      balance(load, open.size(), free);
    }
  }

  private static String heir(Lease lease) {
    return lease.owner() == null ? "" : lease.owner();
  }

  private void balance(Map<String, List<Lease>> load, int leases, List<Lease> free) {
    double average = (double) leases / Math.max(1, load.size());
    List<String> sources = load.keySet().stream()
        .filter(id -> sizeOf(load, id) >= average * 1.1)
        .sorted(Comparator.comparing((String id) -> -sizeOf(load, id)))
        .toList();
    for (String source : sources) {
      List<Lease> movable = new ArrayList<>(Objects.requireNonNull(load.get(source)));
      movable.removeIf(
          lease -> free.contains(lease) || lease.ownership().checkpointOwner() != null);
      double excess = sizeOf(load, source) - average;
      int count = Math.max(1, (int) Math.ceil(excess * 0.6 - 1));
      for (Lease lease : movable.subList(0, Math.min(count, movable.size()))) {
        Optional<String> target = least(load);
        if (target.isEmpty() || sizeOf(load, target.get()) + 1 > average) {
          break;
        }
        if (!target.get().equals(source)) {
          Objects.requireNonNull(load.get(source)).remove(lease);
          Objects.requireNonNull(load.get(target.get())).add(lease);
          worker.table.beginHandoff(lease, target.get());
        }
      }
    }
  }

  private static List<Lease> plus(List<Lease> list, Lease lease) {
    list.add(lease);
    return list;
  }

  private static int sizeOf(Map<String, List<Lease>> load, String id) {
    return Objects.requireNonNull(load.get(id)).size();
  }

  private static Optional<String> least(Map<String, List<Lease>> load) {
    return load.keySet().stream().min(Comparator.comparing(id -> sizeOf(load, id)));
  }

  private void observe(Lease lease) {
    Seen before = seen.get(lease.key());
    if (before == null) {
      long since = lease.ownership().actualOwner() == null ? Long.MIN_VALUE / 2 : now();
      seen.put(lease.key(), new Seen(lease.counter(), since));
    } else if (lease.counter() > before.counter) {
      seen.put(lease.key(), new Seen(lease.counter(), now()));
    }
    Ownership ownership = lease.ownership();
    Handoff handoff = handoffs.get(lease.key());
    if (ownership.checkpointOwner() == null) {
      handoffs.remove(lease.key());
    } else if (handoff == null
        || !Objects.equals(handoff.ownership.owner(), ownership.owner())
        || !Objects.equals(handoff.ownership.checkpointOwner(), ownership.checkpointOwner())) {
      long deadline = Duration.ofSeconds(30).plus(worker.failoverTime).toNanos();
      handoffs.put(lease.key(), new Handoff(ownership, now() + deadline));
    }
  }

  private boolean isExpired(Lease lease) {
    return now() - since(lease) > worker.failoverTime.toNanos();
  }

  private long since(Lease lease) {
    return Objects.requireNonNull(seen.get(lease.key())).sinceNanos;
  }

  private boolean isOverdue(Lease lease) {
    Handoff handoff = handoffs.get(lease.key());
    return handoff != null && now() - handoff.deadlineNanos > 0 && lease.owner() != null;
  }
}
