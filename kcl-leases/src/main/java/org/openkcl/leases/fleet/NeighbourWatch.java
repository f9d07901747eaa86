package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.plan.LeasePlanner;

/**
 * Watches the next two workers on a ring of all, between two looks at a table so large that looks
 * are rarer than leases expire. Of each it reads one lease every fifth of the failover time; when
 * that stands still it reads all of them, and again later, and so finds out what is free within
 * about twice the failover time whatever the table's size. What it finds only this worker and its
 * predecessor on the ring know, so they do not wait for whom the plan names. Confined to the event
 * loop.
 */
final class NeighbourWatch {
  private static final int NEIGHBOURS = 2;

  private final Environment environment;
  private final EventLoop loop;
  private final FleetSettings settings;
  private final LeaseSightings sightings;
  private final CloserLook closerLook;
  private final Runnable looked;
  private final Map<String, Long> suspectedNanos = new HashMap<>();
  private Set<String> neighbours = Set.of();
  private EventLoop.Timer timer = () -> {};
  private boolean running;

  /**
   * @param looked runs when leases were seen
   */
  NeighbourWatch(
      HeldLease.Context context, LeaseSightings sightings, CloserLook closerLook, Runnable looked) {
    this.environment = context.environment();
    this.loop = context.loop();
    this.settings = context.settings();
    this.sightings = sightings;
    this.closerLook = closerLook;
    this.looked = looked;
  }

  /** The table was looked at and will be again in so long. */
  void nextLookIn(Duration interval) {
    if (interval.compareTo(settings.failoverTime()) <= 0) {
      stop();
      return;
    }
    Set<String> others = sightings.workers().live(environment.now());
    others.addAll(sightings.oursThatHold()); // one that died stays until its leases are taken
    neighbours = next(settings.workerId(), others, NEIGHBOURS);
    suspectedNanos.keySet().retainAll(neighbours);
    if (!running) {
      running = true;
      timer = loop.schedule(pace(), this::watch);
    }
  }

  void stop() {
    running = false;
    neighbours = Set.of();
    timer.cancel();
  }

  /** Whether it is this worker that notices when the owner of a lease dies. */
  boolean watches(Lease lease) {
    return lease.owner() != null && neighbours.contains(lease.owner());
  }

  /** The next workers after {@code self} on a ring that all see alike; all when they are so few. */
  static Set<String> next(String self, Collection<String> others, int count) {
    Set<String> all = new TreeSet<>(others);
    all.add(self);
    List<String> ring = LeasePlanner.preference(new LeaseKey("ring"), all);
    int place = ring.indexOf(self);
    Set<String> next = new TreeSet<>();
    for (int i = 1; i <= count && i < ring.size(); i++) {
      next.add(ring.get((place + i) % ring.size()));
    }
    return next;
  }

  private Duration pace() {
    return settings.failoverTime().dividedBy(5);
  }

  private void watch() {
    timer = loop.schedule(pace(), this::watch);
    Set<LeaseKey> keys = new TreeSet<>();
    for (String neighbour : neighbours) {
      keys.addAll(worthALook(neighbour));
    }
    if (!keys.isEmpty()) {
      loop.whenDone(
          closerLook.at(keys),
          seen -> {
            if (running) {
              looked.run();
            }
          },
          failure -> {});
    }
  }

  /** One lease of a worker that lives; all of one that may be dead, but not with every look. */
  private List<LeaseKey> worthALook(String neighbour) {
    List<LeaseKey> owned = sightings.unfinishedOf(neighbour);
    if (owned.isEmpty()) {
      return List.of();
    }
    long now = environment.nanoTime();
    LeaseKey first = owned.get(0);
    if (!sightings.stoodStill(first)) {
      suspectedNanos.remove(neighbour);
      return List.of(first);
    }
    long again = settings.failoverTime().multipliedBy(3).dividedBy(5).toNanos();
    Long before = suspectedNanos.get(neighbour);
    if (before != null && now - before < again) {
      return List.of(first);
    }
    suspectedNanos.put(neighbour, now);
    return owned;
  }
}
