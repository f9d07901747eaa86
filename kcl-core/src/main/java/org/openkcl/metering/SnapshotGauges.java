package org.openkcl.metering;

import static org.openkcl.metrics.ConsumerMetric.ACTIVE_STREAMS;
import static org.openkcl.metrics.ConsumerMetric.APPLICATION_LAG;
import static org.openkcl.metrics.ConsumerMetric.CHECKPOINT_AGE;
import static org.openkcl.metrics.ConsumerMetric.CURRENT_LEASES;
import static org.openkcl.metrics.ConsumerMetric.HEALTH;
import static org.openkcl.metrics.ConsumerMetric.LAG;
import static org.openkcl.metrics.ConsumerMetric.MEMORY_LIMIT;
import static org.openkcl.metrics.ConsumerMetric.MEMORY_USED;
import static org.openkcl.metrics.ConsumerMetric.METRICS_DROPPED;
import static org.openkcl.metrics.ConsumerMetric.MILLIS_BEHIND_LATEST;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openkcl.Health;
import org.openkcl.StreamShard;
import org.openkcl.WorkerSnapshot;
import org.openkcl.WorkerSnapshot.ShardSnapshot;
import org.openkcl.environment.Environment;
import org.openkcl.metrics.ConsumerMetric;

/**
 * Gauges in the application's registry. They read the worker's last snapshot and the clock, nothing
 * else, so they may be asked on any thread, and lag grows even while the worker itself stands still.
 */
final class SnapshotGauges {
  private final Meters meters;
  private final Supplier<WorkerSnapshot> snapshot;
  private final Environment environment;
  private final AtomicReference<@Nullable Indexed> last = new AtomicReference<>();

  /** A snapshot with its shards by stream and id: there may be many, each asked for by name. */
  private record Indexed(WorkerSnapshot snapshot, Map<String, ShardSnapshot> shards) {}

  SnapshotGauges(Meters meters, Supplier<WorkerSnapshot> snapshot, Environment environment) {
    this.meters = meters;
    this.snapshot = snapshot;
    this.environment = environment;
    worker(CURRENT_LEASES, now -> now.shards().size());
    worker(ACTIVE_STREAMS, now -> now.streams().size());
    worker(MEMORY_USED, now -> now.memory().usedBytes());
    worker(MEMORY_LIMIT, now -> now.memory().limitBytes());
    worker(HEALTH, now -> numberOf(now.health().status()));
    worker(APPLICATION_LAG, now -> now.lag(environment.now()).toMillis());
    meters.gauge(METRICS_DROPPED, Subject.WORKER, meters::dropped);
  }

  private void worker(ConsumerMetric metric, Function<WorkerSnapshot, Number> value) {
    meters.gauge(metric, Subject.WORKER, () -> value.apply(snapshot.get()));
  }

  /**
   * Shows those of one shard.
   *
   * @return take them out again
   */
  List<Runnable> of(StreamShard shard) {
    return List.of(
        shard(LAG, shard, now -> now.lag(environment.now()).toMillis()),
        shard(CHECKPOINT_AGE, shard, now -> now.checkpointAge(environment.now()).toMillis()),
        shard(MILLIS_BEHIND_LATEST, shard, ShardSnapshot::millisBehindLatest));
  }

  private Runnable shard(
      ConsumerMetric metric, StreamShard shard, Function<ShardSnapshot, Number> value) {
    String key = key(shard.stream().toString(), shard.shardId());
    return meters.gauge(metric, Subject.of(shard), () -> {
      ShardSnapshot now = indexed().shards().get(key);
      return now == null ? null : value.apply(now);
    });
  }

  @SuppressWarnings("ReferenceEquality") // another snapshot may say the same, and is indexed anew
  private Indexed indexed() {
    WorkerSnapshot now = snapshot.get();
    Indexed known = last.get();
    if (known != null && known.snapshot() == now) {
      return known;
    }
    Map<String, ShardSnapshot> shards = new HashMap<>();
    now.shards().forEach(each -> shards.put(key(each.stream(), each.shardId()), each));
    Indexed fresh = new Indexed(now, shards);
    last.set(fresh);
    return fresh;
  }

  /** As dashboards have it. */
  static int numberOf(Health.Status status) {
    return switch (status) {
      case UP -> 0;
      case DEGRADED -> 1;
      case DOWN -> 2;
    };
  }

  private static String key(String stream, String shardId) {
    return stream + "/" + shardId;
  }
}
