package org.openkcl.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.openkcl.StreamShard;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.fleet.HeldLease;
import org.openkcl.retrieval.RecordBatch;
import org.openkcl.shard.ShardEvent;

/**
 * The gate between a batch that is there and the processor: opens when the shard is not paused, its
 * lease is proven, and the limits leave room. Confined to the event loop.
 */
final class ShardDelivery {
  private static final Duration PROOF_INTERVAL = Duration.ofMillis(200);

  private final Worker worker;
  private final EventLoop loop;
  private final HeldLease lease;
  private final StreamShard shard;
  private final Events events;
  private final DeliveryLimiter limiter;
  private @Nullable RecordBatch batch;
  private @Nullable ShardEvent pending;
  private boolean reserved;
  private boolean windowClosed;
  private boolean paused;
  private EventLoop.Timer timer = () -> {};

  /** Hears of the gate. */
  interface Events {
    /** The batch may be handed over now. */
    void due(ShardEvent event);

    /** The shard was paused or resumed. */
    void pauseChanged();
  }

  ShardDelivery(Worker worker, HeldLease lease, StreamShard shard, Events events) {
    this.worker = worker;
    this.loop = worker.ports().loop();
    this.lease = lease;
    this.shard = shard;
    this.events = events;
    this.limiter = new DeliveryLimiter(
        worker.settings().handling().shardLimit(), worker.ports().environment().nanoTime());
  }

  boolean isPaused() {
    return paused;
  }

  /** Whether a batch is kept that was thrown back and must come again as it is. */
  boolean isHolding() {
    return pending == ShardEvent.RETRY_DUE;
  }

  /** Hands a new batch over as soon as that is allowed. */
  void deliver(RecordBatch next) {
    prepare(next, ShardEvent.BATCH_READY);
    pass();
  }

  /** Hands the same batch over again after a pause. */
  void again(RecordBatch same, Duration pause) {
    prepare(same, ShardEvent.RETRY_DUE);
    Duration delay = windowClosed ? PROOF_INTERVAL : pause;
    windowClosed = false;
    after(delay);
  }

  /** The lease's proof ran out before the call began, so nothing was delivered. */
  void windowClosed() {
    windowClosed = true;
  }

  /** Pauses may have changed. */
  void checkPause() {
    boolean now = worker.pauses().contains(shard);
    if (now == paused) {
      return;
    }
    paused = now;
    if (paused) {
      timer.cancel();
      if (pending == ShardEvent.BATCH_READY) {
        pending = null; // it is read again
      }
    }
    events.pauseChanged();
    pass();
  }

  /** Forgets what it holds. */
  void cancel() {
    timer.cancel();
    pending = null;
    batch = null;
  }

  private void prepare(RecordBatch next, ShardEvent event) {
    batch = next;
    pending = event;
    reserved = false;
  }

  private void pass() {
    RecordBatch next = batch;
    ShardEvent event = pending;
    if (next == null || event == null || paused) {
      return;
    }
    if (!lease.mayDeliver()) {
      after(PROOF_INTERVAL);
      return;
    }
    Duration wait = reserved ? Duration.ZERO : reserve(next);
    reserved = true;
    if (wait.isZero()) {
      cancel();
      events.due(event);
    } else {
      after(wait);
    }
  }

  private Duration reserve(RecordBatch next) {
    long now = worker.ports().environment().nanoTime();
    int records = next.records().size();
    Duration own = limiter.reserve(records, next.bytes(), now);
    Duration shared = worker.limiter().reserve(records, next.bytes(), now);
    return own.compareTo(shared) >= 0 ? own : shared;
  }

  private void after(Duration delay) {
    timer.cancel();
    timer = loop.schedule(delay, this::pass);
  }
}
