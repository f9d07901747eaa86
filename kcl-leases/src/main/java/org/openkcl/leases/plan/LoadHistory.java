package org.openkcl.leases.plan;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.plan.FleetView.Holding;

/**
 * What was seen of the leases' load and of their moves, for plans. Throughput is averaged over about
 * a minute and a half, since the owners' own averages forget within seconds. The children of a split or merged
 * shard begin with what their parents brought.
 *
 * <p>Mutable; confined to whoever owns it. Time comes in as arguments.
 */
public final class LoadHistory {
  private static final double AVERAGING_NANOS = TimeUnit.SECONDS.toNanos(90);

  private Map<LeaseKey, Seen> seen = new HashMap<>();

  private record Seen(
      @Nullable String owner,
      @Nullable Long movedNanos,
      @Nullable Double average,
      @Nullable Double lagSeconds,
      long atNanos) {}

  /** Takes in the leases as they are known now. */
  public void see(List<Lease> leases, long nowNanos) {
    Map<LeaseKey, Seen> now = new HashMap<>();
    Map<String, Lease> shards = new HashMap<>();
    for (Lease lease : leases) {
      Seen before = seen.get(lease.key());
      if (before == null && measured(lease) == null) {
        if (shards.isEmpty()) {
          leases.forEach(one -> shards.put(streamOf(one) + one.shardId(), one));
        }
        Double begun = inherited(lease, shards);
        now.put(lease.key(), new Seen(lease.owner(), null, begun, lagOf(lease), nowNanos));
      } else {
        now.put(lease.key(), next(before, lease, nowNanos));
      }
    }
    seen = now;
  }

  private static Seen next(@Nullable Seen before, Lease lease, long nowNanos) {
    Double sample = measured(lease);
    String owner = lease.owner();
    if (before == null) {
      return new Seen(owner, null, sample, lagOf(lease), nowNanos);
    }
    boolean moved = owner != null && !Objects.equals(owner, before.owner);
    Double average = before.average;
    if (sample != null && average != null) {
      double kept = Math.exp(-Math.max(0, nowNanos - before.atNanos) / AVERAGING_NANOS);
      average = kept * average + (1 - kept) * sample;
    } else if (sample != null) {
      average = sample;
    }
    return new Seen(
        owner == null ? before.owner : owner,
        moved ? Long.valueOf(nowNanos) : before.movedNanos,
        average,
        lagOf(lease),
        nowNanos);
  }

  private static @Nullable Double lagOf(Lease lease) {
    return lease.lagSeconds() == null ? null : lease.lagSeconds().doubleValue();
  }

  /** What the item says, if it can be true. */
  private static @Nullable Double measured(Lease lease) {
    Double throughput = lease.throughputKBps();
    return throughput != null && throughput >= 0 && throughput < Double.POSITIVE_INFINITY
        ? throughput
        : null;
  }

  /** This worker has begun to hand the lease over. */
  public void moves(LeaseKey key, long nowNanos) {
    seen.computeIfPresent(
        key,
        (same, was) -> new Seen(was.owner, nowNanos, was.average, was.lagSeconds, was.atNanos));
  }

  /** What a plan should know of a lease. */
  public Holding holding(LeaseKey key, @Nullable String owner) {
    Seen known = seen.get(key);
    return known == null
        ? new Holding(key, owner)
        : new Holding(key, owner, known.average, known.lagSeconds, known.movedNanos);
  }

  /** What the shard's parents brought of what is now its part; null when that is not known. */
  private static @Nullable Double inherited(Lease child, Map<String, Lease> shards) {
    double sum = 0;
    for (String parentId : child.shard().parentShardIds()) {
      Lease parent = shards.get(streamOf(child) + parentId);
      Double throughput = parent == null ? null : measured(parent);
      if (parent == null || throughput == null) {
        return null;
      }
      sum += throughput * partOf(parent.shard(), child.shard());
    }
    return child.shard().parentShardIds().isEmpty() ? null : sum;
  }

  private static double partOf(ShardFacts parent, ShardFacts child) {
    HashKeyRange whole = parent.hashKeyRange();
    HashKeyRange part = child.hashKeyRange();
    if (whole == null || part == null) {
      return child.parentShardIds().size() == 1 ? 0.5 : 1;
    }
    double width = whole.ending().subtract(whole.starting()).add(BigInteger.ONE).doubleValue();
    double common = part.ending()
        .min(whole.ending())
        .subtract(part.starting().max(whole.starting()))
        .add(BigInteger.ONE)
        .doubleValue();
    return Math.max(0, Math.min(1, common / width));
  }

  private static String streamOf(Lease lease) {
    ShardFacts.StreamShard stream = lease.shard().streamShard();
    return stream == null ? "" : stream.streamIdentifier() + ":";
  }
}
