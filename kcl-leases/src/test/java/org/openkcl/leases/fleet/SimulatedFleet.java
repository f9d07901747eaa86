package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.memory.InMemoryLeaseTable;
import org.openkcl.leases.memory.SimulatedLeaseTable;
import org.openkcl.leases.memory.TableFaults;

/** Simulated workers that only hold leases, and what must hold among them at every moment. */
class SimulatedFleet implements AutoCloseable {
  static final Duration FAILOVER = Duration.ofSeconds(10);
  /** What every shard brings. */
  static final double KIB_PER_SECOND = 100;

  final Simulation world;
  final InMemoryLeaseTable table = new InMemoryLeaseTable("app");
  final Map<String, Worker> workers = new TreeMap<>();
  final List<String> handovers = new ArrayList<>();
  final List<String> lost = new ArrayList<>();
  TableFaults faults = TableFaults.NONE;
  private final Map<String, TableFaults> cutOff = new HashMap<>();
  Duration drainTime = Duration.ofMillis(200);
  boolean checkpoints;
  BiFunction<String, Lease, LeaseListener.Interest> interests =
      (worker, lease) -> LeaseListener.Interest.WANTED;
  int requests;
  int looks;
  private final Map<LeaseKey, Long> tokens = new HashMap<>();

  SimulatedFleet(long seed, int leases) {
    world = new Simulation(seed);
    for (int i = 0; i < leases; i++) {
      table.put(unowned("shard-%02d".formatted(i)));
    }
    world.afterEachEvent(this::check);
  }

  /** What must hold after every event. */
  void check() {
    nobodyDeliversTwice();
  }

  /** The position after some more records. */
  static Checkpoint next(Checkpoint now) {
    return Checkpoint.at(
        !now.isSentinel() ? String.valueOf(Long.parseLong(now.sequenceNumber()) + 1) : "1");
  }

  static Lease unowned(String key) {
    return new Lease(
        new LeaseKey(key),
        new Ownership(null, null, 0, 0, null),
        Progress.at(Checkpoint.TRIM_HORIZON),
        ShardFacts.NONE);
  }

  Worker start(String id) {
    return start(FleetSettings.of(id, FAILOVER));
  }

  Worker start(FleetSettings settings) {
    Worker worker = new Worker(settings);
    workers.put(worker.id, worker);
    worker.loop.execute(worker::join);
    return worker;
  }

  TableFaults faultsOfRequest(String id) {
    requests++;
    return cutOff.getOrDefault(id, faults);
  }

  /** Keeps a worker of either library from the table for a while. */
  void cutOff(String id, Cut cut, Duration time) {
    cutOff.put(id, cut.faults());
    world.schedule(time, () -> cutOff.remove(id));
  }

  /** How a worker can be kept from the table. */
  enum Cut {
    /** Nothing arrives. */
    BOTH_WAYS,
    /** Requests take effect, and nobody hears of it. */
    NO_REPLIES,
    /** Most of either is lost. */
    NEARLY;

    static Cut any(SplittableRandom chance) {
      return values()[chance.nextInt(values().length)];
    }

    TableFaults faults() {
      return switch (this) {
        case BOTH_WAYS -> new TableFaults(Duration.ofMillis(10), 0, 1, 0);
        case NO_REPLIES -> new TableFaults(Duration.ofMillis(10), 0, 0, 1);
        case NEARLY -> new TableFaults(Duration.ofMillis(400), 0, 0.6, 0.6);
      };
    }
  }

  Worker worker(String id) {
    return Objects.requireNonNull(workers.get(id));
  }

  Lease row(LeaseKey key) {
    return Objects.requireNonNull(table.rows().get(key));
  }

  void run(Duration duration) {
    world.runFor(duration);
  }

  boolean runUntil(java.util.function.BooleanSupplier condition, Duration limit) {
    return world.runUntil(condition, limit);
  }

  /** Every lease is held by exactly one living worker, and no two differ by more than one. */
  boolean isBalanced() {
    List<Integer> counts = new ArrayList<>();
    int held = 0;
    for (Worker worker : workers.values()) {
      if (worker.isServing()) {
        counts.add(worker.deliverable());
        held += worker.deliverable();
      }
    }
    int most = counts.stream().mapToInt(n -> n).max().orElse(0);
    int least = counts.stream().mapToInt(n -> n).min().orElse(0);
    return held == table.rows().size() && most - least <= 1;
  }

  /** Every lease is held by a living worker. */
  boolean isEverythingRead() {
    return shares().values().stream().mapToInt(n -> n).sum() == table.rows().size();
  }

  /** How many shards each worker that serves reads now. */
  Map<String, Integer> shares() {
    Map<String, Integer> shares = new TreeMap<>();
    workers.values().stream()
        .filter(Worker::isServing)
        .forEach(worker -> shares.put(worker.id, worker.deliverable()));
    return shares;
  }

  /** How many leases each serving worker holds, and what the table says. */
  String picture() {
    return shares() + " " + table.rows().values();
  }

  private void nobodyDeliversTwice() {
    Map<LeaseKey, String> delivering = new HashMap<>();
    for (Worker worker : workers.values()) {
      if (worker.environment.isCrashed() || worker.environment.isFrozen()) {
        continue; // runs no code, so it delivers nothing
      }
      for (HeldLease lease : worker.member.held()) {
        if (lease.mayDeliver()) {
          String other = delivering.put(lease.key(), worker.id);
          if (other != null) {
            throw new AssertionError(
                "%s and %s may both deliver %s".formatted(other, worker.id, lease.key()));
          }
        }
      }
    }
  }

  @Override
  public void close() {
    world.close();
  }

  /** One simulated worker. */
  final class Worker implements LeaseListener {
    final String id;
    final SimulatedEnvironment environment;
    final EventLoop loop;
    final FleetMember member;
    final MeteredLeaseTable meter;
    int looks;
    boolean stopping;

    Worker(FleetSettings settings) {
      this.id = settings.workerId();
      environment = world.newProcess(id);
      loop = environment.newEventLoop(id);
      meter =
          new MeteredLeaseTable(new SimulatedLeaseTable(world, table, () -> faultsOfRequest(id)));
      member = new FleetMember(environment, loop, meter, settings, this);
    }

    void join() {
      loop.whenDone(
          member.join(),
          joined -> {},
          failure -> loop.schedule(Duration.ofMillis(500), this::join));
    }

    boolean isServing() {
      return !stopping && !environment.isCrashed();
    }

    int deliverable() {
      return (int) member.held().stream().filter(HeldLease::mayDeliver).count();
    }

    /** Leaves in order: hands everything over, then removes its sign of life. */
    void stop() {
      stopping = true;
      loop.execute(() -> {
        member.startLeaving();
        List<HeldLease> holding = List.copyOf(member.held());
        holding.forEach(member::release);
        loop.schedule(Duration.ofSeconds(2), member::leave);
      });
    }

    @Override
    public Interest interest(Lease lease) {
      return interests.apply(id, lease);
    }

    @Override
    public void acquired(HeldLease lease) {
      Long before = tokens.put(lease.key(), lease.fencingToken());
      if (before != null && before >= lease.fencingToken()) {
        throw new AssertionError("Fencing token of %s did not grow: %d after %d"
            .formatted(lease.key(), lease.fencingToken(), before));
      }
      if (checkpoints) {
        loop.schedule(Duration.ofSeconds(1), () -> checkpoint(lease, environment.nanoTime()));
      }
    }

    private void checkpoint(HeldLease lease, long formerNanos) {
      long now = environment.nanoTime();
      if (lease.isHeld()) {
        if (lease.mayDeliver()) {
          double noise = 0.9 + 0.2 * environment.random().nextDouble();
          lease.processed((long) ((now - formerNanos) / 1e9 * KIB_PER_SECOND * 1024 * noise));
          lease.commit(Progress.at(next(lease.lease().checkpoint())));
        }
        loop.schedule(
            Duration.ofMillis(500 + environment.random().nextInt(4_000)),
            () -> checkpoint(lease, now));
      }
    }

    @Override
    public void lost(LeaseKey key, String reason) {
      lost.add(id + " lost " + key + ": " + reason);
    }

    @Override
    public void drainWanted(LeaseKey key, String reason) {
      handovers.add(id + " drains " + key + ": " + reason);
      loop.schedule(
          Duration.ofMillis(environment.random().nextLong(drainTime.toMillis())),
          () -> member.held().stream()
              .filter(lease -> lease.key().equals(key))
              .findFirst()
              .ifPresent(member::release));
    }

    @Override
    public void tableSeen() {
      looks++;
      SimulatedFleet.this.looks++;
    }
  }
}
