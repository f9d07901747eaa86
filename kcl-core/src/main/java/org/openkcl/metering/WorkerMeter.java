package org.openkcl.metering;

import static org.openkcl.metrics.ConsumerMetric.ACTIVE_STREAMS;
import static org.openkcl.metrics.ConsumerMetric.CREATE_CHILD_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.CREATE_CHILD_TIME;
import static org.openkcl.metrics.ConsumerMetric.CREATE_LEASE_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.CREATE_LEASE_TIME;
import static org.openkcl.metrics.ConsumerMetric.CURRENT_LEASES;
import static org.openkcl.metrics.ConsumerMetric.EVENTS_DROPPED;
import static org.openkcl.metrics.ConsumerMetric.HANDOFFS;
import static org.openkcl.metrics.ConsumerMetric.HEALTH;
import static org.openkcl.metrics.ConsumerMetric.LOOP_DELAY;
import static org.openkcl.metrics.ConsumerMetric.LOST_LEASES;
import static org.openkcl.metrics.ConsumerMetric.MEMORY_LIMIT;
import static org.openkcl.metrics.ConsumerMetric.MEMORY_USED;
import static org.openkcl.metrics.ConsumerMetric.METRICS_DROPPED;
import static org.openkcl.metrics.ConsumerMetric.START_SUCCESS;
import static org.openkcl.metrics.ConsumerMetric.TOTAL_LEASES;
import static org.openkcl.metrics.ConsumerMetric.WORKERS;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.openkcl.ConsumerEvent;
import org.openkcl.OwnershipEvent;
import org.openkcl.ProcessorEvent;
import org.openkcl.StreamShard;
import org.openkcl.WorkerEvent;
import org.openkcl.WorkerSnapshot;
import org.openkcl.environment.Environment;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.metrics.ConsumerMetric;
import org.openkcl.metrics.Recorder;

/** What is measured of one worker. Confined to the event loop. */
public final class WorkerMeter {
  private static final double NANOS_PER_MILLI = 1_000_000;

  private final Meters meters;
  private final Environment environment;
  private final Takeovers takeovers = new Takeovers();
  private final SnapshotGauges gauges;
  private final Map<StreamShard, ShardMeter> shards = new HashMap<>();

  private final Recorder startSuccess;
  private final Recorder createSuccess;
  private final Recorder createTime;
  private final Recorder createChildSuccess;
  private final Recorder createChildTime;
  private final Recorder currentLeases;
  private final Recorder lostLeases;
  private final Recorder handoffs;
  private final Recorder totalLeases;
  private final Recorder workers;
  private final Recorder activeStreams;
  private final Recorder loopDelay;
  private final Recorder memoryUsed;
  private final Recorder memoryLimit;
  private final Recorder health;
  private final Recorder eventsDropped;
  private final Recorder metricsDropped;

  /**
   * @param snapshot the worker as it was a moment ago; asked from any thread
   */
  public WorkerMeter(Meters meters, Environment environment, Supplier<WorkerSnapshot> snapshot) {
    this.meters = meters;
    this.environment = environment;
    this.gauges = new SnapshotGauges(meters, snapshot, environment);
    startSuccess = recorder(START_SUCCESS);
    createSuccess = recorder(CREATE_LEASE_SUCCESS);
    createTime = recorder(CREATE_LEASE_TIME);
    createChildSuccess = recorder(CREATE_CHILD_SUCCESS);
    createChildTime = recorder(CREATE_CHILD_TIME);
    currentLeases = recorder(CURRENT_LEASES);
    lostLeases = recorder(LOST_LEASES);
    handoffs = recorder(HANDOFFS);
    totalLeases = recorder(TOTAL_LEASES);
    workers = recorder(WORKERS);
    activeStreams = recorder(ACTIVE_STREAMS);
    loopDelay = recorder(LOOP_DELAY);
    memoryUsed = recorder(MEMORY_USED);
    memoryLimit = recorder(MEMORY_LIMIT);
    health = recorder(HEALTH);
    eventsDropped = recorder(EVENTS_DROPPED);
    metricsDropped = recorder(METRICS_DROPPED);
  }

  private Recorder recorder(ConsumerMetric metric) {
    return meters.recorder(metric, Subject.WORKER);
  }

  /** Whether anybody wants to know; if not, values need not be looked up. */
  public boolean isOn() {
    return meters.areWanted();
  }

  /** The same table; with every call measured, if anybody wants to know. */
  public LeaseTable metered(LeaseTable table, String workerId) {
    return isOn() ? new MeteredLeaseTable(table, environment, meters, takeovers, workerId) : table;
  }

  /** A shard's own meter, until it is {@linkplain #left left}. */
  public ShardMeter entered(StreamShard shard, LeaseKey key) {
    ShardMeter meter = new ShardMeter(meters, shard, takeovers.of(key), gauges.of(shard));
    shards.put(shard, meter);
    return meter;
  }

  /** The meter of a shard that has been entered. */
  public ShardMeter of(StreamShard shard) {
    return Objects.requireNonNull(shards.get(shard), shard::toString);
  }

  /** A shard is gone from this worker. */
  public void left(StreamShard shard) {
    ShardMeter meter = shards.remove(shard);
    if (meter != null) {
      meter.close();
    }
  }

  /** The worker has ended. */
  public void close() {
    shards.values().forEach(ShardMeter::close);
    shards.clear();
    meters.close();
  }

  /** An attempt to start is over. */
  public void started(boolean succeeded) {
    startSuccess.record(succeeded ? 1 : 0);
  }

  /** A lease was written anew, or could not be. */
  public void leaseCreated(boolean ofChild, boolean succeeded, long nanos) {
    (ofChild ? createChildSuccess : createSuccess).record(succeeded ? 1 : 0);
    (ofChild ? createChildTime : createTime).record(nanos / NANOS_PER_MILLI);
  }

  /** A timer of the loop ran so much later than planned. */
  public void loopDelayed(long nanos) {
    loopDelay.record(Math.max(0, nanos) / NANOS_PER_MILLI);
  }

  /** The worker as it is; once a second. */
  public void looked(WorkerSnapshot now, int leasesHeld, boolean severalStreams) {
    currentLeases.record(leasesHeld);
    memoryUsed.record((double) now.memory().usedBytes());
    memoryLimit.record((double) now.memory().limitBytes());
    health.record(SnapshotGauges.numberOf(now.health().status()));
    metricsDropped.record((double) meters.dropped());
    lostLeases.record(0);
    if (severalStreams) {
      activeStreams.record(now.streams().size());
    }
  }

  /** The fleet, as the one worker sees it that compares shards and leases. */
  public void fleetLooked(int leases, int liveWorkers) {
    totalLeases.record(leases);
    workers.record(liveWorkers);
  }

  /** Something has happened. */
  public void on(ConsumerEvent event) {
    if (event instanceof OwnershipEvent.Lost) {
      lostLeases.record(1);
    } else if (event instanceof OwnershipEvent.Released) {
      handoffs.record(1);
    } else if (event instanceof WorkerEvent.EventsDropped dropped) {
      eventsDropped.record((double) dropped.count());
    } else if (event instanceof ProcessorEvent ofProcessor) {
      ShardMeter meter = shards.get(ofProcessor.shard());
      if (meter != null) {
        on(ofProcessor, meter);
      }
    }
  }

  private static void on(ProcessorEvent event, ShardMeter meter) {
    if (event instanceof ProcessorEvent.Failed) {
      meter.processorFailed();
    } else if (event instanceof ProcessorEvent.Skipped skipped) {
      meter.skipped(skipped.skipped().records().size());
    } else if (event instanceof ProcessorEvent.CheckpointRefused) {
      meter.checkpointFenced();
    } else if (event instanceof ProcessorEvent.Stuck) {
      meter.callIsStuck();
    }
  }
}
