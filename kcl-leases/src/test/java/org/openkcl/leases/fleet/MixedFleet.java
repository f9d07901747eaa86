package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;

/** Our workers and models of Amazon's on one table, and what must hold among them. */
final class MixedFleet extends SimulatedFleet {
  /** Figures are taken this often; what must never happen is looked for after every event. */
  private static final long MEASURE_NANOS = Duration.ofMillis(10).toNanos();

  final Map<String, AmazonWorker> amazons = new TreeMap<>();
  /** Leases that one of ours took from an Amazon worker that was reading them. */
  final List<String> takenFromLive = new ArrayList<>();
  /** Longest time that two workers, one of them Amazon's, read one shard. */
  Duration longestOverlap = Duration.ZERO;
  /** Longest time that a shard had no reader. */
  Duration longestDarkness = Duration.ZERO;

  int ownerChanges;
  private final Map<LeaseKey, Lease> before = new HashMap<>();
  private final Map<LeaseKey, Long> overlapSince = new HashMap<>();
  private final Map<LeaseKey, Long> darkSince = new HashMap<>();
  private boolean sawCheckpointOwner;
  private long measuredNanos;

  MixedFleet(long seed, int leases) {
    super(seed, leases);
    checkpoints = true;
  }

  AmazonWorker startAmazon(String id, AmazonWorker.Mode mode, Duration failoverTime) {
    AmazonWorker worker = new AmazonWorker(
        id,
        mode,
        failoverTime,
        world.newProcess(id),
        new AmazonTable(world, table, () -> faultsOfRequest(id)));
    amazons.put(id, worker);
    worker.start();
    return worker;
  }

  AmazonWorker startAmazon3(String id) {
    return startAmazon(id, AmazonWorker.Mode.ASSIGNED_3X, FAILOVER);
  }

  AmazonWorker startAmazon2(String id) {
    return startAmazon(id, AmazonWorker.Mode.TAKER_2X, FAILOVER);
  }

  AmazonWorker amazon(String id) {
    return Objects.requireNonNull(amazons.get(id));
  }

  /** Whether a handoff of Amazon's kind was ever seen in the table. */
  boolean sawCheckpointOwner() {
    return sawCheckpointOwner;
  }

  /** Forgets figures; what comes before a fault should not count for what comes after. */
  void resetFigures() {
    longestDarkness = Duration.ZERO;
    longestOverlap = Duration.ZERO;
    ownerChanges = 0;
    darkSince.clear();
    overlapSince.clear();
  }

  /** Who thinks that it leads. */
  List<String> leaders() {
    List<String> leaders = new ArrayList<>();
    workers.values().stream()
        .filter(worker -> worker.isServing() && worker.member.leads())
        .forEach(worker -> leaders.add(worker.id));
    amazons.values().stream()
        .filter(worker -> worker.isServing() && worker.isLeader())
        .forEach(worker -> leaders.add(worker.id));
    return leaders;
  }

  @Override
  Map<String, Integer> shares() {
    Map<String, Integer> shares = super.shares();
    amazons.forEach((id, worker) -> {
      if (worker.isServing()) {
        shares.put(id, worker.delivering());
      }
    });
    return shares;
  }

  /** Every shard has exactly one reader, and no two workers differ by more than {@code most}. */
  boolean isShared(int most) {
    List<Integer> counts = List.copyOf(shares().values());
    int sum = counts.stream().mapToInt(n -> n).sum();
    int max = counts.stream().mapToInt(n -> n).max().orElse(0);
    int min = counts.stream().mapToInt(n -> n).min().orElse(0);
    return sum == table.rows().size() && max - min <= most;
  }

  @Override
  void check() {
    super.check();
    for (Lease row : table.rows().values()) {
      Lease former = before.put(row.key(), row);
      if (former != null && !former.equals(row)) {
        changed(former, row);
      }
    }
    if (world.nanoTime() - measuredNanos >= MEASURE_NANOS) {
      measuredNanos = world.nanoTime();
      measure(measuredNanos);
    }
  }

  private void measure(long now) {
    Map<LeaseKey, Integer> readers = new HashMap<>();
    for (Worker worker : workers.values()) {
      if (!worker.environment.isCrashed() && !worker.environment.isFrozen()) {
        worker.member.held().stream()
            .filter(HeldLease::mayDeliver)
            .forEach(lease -> readers.merge(lease.key(), 1, Integer::sum));
      }
    }
    for (LeaseKey key : table.rows().keySet()) {
      int count = readers.getOrDefault(key, 0);
      for (AmazonWorker amazon : amazons.values()) {
        count += amazon.delivers(key) ? 1 : 0;
      }
      longestOverlap = longer(longestOverlap, lasting(overlapSince, key, count > 1, now));
      longestDarkness = longer(longestDarkness, lasting(darkSince, key, count == 0, now));
    }
  }

  private void changed(Lease former, Lease now) {
    if (now.checkpoint().compareTo(former.checkpoint()) < 0) {
      throw new AssertionError("The checkpoint of %s went back from %s to %s"
          .formatted(now.key(), former.checkpoint(), now.checkpoint()));
    }
    Ownership was = former.ownership();
    sawCheckpointOwner |= now.ownership().checkpointOwner() != null;
    if (!Objects.equals(was.actualOwner(), now.ownership().actualOwner())) {
      ownerChanges++;
      String owner = now.owner();
      AmazonWorker victim = was.owner() == null ? null : amazons.get(was.owner());
      if (was.checkpointOwner() == null
          && victim != null
          && victim.delivers(now.key())
          && workers.containsKey(owner == null ? "" : owner)) {
        takenFromLive.add("%s from %s by %s".formatted(now.key(), was.owner(), owner));
      }
    }
  }

  private static Duration lasting(
      Map<LeaseKey, Long> since, LeaseKey key, boolean lasts, long now) {
    if (!lasts) {
      since.remove(key);
      return Duration.ZERO;
    }
    return Duration.ofNanos(now - since.computeIfAbsent(key, first -> now));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
