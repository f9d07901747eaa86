package org.openkcl.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openkcl.ConsumerEvent;
import org.openkcl.Health;
import org.openkcl.StreamShard;
import org.openkcl.WorkerEvent;
import org.openkcl.WorkerSnapshot;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.fleet.FleetMember;
import org.openkcl.leases.fleet.HeldLease;
import org.openkcl.leases.fleet.LeaseListener;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.metering.Metering;
import org.openkcl.metering.WorkerMeter;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.RecordSources;
import org.openkcl.shard.ProgressRules;
import org.openkcl.shard.ShardEvent;
import org.openkcl.shard.ShardMachine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker of an application: a member of its fleet that reads the shards whose leases it holds.
 *
 * <p>{@link #start}, {@link #stop} and {@link #snapshot} may be called from any thread; all else is
 * confined to the event loop.
 */
public final class Worker implements LeaseListener {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration FIRST_START_RETRY = Duration.ofMillis(250);
  private static final Duration MAX_START_RETRY = Duration.ofSeconds(5);
  private static final Duration PUBLISH_DELAY = Duration.ofMillis(100);

  /** A snapshot looks at every shard: where they are many, it is taken less often. */
  private static final Duration PUBLISH_DELAY_OF_SHARD = Duration.ofMillis(1);

  private static final Duration PIN_RETRY = Duration.ofSeconds(5);
  private static final Duration LAST_GRACE = Duration.ofSeconds(2);
  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

  private final WorkerPorts ports;
  private final WorkerSettings settings;
  private final Environment environment;
  private final EventLoop loop;
  private final FleetMember member;
  private final Streams streams;
  private final UserCalls calls;
  private final RateLimitedLog warnings;
  private final ConsumerEvents events;
  private final Metering metering;
  private final WorkerMeter meter;
  private final Pauses pauses = new Pauses();
  private final DeliveryLimiter limiter;
  private final ProgressRules progressRules;
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final AtomicReference<WorkerSnapshot> published;

  private final Map<LeaseKey, ShardConsumer> consumers = new TreeMap<>();
  private final Map<LeaseKey, HeldLease> waiting = new HashMap<>();
  private final Set<ShardConsumer> abandoned = new HashSet<>();
  private WorkerSnapshot.Phase phase = WorkerSnapshot.Phase.STARTING;
  private @Nullable Throwable failure;
  private boolean publishing;
  private boolean finishing;
  private Consumer<ShardMachine.Row> transitions = row -> {};

  /** A worker that is not measured. */
  public Worker(WorkerPorts ports, WorkerSettings settings) {
    this(ports, settings, Metering.NONE);
  }

  /** A worker that is measured. */
  public Worker(WorkerPorts ports, WorkerSettings settings, Metering metering) {
    this.ports = ports;
    this.metering = metering;
    this.settings = settings;
    this.environment = ports.environment();
    this.loop = ports.loop();
    this.meter = new WorkerMeter(metering.meters(), environment, this::snapshot);
    LeaseTable table = meter.metered(ports.table(), settings.fleet().workerId());
    this.member = new FleetMember(environment, loop, table, settings.fleet(), this);
    this.streams = new Streams(this, ports.streams());
    this.calls = new UserCalls(environment, loop, settings.maxConcurrentCalls());
    this.warnings = new RateLimitedLog(environment, log);
    WorkerSettings.Handling handling = settings.handling();
    this.events = new ConsumerEvents(environment, loop, handling.listeners(), meter::on);
    this.limiter = new DeliveryLimiter(handling.workerLimit(), environment.nanoTime());
    this.progressRules = new ProgressRules(
        settings.timing().stuckCallReport(), handling.stuckTimeout(), handling.stallTimeout());
    this.published = new AtomicReference<>(view());
  }

  /** Lets {@code listener} hear every transition of every shard, on the loop. Call before start. */
  public void onTransition(Consumer<ShardMachine.Row> listener) {
    transitions = listener;
  }

  /**
   * Begins to work. Call once.
   *
   * @return completes after the first comparison of shards and leases; fails with {@link
   *     StreamFailure} or {@link LeaseTableException} when that is not possible
   */
  public CompletionStage<Void> start() {
    loop.execute(() -> {
      tryStart(environment.nanoTime(), FIRST_START_RETRY);
      watch(environment.nanoTime());
    });
    return started;
  }

  /** Completes when the worker has ended; fails with the reason when it ended by itself. */
  public CompletionStage<Void> stopped() {
    return stopped;
  }

  /** Hands all shards over and ends. May be called repeatedly. */
  public CompletionStage<Void> stop() {
    loop.execute(this::drain);
    return stopped;
  }

  /** Delivers nothing of what this worker reads, or does again. */
  public void pause(boolean paused) {
    changePauses(all -> all.all(paused));
  }

  /** Delivers nothing of a stream, or does again. */
  public void pause(StreamIdentifier stream, boolean paused) {
    changePauses(all -> all.stream(stream, paused));
  }

  /** Delivers nothing of a shard, or does again. */
  public void pause(StreamShard shard, boolean paused) {
    changePauses(all -> all.shard(shard, paused));
  }

  /** The worker as it was a moment ago. */
  public WorkerSnapshot snapshot() {
    return Objects.requireNonNull(published.get());
  }

  private void tryStart(long beganNanos, Duration retryDelay) {
    if (phase != WorkerSnapshot.Phase.STARTING) {
      return;
    }
    CompletionStage<Void> attempt = streams
        .describe()
        .thenCompose(described -> member.join())
        .thenCompose(joined -> streams.open());
    loop.whenDone(
        attempt, done -> hasStarted(), cause -> startFailed(cause, beganNanos, retryDelay));
  }

  private void hasStarted() {
    if (phase != WorkerSnapshot.Phase.STARTING) {
      return;
    }
    phase = WorkerSnapshot.Phase.RUNNING;
    meter.started(true);
    emit(new WorkerEvent.Started(
        environment.now(),
        settings.fleet().workerId(),
        member.held().size(),
        member.sighted().size()));
    streams.follow();
    publish(); // whoever waited for the start sees the worker running
    started.complete(null);
  }

  private void startFailed(Throwable cause, long beganNanos, Duration retryDelay) {
    if (phase != WorkerSnapshot.Phase.STARTING) {
      return; // it was told to stop meanwhile, and ends by that
    }
    meter.started(false);
    Duration taken = Duration.ofNanos(environment.nanoTime() - beganNanos);
    boolean timeLeft = taken.compareTo(settings.timing().startTimeout()) < 0;
    if (isTransient(cause) && timeLeft) {
      warnings.warn(
          "worker.cannot-start-yet", "Cannot start yet, trying on: " + cause.getMessage());
      Duration next = retryDelay.multipliedBy(2);
      loop.schedule(
          retryDelay,
          () -> tryStart(beganNanos, next.compareTo(MAX_START_RETRY) < 0 ? next : MAX_START_RETRY));
      return;
    }
    log.atError()
        .addKeyValue("event", "worker.cannot-start")
        .log("The worker could not start: {}", cause.getMessage());
    failure = cause;
    started.completeExceptionally(cause);
    if (consumers.isEmpty() && waiting.isEmpty()) {
      finish();
    } else {
      drain(); // shards may have been begun before the start was complete
    }
  }

  static boolean isTransient(Throwable cause) {
    if (cause instanceof StreamFailure stream) {
      return stream.retryable();
    }
    return cause instanceof LeaseTableException table && table.retryable();
  }

  @Override
  public Interest interest(Lease lease) {
    return streams.interest(lease);
  }

  @Override
  public void acquired(HeldLease lease) {
    if (lease.lease().isFinished()) {
      member.finished(lease);
    } else if (consumers.containsKey(lease.key())) {
      waiting.put(lease.key(), lease); // user code of the former ownership has not returned yet
    } else {
      consume(lease);
    }
  }

  private void consume(HeldLease lease) {
    Optional<ConsumedStream> stream = streams.of(lease.lease());
    if (stream.isEmpty()) {
      member.release(lease); // its stream is not wanted any more
    } else if (needsPin(lease.lease())) {
      waiting.put(lease.key(), lease);
      Consumer<@Nullable Object> next = ignored -> pinned(lease);
      loop.whenDone(lease.pin(stream.get().latestNow()), next::accept, next::accept);
    } else {
      ShardConsumer consumer = new ShardConsumer(this, stream.get(), lease);
      consumers.put(lease.key(), consumer);
      stream.get().entered();
      changed();
      checkParents(consumer);
    }
  }

  /** Amazon's library does not say what LATEST meant when it created a lease. */
  private static boolean needsPin(Lease lease) {
    return lease.checkpoint().equals(Checkpoint.LATEST) && lease.shard().startAt() == null;
  }

  private void pinned(HeldLease lease) {
    Duration pause = needsPin(lease.lease()) ? PIN_RETRY : Duration.ZERO;
    loop.schedule(pause, () -> {
      if (waiting.get(lease.key()) == lease) {
        consumeNext(lease.key());
      }
    });
  }

  private void consumeNext(LeaseKey key) {
    HeldLease next = waiting.remove(key);
    if (next != null && next.isHeld()) {
      consume(next);
    }
  }

  @Override
  public void lost(LeaseKey key, String reason) {
    HeldLease next = waiting.get(key);
    ShardConsumer consumer = consumers.get(key);
    if (next != null && !next.isHeld()) {
      waiting.remove(key);
    } else if (consumer != null) {
      consumer.lost(reason);
    }
  }

  @Override
  public void drainWanted(LeaseKey key, String reason) {
    HeldLease next = waiting.remove(key);
    if (next != null) {
      member.release(next);
    } else {
      tell(key, ShardEvent.DRAIN);
    }
  }

  private void tell(LeaseKey key, ShardEvent event) {
    ShardConsumer consumer = consumers.get(key);
    if (consumer != null) {
      consumer.on(event);
    }
  }

  @Override
  public void tableSeen() {
    streams.tableSeen();
    for (ShardConsumer consumer : List.copyOf(consumers.values())) {
      if (consumer.isAwaitingParents()) {
        checkParents(consumer);
      }
    }
  }

  private void checkParents(ShardConsumer consumer) {
    loop.whenDone(
        consumer.stream().mayStart(consumer.lease().lease()),
        ready -> {
          if (ready && consumers.get(consumer.key()) == consumer) {
            consumer.on(ShardEvent.PARENTS_DONE);
          }
        },
        cause -> warnings.warn(
            "shard.parents-unknown",
            "Cannot see whether the parents of %s are done: %s"
                .formatted(consumer.key(), cause.getMessage())));
  }

  private void drain() {
    if (phase == WorkerSnapshot.Phase.DRAINING || phase == WorkerSnapshot.Phase.STOPPED) {
      return;
    }
    if (phase == WorkerSnapshot.Phase.STARTING) {
      started.completeExceptionally(new IllegalStateException("The worker was stopped"));
    }
    phase = WorkerSnapshot.Phase.DRAINING;
    emit(new WorkerEvent.Leaving(environment.now(), settings.fleet().workerId(), consumers.size()));
    streams.stop();
    changed();
    Consumer<@Nullable Object> next = ignored -> drainShards();
    loop.whenDone(member.startLeaving(), next::accept, next::accept);
    Duration timeout = settings.timing().drainTimeout();
    loop.schedule(timeout, () -> tellAll(ShardEvent.TIME_OVER));
    loop.schedule(timeout.plus(LAST_GRACE), this::finish);
  }

  private void drainShards() {
    tellAll(ShardEvent.DRAIN);
    waiting.values().forEach(member::release);
    waiting.clear();
    finishIfIdle();
  }

  private void tellAll(ShardEvent event) {
    List.copyOf(consumers.values()).forEach(consumer -> consumer.on(event));
  }

  private void finishIfIdle() {
    if (phase == WorkerSnapshot.Phase.DRAINING && consumers.isEmpty()) {
      finish();
    }
  }

  private void finish() {
    if (finishing) {
      return;
    }
    finishing = true;
    loop.whenDone(member.leave(), left -> hasStopped(), cause -> hasStopped());
  }

  private void hasStopped() {
    phase = WorkerSnapshot.Phase.STOPPED;
    publish();
    emit(new WorkerEvent.Stopped(
        environment.now(), settings.fleet().workerId(), view().failure()));
    loop.whenDone(events.flushed(), told -> hasTold(), cause -> hasTold());
    loop.schedule(LAST_GRACE, this::hasTold); // a listener must not hold up the end
  }

  private void hasTold() {
    meter.close();
    Throwable reason = failure;
    if (reason == null) {
      stopped.complete(null);
    } else {
      stopped.completeExceptionally(reason);
    }
  }

  /** Ends the worker because it cannot do its work; what it has goes back to the fleet. */
  void fail(Throwable reason) {
    if (failure == null && phase == WorkerSnapshot.Phase.RUNNING) {
      failure = reason;
      log.atError()
          .addKeyValue("event", "worker.stops")
          .log("The worker stops: {}", reason.getMessage());
      drain();
    }
  }

  // What shard consumers need of their worker.

  WorkerPorts ports() {
    return ports;
  }

  WorkerSettings settings() {
    return settings;
  }

  FleetMember member() {
    return member;
  }

  UserCalls calls() {
    return calls;
  }

  WorkerMeter meter() {
    return meter;
  }

  RateLimitedLog warnings() {
    return warnings;
  }

  Consumer<ShardMachine.Row> transitions() {
    return transitions;
  }

  boolean isRunning() {
    return phase == WorkerSnapshot.Phase.RUNNING;
  }

  Pauses pauses() {
    return pauses;
  }

  DeliveryLimiter limiter() {
    return limiter;
  }

  void emit(ConsumerEvent event) {
    events.emit(event);
  }

  /** Of a lease whose stream is read. */
  StreamShard nameOf(Lease lease) {
    return new StreamShard(streams.of(lease).orElseThrow().identifier(), lease.shardId());
  }

  RecordSources sourcesOf(Lease lease) {
    return streamOf(lease.key()).sources();
  }

  CompletionStage<List<ChildShard>> createChildLeases(HeldLease ended, List<ChildShard> reported) {
    return streamOf(ended.key()).createChildLeases(ended, reported);
  }

  /** The stream of a shard that is read. */
  private ConsumedStream streamOf(LeaseKey key) {
    return Objects.requireNonNull(consumers.get(key), key::value).stream();
  }

  /** What the lease's sentinel means; null where nobody knows. */
  @Nullable
  Instant startAt(Lease lease) {
    Instant pinned = lease.shard().startAt();
    return pinned == null && lease.checkpoint().equals(Checkpoint.AT_TIMESTAMP)
        ? streamOf(lease.key()).position().timestamp().orElse(null)
        : pinned;
  }

  /** A new processor. On the thread of user code. */
  ShardRecordProcessor newProcessor(StreamShard shard) {
    return ports.processors().shardRecordProcessor(shard.stream());
  }

  /** Leaves the lease to others for a while, unless nobody else takes it. */
  void avoid(LeaseKey key, Duration time) {
    member.avoid(key);
    loop.schedule(time, () -> {
      ShardConsumer consumer = consumers.get(key);
      if (consumer == null || !abandoned.contains(consumer)) {
        member.endAvoiding(key);
      }
    });
  }

  /** Leaves the lease to others until the consumer's call has returned. */
  void avoidUntilForgotten(ShardConsumer consumer) {
    abandoned.add(consumer);
    member.avoid(consumer.key());
  }

  ShardRecordProcessor newProcessor(ConsumedStream stream) {
    return ports.processors().shardRecordProcessor(stream.identifier());
  }

  /** Gives up the shards of a stream that is not to be read (now). */
  void drain(ConsumedStream stream) {
    List.copyOf(consumers.values()).stream()
        .filter(consumer -> consumer.stream() == stream)
        .forEach(consumer -> consumer.on(ShardEvent.DRAIN));
    waiting.values().removeIf(lease -> {
      boolean unwanted = interest(lease.lease()) != Interest.WANTED;
      if (unwanted) {
        member.release(lease);
      }
      return unwanted;
    });
  }

  void forget(ShardConsumer consumer) {
    consumers.remove(consumer.key(), consumer);
    if (abandoned.remove(consumer)) {
      member.endAvoiding(consumer.key());
    }
    meter.left(consumer.shard());
    changed();
    consumer.stream().left();
    consumeNext(consumer.key());
    tableSeen();
    finishIfIdle();
  }

  /** Something that a snapshot shows has changed; a new one follows soon. */
  void changed() {
    if (!publishing) {
      publishing = true;
      Duration delay = PUBLISH_DELAY.plus(PUBLISH_DELAY_OF_SHARD.multipliedBy(consumers.size()));
      loop.schedule(delay, () -> {
        publishing = false;
        publish();
      });
    }
  }

  /** Shows the worker as it is, and tells when its health has become another. */
  private void publish() {
    WorkerSnapshot before = snapshot();
    WorkerSnapshot now = view();
    published.set(now);
    Health was = before.health();
    Health is = now.health();
    if (was.status() != is.status()) {
      boolean onlyThePhase =
          phase != WorkerSnapshot.Phase.RUNNING && is.reasons().size() == 1;
      boolean ordinary = failure == null && onlyThePhase;
      emit(new WorkerEvent.HealthChanged(environment.now(), was, is, ordinary));
    }
  }

  /** Looks at every shard: some things show only by not happening. */
  private void watch(long plannedNanos) {
    if (phase == WorkerSnapshot.Phase.STOPPED) {
      return;
    }
    meter.loopDelayed(environment.nanoTime() - plannedNanos);
    List.copyOf(consumers.values()).forEach(consumer -> consumer.watch(progressRules));
    if (!publishing) {
      publish();
    }
    if (meter.isOn()) {
      measure();
    }
    long next = environment.nanoTime() + WATCH_INTERVAL.toNanos();
    loop.schedule(WATCH_INTERVAL, () -> watch(next));
  }

  private void measure() {
    meter.looked(snapshot(), member.held().size(), ports.streams().several());
    if (member.audits()) {
      meter.fleetLooked(member.sighted().size(), member.workers().size());
    }
  }

  /** Pauses or resumes on the loop. May be called from any thread. */
  private void changePauses(Consumer<Pauses> change) {
    loop.execute(() -> {
      change.accept(pauses);
      List.copyOf(consumers.values()).forEach(ShardConsumer::checkPause);
      changed();
    });
  }

  private WorkerSnapshot view() {
    return new WorkerSnapshot(
        settings.fleet().workerId(),
        phase,
        consumers.values().stream().map(ShardConsumer::view).toList(),
        streams.view(),
        metering.memory(),
        failure == null ? "" : String.valueOf(failure.getMessage()));
  }
}
