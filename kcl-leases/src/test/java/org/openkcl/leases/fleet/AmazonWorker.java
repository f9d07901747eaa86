package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTableException;
import org.openkcl.leases.Ownership;

/**
 * A model of one of Amazon's workers: what it does to leases, with its intervals and its habits,
 * good and bad. In 3.x mode it waits for its leader and looks for what was assigned to it; in 2.x
 * mode it takes and steals.
 */
final class AmazonWorker {
  static final Duration EPSILON = Duration.ofMillis(25);
  private static final Duration WORKER_LOOP = Duration.ofSeconds(1);
  private static final Duration HANDOFF_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration HANDOFF_CHECK = Duration.ofSeconds(2);

  enum Mode {
    TAKER_2X,
    ASSIGNED_3X,
    /** As 3.x, and never leads: the test does. */
    LED_BY_TEST
  }

  final String id;
  final Mode mode;
  final Duration failoverTime;
  final SimulatedEnvironment environment;
  final EventLoop loop;
  final AmazonTable table;
  /** How long the application takes to end a shard when asked; more than 30 s is cut off. */
  Duration drainTime = Duration.ofSeconds(1);

  final Map<LeaseKey, Held> owned = new TreeMap<>();
  private final Set<LeaseKey> consuming = new TreeSet<>();
  private final Map<LeaseKey, Boolean> busy = new HashMap<>();
  private final AmazonLeader leader;
  private final AmazonTaker taker;
  private boolean stopped;

  /** A lease in its owned map. */
  static final class Held {
    Lease lease;
    long incrementedNanos;

    @Nullable
    Long drainingSinceNanos;

    boolean drained;

    Held(Lease lease, long nanos) {
      this.lease = lease;
      this.incrementedNanos = nanos;
    }
  }

  AmazonWorker(
      String id, Mode mode, Duration failoverTime, SimulatedEnvironment env, AmazonTable table) {
    this.id = id;
    this.mode = mode;
    this.failoverTime = failoverTime;
    this.environment = env;
    this.loop = env.newEventLoop(id);
    this.table = table;
    this.leader = new AmazonLeader(this);
    this.taker = new AmazonTaker(this);
  }

  void start() {
    loop.execute(() -> loop.whenDone(table.list(), this::begin, failure -> start()));
  }

  /** Its graceful stop: consumers end, the leases keep its name. */
  void stop() {
    stopped = true;
    loop.execute(() -> {
      owned.clear();
      consuming.clear();
      leader.resign();
    });
  }

  boolean isServing() {
    return !stopped && !environment.isCrashed();
  }

  boolean isLeader() {
    return leader.leads();
  }

  /** Whether it hands records of this shard to its application at this moment. */
  boolean delivers(LeaseKey key) {
    return isServing() && !environment.isFrozen() && consuming.contains(key);
  }

  int delivering() {
    return isServing() && !environment.isFrozen() ? consuming.size() : 0;
  }

  private void begin(List<Lease> leases) {
    for (Lease lease : leases) {
      if (id.equals(lease.owner()) && lease.ownership().checkpointOwner() == null) {
        renew(new Held(lease, environment.nanoTime()), true, 1);
      }
    }
    every(failoverTime.dividedBy(3).minus(EPSILON), this::renewAll);
    every(WORKER_LOOP, this::loopOnce);
    if (mode == Mode.TAKER_2X) {
      taker.start();
      return;
    }
    every(failoverTime.minus(EPSILON), this::discover);
    every(HANDOFF_CHECK, this::endHandoffs);
    leader.start(mode == Mode.ASSIGNED_3X);
  }

  void every(Duration interval, Runnable task) {
    loop.schedule(interval, () -> {
      if (!stopped) {
        every(interval, task);
        task.run();
      }
    });
  }

  void adopt(Lease lease) {
    if (!stopped) {
      owned.put(lease.key(), new Held(lease, environment.nanoTime()));
    }
  }

  boolean isExpired(Held held) {
    return environment.nanoTime() - held.incrementedNanos > failoverTime.toNanos();
  }

  private void renewAll() {
    for (Held held : List.copyOf(owned.values())) {
      Ownership ownership = held.lease.ownership();
      boolean strange = ownership.checkpointOwner() != null
          && (!id.equals(ownership.checkpointOwner()) || id.equals(ownership.owner()));
      if (isExpired(held) || strange) {
        owned.remove(held.lease.key());
      } else {
        renew(held, false, 2);
      }
    }
  }

  private void renew(Held held, boolean initial, int attempts) {
    LeaseKey key = held.lease.key();
    if (busy.putIfAbsent(key, true) != null) { // one write at a time: it waits for the other
      loop.schedule(Duration.ofMillis(5), () -> renewIfOwned(held, initial, attempts));
      return;
    }
    loop.whenDone(
        table.renew(held.lease, mode == Mode.TAKER_2X ? null : newThroughput()),
        result -> {
          busy.remove(key);
          result.match(
              written -> {
                renewed(held, written.lease(), initial);
                return true;
              },
              lost -> {
                refused(held, lost.actual().orElse(null), initial);
                return false;
              });
        },
        failure -> {
          busy.remove(key);
          boolean throttled = failure instanceof LeaseTableException known
              && known.kind() == LeaseTableException.Kind.THROTTLED;
          if (throttled && attempts > 1) {
            renew(held, initial, attempts - 1);
          }
        });
  }

  /** What it measures of a shard: the truth, within a tenth. */
  private Double newThroughput() {
    return SimulatedFleet.KIB_PER_SECOND * (0.9 + 0.2 * environment.random().nextDouble());
  }

  private void renewIfOwned(Held held, boolean initial, int attempts) {
    if (owned.get(held.lease.key()) == held) {
      renew(held, initial, attempts);
    }
  }

  private void renewed(Held held, Lease now, boolean initial) {
    held.lease = now;
    held.incrementedNanos = environment.nanoTime();
    if (initial && !stopped) {
      owned.put(now.key(), held);
    }
    if (now.ownership().checkpointOwner() != null && held.drainingSinceNanos == null) {
      held.drainingSinceNanos = environment.nanoTime();
      loop.schedule(drainTime, () -> {
        held.drained = true;
        consuming.remove(now.key());
      });
    }
  }

  /** Its analysis of a refused renewal. */
  private void refused(Held held, @Nullable Lease actual, boolean initial) {
    LeaseKey key = held.lease.key();
    if (actual == null) {
      owned.remove(key, held);
      return;
    }
    Ownership was = held.lease.ownership();
    Ownership now = actual.ownership();
    if (was.checkpointOwner() == null && now.checkpointOwner() != null) {
      boolean known = Objects.equals(was.actualOwner(), now.actualOwner())
          && !Objects.equals(now.checkpointOwner(), now.owner());
      if (!known) {
        owned.remove(key, held);
        return;
      }
      held.lease = new Lease(
          key,
          new Ownership(now.owner(), now.checkpointOwner(), was.counter(), 0, now.writer()),
          actual.progress(),
          actual.shard());
      renew(held, initial, 1);
    } else if (Objects.equals(now.owner(), was.actualOwner())
        && actual.counter() == held.lease.counter() + 1) {
      renewed(held, actual, initial);
    } else {
      owned.remove(key, held);
    }
  }

  /** The worker loop: starts consumers for what is held, ends those of what is not, checkpoints. */
  private void loopOnce() {
    consuming.removeIf(key -> {
      Held held = owned.get(key);
      return held == null || isExpired(held);
    });
    for (Held held : List.copyOf(owned.values())) {
      LeaseKey key = held.lease.key();
      if (!isExpired(held) && held.drainingSinceNanos == null && !held.lease.isFinished()) {
        consuming.add(key);
      }
      if (consuming.contains(key) && environment.random().nextInt(4) == 0) {
        checkpoint(held);
      }
    }
  }

  private void checkpoint(Held held) {
    LeaseKey key = held.lease.key();
    if (busy.putIfAbsent(key, true) != null) {
      return;
    }
    loop.whenDone(
        table.checkpoint(held.lease, SimulatedFleet.next(held.lease.checkpoint())),
        result -> {
          busy.remove(key);
          result.match(
              written -> {
                renewed(held, written.lease(), false);
                return true;
              },
              lost -> owned.remove(key, held));
        },
        failure -> busy.remove(key));
  }

  private void discover() {
    loop.whenDone(
        table.list(),
        leases -> leases.stream()
            .filter(lease -> id.equals(lease.owner()) && !owned.containsKey(lease.key()))
            .forEach(lease -> loop.whenDone(table.get(lease.key()), this::discovered, f -> {})),
        failure -> {});
  }

  private void discovered(Optional<Lease> found) {
    found
        .filter(lease -> id.equals(lease.owner())
            && lease.ownership().checkpointOwner() == null
            && !owned.containsKey(lease.key()))
        .ifPresent(this::adopt);
  }

  /** The old owner's side of a handoff: gives the lease on when drained, or after its time-out. */
  private void endHandoffs() {
    for (Held held : List.copyOf(owned.values())) {
      Long since = held.drainingSinceNanos;
      boolean due = since != null
          && (held.drained || environment.nanoTime() - since > HANDOFF_TIMEOUT.toNanos());
      String next = held.lease.owner();
      if (due && next != null) {
        owned.remove(held.lease.key(), held);
        consuming.remove(held.lease.key());
        loop.whenDone(table.assign(held.lease, next), done -> {}, failure -> {});
      }
    }
  }
}
