package org.openkcl.testkit;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openkcl.InitialPosition;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.fleet.FleetSettings;
import org.openkcl.leases.memory.InMemoryLeaseTable;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.retrieval.PollSettings;
import org.openkcl.retrieval.ShardReader;
import org.openkcl.worker.WorkerSettings;

/**
 * A fleet of production workers that read one stream in a simulated world: virtual time, a lease
 * table and a stream in memory, and whatever goes wrong in between. One seed is one exact run.
 *
 * <p>The rules of the fleet are checked after every event; a broken one ends the run with a {@link
 * FleetFailure}. They are: records come in order and without gaps; a checkpoint never moves back
 * and never passes what user code acknowledged; only a lease's owner stores progress; nothing is
 * delivered without a lease that is this worker's and freshly renewed, nor under a token that is
 * not greater than all before; no shard begins before its parents have ended.
 *
 * <p>Nothing happens but inside the {@code run} methods. Not thread-safe.
 */
public final class Fleet implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(50);
  private static final Duration CALM_LIMIT = Duration.ofMinutes(3);
  private static final Duration UNDER_WAY = Duration.ofSeconds(10);
  private static final Duration CALM_WATCH = Duration.ofSeconds(30);

  private final long seed;
  private final Simulation world;
  private final SplittableRandom chance;
  private final InMemoryLeaseTable table = new InMemoryLeaseTable("application");
  private final StreamHistory stream;
  private final Trace trace;
  private final Launcher launcher;
  private final Map<String, SimulatedWorker> workers = new TreeMap<>();
  private final Invariants invariants;
  private final Production production;
  private final Happenings happenings = new Happenings();

  /** An empty world, in which all that is left to chance comes from {@code seed}. */
  public Fleet(long seed) {
    this.seed = seed;
    world = new Simulation(seed);
    chance = world.chance().split();
    LocalStreams streams = new LocalStreams(world);
    stream = new StreamHistory(streams);
    production = new Production(world, stream, chance);
    trace = new Trace(world);
    launcher = new Launcher(world, table, streams, happenings);
    invariants = new Invariants(world, table, stream, trace, launcher);
    world.afterEachEvent(this::check);
  }

  // What the fleet is like. Set before workers start.

  /** Creates the stream. */
  public Fleet withShards(int count) {
    stream.create(count);
    return this;
  }

  /** How long a worker may stand still before others take its shards. Default 10 s. */
  public Fleet failoverTime(Duration time) {
    launcher.failoverTime = time;
    launcher.scanInterval = FleetSettings.of("any", time).scanInterval();
    return this;
  }

  /** How often workers look at the table; set it after the failover time. Default 0.25 s. */
  public Fleet scanInterval(Duration interval) {
    launcher.scanInterval = interval;
    return this;
  }

  /** How long a worker that stops waits for user code. Default 30 s. */
  public Fleet drainTimeout(Duration timeout) {
    launcher.timing = launcher.timing.with(launcher.timing.startTimeout(), timeout);
    return this;
  }

  /** Default TRIM_HORIZON. */
  public Fleet initialPosition(InitialPosition position) {
    launcher.initialPosition = position;
    return this;
  }

  /** Default {@link PollSettings#DEFAULT}. */
  public Fleet polling(PollSettings settings) {
    launcher.polling = settings;
    return this;
  }

  /** Reads by enhanced fan-out instead of polling. */
  public Fleet fanOut() {
    launcher.fanOut = true;
    return this;
  }

  /** How many calls into user code a worker may make at once. Default 256. */
  public Fleet maxConcurrentCalls(int most) {
    launcher.maxConcurrentCalls = most;
    return this;
  }

  /** How much fetched records may take in each worker. Default 64 MiB. */
  public Fleet memoryBudgetBytes(long bytes) {
    launcher.memoryBudgetBytes = bytes;
    return this;
  }

  /** How often workers compare shards with leases. Default 2 min. */
  public Fleet auditInterval(Duration interval) {
    launcher.timing = new WorkerSettings.Timing(
        launcher.timing.startTimeout(),
        launcher.timing.drainTimeout(),
        launcher.timing.firstRetry(),
        interval,
        launcher.timing.stuckCallReport());
    return this;
  }

  /**
   * The processors under test, one per call, given the process they live in. They may take time by
   * {@link SimulatedEnvironment#pause} and wait by nothing else. Default: the fleet's own, which do
   * as {@link Faults#processors()} says.
   */
  public Fleet processing(Function<SimulatedEnvironment, ShardRecordProcessor> processors) {
    launcher.processors = processors;
    return this;
  }

  /** Puts something of the test's own between workers and stream. */
  public Fleet readingThrough(UnaryOperator<ShardReader> wrapper) {
    launcher.readers = wrapper;
    return this;
  }

  /** Puts something of the test's own between workers and lease table. */
  public Fleet leasingThrough(UnaryOperator<LeaseTable> wrapper) {
    launcher.tables = wrapper;
    return this;
  }

  /** What goes wrong from now on. */
  public Fleet faults(Faults now) {
    launcher.faults = now;
    trace.note("From now on " + now);
    if (!now.equals(Faults.NONE)) {
      happenings.note(Happening.FAULTY_PERIOD);
    }
    return this;
  }

  /** From now on a record that is delivered twice breaks a rule, too. */
  public Fleet forbidDuplicates() {
    invariants.forbidDuplicates();
    return this;
  }

  // What happens to workers.

  /** Starts workers. An id may be used again once its former worker has crashed or stopped. */
  public Fleet start(String... ids) {
    for (String id : ids) {
      SimulatedWorker before = workers.get(id);
      if (before != null && !before.isGone()) {
        throw new IllegalStateException("Worker '" + id + "' is running. Stop or crash it first.");
      }
      note(Happening.START, "Start " + id);
      SimulatedWorker worker = launcher.launch(id, invariants);
      workers.put(id, worker);
      worker.start();
    }
    return this;
  }

  /** Ends a worker's process at once. */
  public Fleet crash(String id) {
    note(Happening.CRASH, "Crash " + id);
    worker(id).crash();
    return this;
  }

  /** Stops a worker's process in order; it exits when it has handed everything over. */
  public Fleet stop(String id) {
    note(Happening.STOP, "Stop " + id);
    worker(id).stop();
    return this;
  }

  /** Lets a worker's process stand still, as in a long garbage collection. */
  public Fleet freeze(String id) {
    note(Happening.FREEZE, "Freeze " + id);
    worker(id).freeze();
    return this;
  }

  /** Ends a freeze. Does nothing to a worker that is not frozen. */
  public Fleet thaw(String id) {
    trace.note("Thaw " + id);
    worker(id).thaw(false);
    return this;
  }

  /** Ends a freeze in which the monotonic clock stood still, as when a machine was suspended. */
  public Fleet thawSuspended(String id) {
    trace.note("Thaw " + id + ", which was suspended");
    worker(id).thaw(true);
    return this;
  }

  /** Sets the worker's wall clock back by so much, or ahead if that is negative. */
  public Fleet delayClock(String id, Duration lag) {
    note(Happening.CLOCK_LAG, "The wall clock of " + id + " is set back by " + lag);
    worker(id).delayClock(lag);
    return this;
  }

  /** Lets no request of the worker arrive anywhere. */
  public Fleet cutOff(String id) {
    note(Happening.CUT_OFF, "Cut off " + id);
    launcher.cutOff(worker(id));
    return this;
  }

  /** Ends what {@link #cutOff} began. */
  public Fleet reconnect(String id) {
    trace.note("Reconnect " + id);
    launcher.reconnect(worker(id));
    return this;
  }

  // What happens to the stream.

  /** Puts so many records with random hash keys, at once. */
  public Fleet put(int records) {
    stream.put(records, chance);
    return this;
  }

  /** Puts up to so many records again and again, at intervals of up to {@code most}. */
  public Fleet produce(int records, Duration most) {
    production.begin(records, most);
    return this;
  }

  /** Ends what {@link #produce} began. */
  public Fleet stopProducing() {
    production.end();
    return this;
  }

  /** Splits an open shard. */
  public Fleet split() {
    trace.note(stream.splitOne(chance));
    happenings.note(Happening.SPLIT);
    return this;
  }

  /** Merges two open shards that adjoin; does nothing when there is only one. */
  public Fleet merge() {
    stream.mergeTwo(chance).ifPresent(merged -> {
      trace.note(merged);
      happenings.note(Happening.MERGE);
    });
    return this;
  }

  // Time.

  /** Lets virtual time pass. */
  public Fleet runFor(Duration duration) {
    world.runFor(duration);
    return this;
  }

  /**
   * Runs until a condition holds, which is looked at every 50 ms.
   *
   * @return how long it took; fails when it does not hold within {@code limit}
   */
  public Duration runUntil(String what, BooleanSupplier condition, Duration limit) {
    long began = world.nanoTime();
    while (!condition.getAsBoolean()) {
      Duration taken = Duration.ofNanos(world.nanoTime() - began);
      if (taken.compareTo(limit) >= 0) {
        throw failure("Not " + what + " within " + limit, null);
      }
      world.runFor(STEP);
    }
    return Duration.ofNanos(world.nanoTime() - began);
  }

  /** Runs until every unfinished lease is owned and no worker has two more than another. */
  public Duration runUntilBalanced() {
    return runUntil("balanced", this::isBalanced, CALM_LIMIT);
  }

  /**
   * Ends all faults, freezes and production, runs until everything put is processed and the fleet
   * is balanced, and sees that nothing moves any more.
   */
  public Fleet runUntilCalm() {
    faults(Faults.NONE);
    launcher.reconnectAll();
    workers.values().forEach(worker -> worker.thaw(false));
    stopProducing();
    world.runFor(launcher.failoverTime.multipliedBy(2)); // until the dead are known to be dead
    runUntil("calm", () -> isConsumed() && isBalanced(), CALM_LIMIT);
    world.runFor(UNDER_WAY); // a move that was begun when there was more to share out
    int moves = invariants.moves();
    world.runFor(CALM_WATCH);
    if (invariants.moves() != moves || !isBalanced()) {
      throw failure("Leases still move in a calm fleet", null);
    }
    return this;
  }

  // What there is to see.

  /** Which worker the table names for each unfinished shard that has one. */
  public Map<String, String> owners() {
    Map<String, String> owners = new TreeMap<>();
    for (Lease lease : table.rows().values()) {
      if (lease.owner() != null && !lease.isFinished()) {
        owners.put(lease.shardId(), lease.owner());
      }
    }
    return owners;
  }

  /** Every unfinished lease is owned by a living worker, and shares differ by one at most. */
  public boolean isBalanced() {
    Map<String, Integer> counts = new TreeMap<>();
    workers.values().stream()
        .filter(SimulatedWorker::isServing)
        .forEach(worker -> counts.put(worker.processName(), 0));
    for (Lease lease : table.rows().values()) {
      String process = Launcher.processOf(lease);
      if (!lease.isFinished()
          && (process == null || counts.computeIfPresent(process, (id, n) -> n + 1) == null)) {
        return false;
      }
    }
    return !counts.isEmpty()
        && Collections.max(counts.values()) - Collections.min(counts.values()) <= 1;
  }

  /** Whether everything put has been delivered and every closed shard has its end in the table. */
  public boolean isConsumed() {
    return stream.shards().stream().noneMatch(this::isUnconsumed);
  }

  /** The workers that are neither gone nor leaving. */
  public List<String> serving() {
    return workers.values().stream()
        .filter(SimulatedWorker::isServing)
        .map(SimulatedWorker::id)
        .toList();
  }

  /** Whether the worker's process stands still. */
  public boolean isFrozen(String id) {
    return worker(id).isFrozen();
  }

  /** Whether the worker's process has ended. */
  public boolean isGone(String id) {
    return worker(id).isGone();
  }

  /** Every call of {@code processRecords} so far. */
  public List<Delivery> deliveries() {
    return Collections.unmodifiableList(invariants.deliveries());
  }

  /** How many records were delivered although an earlier owner, or call, had been given them. */
  public int duplicates() {
    return invariants.duplicates();
  }

  /** How many records were put. */
  public int records() {
    return stream.records();
  }

  /** What has happened so far, and how often. */
  public Happenings happenings() {
    return happenings;
  }

  /** What everything that is left to chance comes from. */
  public long seed() {
    return seed;
  }

  /** How many events have happened. */
  public long events() {
    return world.eventCount();
  }

  /** Virtual time since the beginning. */
  public Duration now() {
    return Duration.ofNanos(world.nanoTime());
  }

  /** A source of chance for the test. */
  public SplittableRandom chance() {
    return chance;
  }

  /** Notes something for the trace that a failure prints. */
  public void note(String event) {
    trace.note(event);
  }

  /** The position of the newest record of a shard. */
  Optional<Checkpoint> newestOf(String shardId) {
    return Optional.ofNullable(stream.shard(shardId)).flatMap(ShardHistory::newest);
  }

  @Override
  public void close() {
    world.close();
  }

  /** A failure of this run: what, how to run it again, and what happened last. */
  FleetFailure failure(String what, @Nullable Throwable cause) {
    return new FleetFailure(
        """
        %s
        Seed %d after %d events and %s of virtual time. To see it again: -Dopenkcl.seed=%d
        The last events:
        %s
        The lease table:
        %s""".formatted(what, seed, world.eventCount(), now(), seed, trace, tableText()), cause);
  }

  private String tableText() {
    return table.rows().values().stream()
        .map(lease -> lease.key() + " " + lease.ownership() + " " + lease.checkpoint())
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private boolean isUnconsumed(ShardHistory shard) {
    boolean due = shard.leased
        || launcher.initialPosition.equals(InitialPosition.trimHorizon())
        || shard.parents.stream()
            .map(stream::shard)
            .anyMatch(parent -> parent != null && parent.leased);
    return due && (shard.delivered < shard.size() || (shard.closed && !shard.ended));
  }

  private void note(Happening what, String event) {
    happenings.note(what);
    trace.note(event);
  }

  private void check() {
    String broken = invariants.broken();
    if (broken != null) {
      throw failure(broken, null);
    }
  }

  private SimulatedWorker worker(String id) {
    SimulatedWorker worker = workers.get(id);
    if (worker == null) {
      throw new IllegalArgumentException("There is no worker '" + id + "'. Start it first.");
    }
    return worker;
  }
}
