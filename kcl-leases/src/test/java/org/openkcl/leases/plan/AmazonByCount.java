package org.openkcl.leases.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openkcl.leases.plan.SimulatedLoadFleet.Shard;
import org.openkcl.leases.plan.SimulatedLoadFleet.Worker;

/**
 * The lease taker of Amazon's 2.x, restated: every 20.05 s each worker takes what is free up to its
 * share of the count, or else steals one lease from whoever has most.
 */
final class AmazonByCount implements SimulatedLoadFleet.Decider {
  private static final double INTERVAL = 20.05;
  private static final double VERY_OLD = 30;

  private final Map<String, Double> nextScan = new HashMap<>();
  private final Map<String, Double> lastScan = new HashMap<>();

  @Override
  public void decide(SimulatedLoadFleet fleet) {
    for (Worker worker : fleet.living()) {
      double due = nextScan.computeIfAbsent(
          worker.id, id -> worker.bornAt + fleet.chance.nextDouble() * INTERVAL);
      if (fleet.now >= due) {
        double before = lastScan.getOrDefault(worker.id, -1.0);
        take(fleet, worker, before);
        lastScan.put(worker.id, fleet.now);
        nextScan.put(worker.id, fleet.now + INTERVAL);
      }
    }
  }

  private static void take(SimulatedLoadFleet fleet, Worker self, double before) {
    List<Shard> available = new ArrayList<>();
    Map<Worker, List<Shard>> owned = new HashMap<>();
    owned.put(self, new ArrayList<>());
    for (Shard shard : fleet.shards) {
      Worker owner = shard.target();
      // A counter that stood still since the last look is older than the failover time.
      if (owner == null || (owner.diedAt >= 0 && before >= owner.diedAt)) {
        available.add(shard);
      } else {
        owned.computeIfAbsent(owner, worker -> new ArrayList<>()).add(shard);
      }
    }
    int leases = fleet.shards.size();
    int target = owned.size() >= leases ? 1 : (leases + owned.size() - 1) / owned.size();
    int mine = owned.getOrDefault(self, List.of()).size();
    int needed = target - mine;
    List<Shard> veryOld = available.stream()
        .filter(shard -> fleet.now - shard.freeSince > VERY_OLD)
        .toList();
    if (needed <= 0) {
      return;
    }
    if (!available.isEmpty()) {
      List<Shard> taken = veryOld.isEmpty() ? available : veryOld;
      int limit = veryOld.isEmpty() ? needed : taken.size();
      shuffled(fleet, taken).stream().limit(limit).forEach(shard -> fleet.claim(shard, self));
    } else {
      steal(fleet, self, owned, target);
    }
  }

  private static void steal(
      SimulatedLoadFleet fleet, Worker self, Map<Worker, List<Shard>> owned, int target) {
    List<Shard> most = owned.entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().id))
        .max(Comparator.comparingInt(entry -> entry.getValue().size()))
        .map(Map.Entry::getValue)
        .orElseThrow();
    int mine = owned.getOrDefault(self, List.of()).size();
    int needed = target - mine;
    if (most.size() < target || (most.size() == target && needed <= 1)) {
      return;
    }
    List<Shard> candidates =
        shuffled(fleet, most).stream().filter(shard -> shard.next == null).toList();
    if (!candidates.isEmpty()) {
      fleet.move(candidates.get(0), self);
    }
  }

  static List<Shard> shuffled(SimulatedLoadFleet fleet, List<Shard> shards) {
    List<Shard> shuffled = new ArrayList<>(shards);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      int j = fleet.chance.nextInt(i + 1);
      Shard swap = shuffled.get(i);
      shuffled.set(i, shuffled.get(j));
      shuffled.set(j, swap);
    }
    return shuffled;
  }
}
