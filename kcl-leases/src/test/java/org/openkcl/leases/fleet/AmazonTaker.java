package org.openkcl.leases.fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;

/** A model of the part of a 2.x worker that takes what is free and steals what it lacks. */
final class AmazonTaker {
  private final AmazonWorker worker;
  private final Map<LeaseKey, Seen> seen = new HashMap<>();

  private record Seen(long counter, long sinceNanos) {}

  AmazonTaker(AmazonWorker worker) {
    this.worker = worker;
  }

  void start() {
    worker.loop.execute(this::round);
    worker.every(worker.failoverTime.plus(AmazonWorker.EPSILON).multipliedBy(2), this::round);
  }

  private void round() {
    worker.loop.whenDone(worker.table.list(), this::take, failure -> {});
  }

  private void take(List<Lease> leases) {
    List<Lease> open = leases.stream().filter(lease -> !lease.isFinished()).toList();
    open.forEach(this::observe);
    List<Lease> available = new ArrayList<>();
    Map<String, List<Lease>> load = new TreeMap<>();
    load.put(worker.id, new ArrayList<>());
    for (Lease lease : open) {
      String owner = lease.owner();
      if (owner == null || isExpired(lease)) {
        available.add(lease);
      } else {
        load.computeIfAbsent(owner, id -> new ArrayList<>()).add(lease);
      }
    }
    int target = load.size() >= open.size() ? 1 : (open.size() + load.size() - 1) / load.size();
    int needed = target - load(load, worker.id).size();
    if (needed <= 0) {
      return;
    }
    if (!available.isEmpty()) {
      for (int i = 0; i < needed && !available.isEmpty(); i++) {
        take(available.remove(worker.environment.random().nextInt(available.size())));
      }
      return;
    }
    String richest = load.keySet().stream()
        .max(Comparator.comparing(id -> load(load, id).size()))
        .orElseThrow();
    List<Lease> theirs = load(load, richest);
    boolean steals = theirs.size() > target || (theirs.size() == target && needed > 1);
    if (steals) {
      take(theirs.get(worker.environment.random().nextInt(theirs.size())));
    }
  }

  private void take(Lease lease) {
    worker.loop.whenDone(
        worker.table.take(lease, worker.id),
        result -> result.match(
            written -> {
              worker.adopt(written.lease());
              return true;
            },
            lost -> false),
        failure -> {});
  }

  private static List<Lease> load(Map<String, List<Lease>> load, String id) {
    return Objects.requireNonNull(load.get(id));
  }

  private void observe(Lease lease) {
    Seen before = seen.get(lease.key());
    long now = worker.environment.nanoTime();
    if (before == null || before.counter != lease.counter()) {
      seen.put(lease.key(), new Seen(lease.counter(), now));
    }
  }

  private boolean isExpired(Lease lease) {
    long since = Objects.requireNonNull(seen.get(lease.key())).sinceNanos;
    return worker.environment.nanoTime() - since > worker.failoverTime.toNanos();
  }
}
