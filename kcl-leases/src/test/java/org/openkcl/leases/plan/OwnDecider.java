package org.openkcl.leases.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.plan.FleetView.Holding;
import org.openkcl.leases.plan.SimulatedLoadFleet.Shard;
import org.openkcl.leases.plan.SimulatedLoadFleet.Worker;

/** OpenKCL's planner as the decider of a simulated fleet: every step, with the table's averages. */
final class OwnDecider implements SimulatedLoadFleet.Decider {
  private static final double FAILOVER_SECONDS = 10;

  private final PlanSettings settings;
  private final LoadHistory history = new LoadHistory();

  OwnDecider(PlanSettings settings) {
    this.settings = settings;
  }

  @Override
  public void decide(SimulatedLoadFleet fleet) {
    long now = (long) (fleet.now * 1e9);
    List<Lease> leases = new ArrayList<>();
    Map<LeaseKey, Shard> shards = new TreeMap<>();
    for (Shard shard : fleet.shards) {
      Lease lease = lease(shard);
      leases.add(lease);
      shards.put(lease.key(), shard);
    }
    history.see(leases, now);
    List<Holding> holdings = new ArrayList<>();
    shards.forEach((key, shard) -> holdings.add(history.holding(key, ownerOf(shard, fleet.now))));
    LeasePlan plan =
        LeasePlanner.plan(FleetView.of(holdings, fleet.workers.keySet()), settings, now);
    for (LeasePlan.Claim claim : plan.claims()) {
      fleet.claim(found(shards, claim.key()), found(fleet.workers, claim.worker()));
    }
    for (LeasePlan.Move move : plan.moves()) {
      history.moves(move.key(), now);
      fleet.move(found(shards, move.key()), found(fleet.workers, move.to()));
    }
  }

  private static @Nullable String ownerOf(Shard shard, double now) {
    Worker target = shard.target();
    boolean expired =
        target != null && target.diedAt >= 0 && now - target.diedAt > FAILOVER_SECONDS;
    return target == null || expired ? null : target.id;
  }

  private static Lease lease(Shard shard) {
    Worker target = shard.target();
    return new Lease(
        new LeaseKey("shardId-%012d".formatted(shard.number)),
        new Ownership(target == null ? null : target.id, null, 1, 0, null),
        Progress.at(Checkpoint.TRIM_HORIZON),
        ShardFacts.NONE,
        shard.measured);
  }

  private static <K, V> V found(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key));
  }
}
