package org.openkcl.leases.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A fleet without any I/O, for comparing deciders: shards with load, workers that own them, and
 * handovers that take {@value #HANDOVER_SECONDS} s. All deciders see the same load; what differs is
 * what they do.
 */
final class SimulatedLoadFleet {
  static final double STEP_SECONDS = 10 / 3.0;
  static final double HANDOVER_SECONDS = 5;

  /** A shard's lease. */
  static final class Shard {
    final int number;
    double load;
    double mean;
    double slow;
    double phase;

    @Nullable
    Double measured;

    @Nullable
    Worker owner;

    @Nullable
    Worker next;

    double arrivesAt;
    double freeSince = -3_600;

    Shard(int number) {
      this.number = number;
    }

    /** Who has it, or gets it when a handover is under way. */
    @Nullable
    Worker target() {
      return next != null ? next : owner;
    }

    /** Whether somebody reads it. */
    boolean isRead() {
      return owner != null && owner.diedAt < 0;
    }
  }

  /** A worker of the fleet. */
  static final class Worker {
    final String id;
    final double bornAt;
    double diedAt = -1;
    double load;

    Worker(String id, double bornAt) {
      this.id = id;
      this.bornAt = bornAt;
    }
  }

  /** Who shares the leases out. */
  interface Decider {
    void decide(SimulatedLoadFleet fleet);
  }

  final List<Shard> shards = new ArrayList<>();
  final Map<String, Worker> workers = new TreeMap<>();
  final SplittableRandom chance;
  final Score score = new Score();
  double now;
  private final Scenario scenario;
  private final SplittableRandom weather;
  private int born;

  SimulatedLoadFleet(Scenario scenario, long seed) {
    this.scenario = scenario;
    this.weather = new SplittableRandom(seed);
    this.chance = new SplittableRandom(seed + 1);
    for (int i = 0; i < scenario.leases(); i++) {
      Shard shard = new Shard(i);
      shard.phase = weather.nextDouble() * 2 * Math.PI;
      shards.add(shard);
    }
    shift();
    birth(scenario.workers());
  }

  /** Runs the whole scenario. */
  Score run(Decider decider) {
    List<Scenario.Event> left = new ArrayList<>(scenario.events());
    double end = scenario.minutes() * 60.0;
    while (now < end) {
      now += STEP_SECONDS;
      while (!left.isEmpty() && left.get(0).atMinute() * 60.0 <= now) {
        happen(left.remove(0));
      }
      blow();
      finishHandovers();
      decider.decide(this);
      score.look(this);
    }
    return score;
  }

  // What deciders do

  /** A handover from a living worker. */
  void move(Shard shard, Worker to) {
    if (shard.next == null && shard.owner != to) {
      shard.next = to;
      shard.arrivesAt = now + HANDOVER_SECONDS;
      score.moves++;
    }
  }

  /** Takes what nobody reads. */
  void claim(Shard shard, Worker to) {
    shard.owner = to;
    shard.next = null;
    score.claims++;
  }

  List<Worker> living() {
    return List.copyOf(workers.values());
  }

  // What happens by itself

  private void happen(Scenario.Event event) {
    score.events++;
    switch (event.kind()) {
      case JOIN -> birth(event.count());
      case SHIFT -> shift();
      case LEAVE, CRASH -> {
        for (int i = 0; i < event.count() && workers.size() > 1; i++) {
          Worker victim = living().get(weather.nextInt(workers.size()));
          workers.remove(victim.id);
          victim.diedAt = now;
          orphan(victim, event.kind() == Scenario.Kind.LEAVE);
        }
      }
    }
    score.unsettled(now);
  }

  private void orphan(Worker gone, boolean inOrder) {
    for (Shard shard : shards) {
      if (shard.next == gone) {
        shard.next = null;
      }
      if (shard.owner == gone) {
        shard.freeSince = now;
        if (inOrder) {
          shard.owner = null;
        }
        if (shard.next != null) {
          shard.owner = shard.next;
          shard.next = null;
        }
      }
    }
  }

  private void birth(int count) {
    for (int i = 0; i < count; i++) {
      String id = "worker-%03d".formatted(++born);
      workers.put(id, new Worker(id, now));
    }
  }

  private void shift() {
    double[] means = scenario.meanLoads(weather);
    shards.forEach(shard -> shard.mean = means[shard.number]);
  }

  private void blow() {
    double day = now / 86_400 * 2 * Math.PI;
    for (Shard shard : shards) {
      shard.slow = 0.99 * shard.slow + 0.14 * 0.15 * Scenario.gaussian(weather);
      double swing = 1 + scenario.diurnal() * Math.sin(day + shard.phase);
      shard.load = shard.mean * swing * Math.exp(shard.slow);
      double window = shard.load * Math.exp(scenario.noise() * Scenario.gaussian(weather));
      if (shard.isRead()) {
        shard.measured = shard.measured == null ? window : (shard.measured + window) / 2;
      }
    }
  }

  private void finishHandovers() {
    for (Shard shard : shards) {
      if (shard.next != null && now >= shard.arrivesAt) {
        shard.owner = shard.next;
        shard.next = null;
      }
    }
  }

  /** What a run came to. */
  static final class Score {
    private static final double SETTLED = 1.25;

    int moves;
    int claims;
    int events;
    private double unsettledSince;
    private final List<Double> settling = new ArrayList<>();
    private final List<Double> peaks = new ArrayList<>();
    private final List<Double> excess = new ArrayList<>();
    private double unreadLeaseSeconds;
    private double hours;

    void unsettled(double now) {
      if (unsettledSince >= 0) {
        settling.add(now - unsettledSince);
      }
      unsettledSince = now;
    }

    void look(SimulatedLoadFleet fleet) {
      fleet.workers.values().forEach(worker -> worker.load = 0);
      double sum = 0;
      double hottest = 0;
      for (Shard shard : fleet.shards) {
        sum += shard.load;
        hottest = Math.max(hottest, shard.load);
        if (shard.isRead()) {
          requireOwner(shard).load += shard.load;
        } else {
          unreadLeaseSeconds += STEP_SECONDS;
        }
      }
      double mean = sum / fleet.workers.size();
      double most =
          fleet.workers.values().stream().mapToDouble(w -> w.load).max().orElse(0);
      double best = Math.max(1, hottest / mean);
      boolean allRead = fleet.shards.stream().allMatch(Shard::isRead);
      if (unsettledSince >= 0 && allRead && most / mean <= SETTLED * best) {
        settling.add(fleet.now - unsettledSince);
        unsettledSince = -1;
      }
      peaks.add(most / mean);
      excess.add(most / mean / best);
      hours = fleet.now / 3_600;
    }

    private static Worker requireOwner(Shard shard) {
      return java.util.Objects.requireNonNull(shard.owner);
    }

    double movesPerHour() {
      return moves / hours;
    }

    /** The mean over time of the busiest worker's load, in mean loads. */
    double meanPeak() {
      return peaks.stream().mapToDouble(p -> p).average().orElse(0);
    }

    /** The same against the best that any plan could reach with that hottest shard. */
    double meanExcess() {
      return excess.stream().mapToDouble(p -> p).average().orElse(0);
    }

    double peak(double quantile) {
      List<Double> sorted = peaks.stream().sorted().toList();
      return sorted.get((int) Math.min(sorted.size() - 1, quantile * sorted.size()));
    }

    /** Mean seconds from an event to a fleet in which all is read and nobody has too much. */
    double meanSettling() {
      return settling.stream().mapToDouble(s -> s).average().orElse(0);
    }

    double longestSettling() {
      return settling.stream().mapToDouble(s -> s).max().orElse(0);
    }

    double unreadLeaseMinutes() {
      return unreadLeaseSeconds / 60;
    }
  }
}
