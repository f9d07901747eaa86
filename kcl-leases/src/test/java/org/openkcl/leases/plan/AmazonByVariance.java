package org.openkcl.leases.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.openkcl.leases.plan.SimulatedLoadFleet.Shard;
import org.openkcl.leases.plan.SimulatedLoadFleet.Worker;

/**
 * The lease assignment manager of Amazon's 3.x, restated: a leader that every 20 s gives free leases
 * to whoever has most headroom, and every third time takes leases from workers above a band of 10 %
 * around the mean of a metric. The metric is CPU, reported every 30 s, or, on machines where that
 * cannot be had, the throughput of the assigned leases.
 */
final class AmazonByVariance implements SimulatedLoadFleet.Decider {
  private static final double INTERVAL = 20;
  private static final int BALANCE_EVERY = 3;
  private static final double REPORT_INTERVAL = 30;
  private static final double BAND = 0.10;
  private static final double DAMPENING = 0.60;
  private static final double ALPHA = 0.5;
  private static final int REPORTS_KEPT = 10;
  private static final double RANGE_MAX = 100;

  private final boolean byCpu;
  private final Map<String, Cpu> cpus = new HashMap<>();
  private double nextRound;
  private double lastRound = -1;
  private int round;

  /** What a worker reports of its CPU: 5 % at rest, 50 % at the fleet's mean load. */
  private static final class Cpu {
    double sum;
    int samples;
    double nextReport;
    final Deque<Double> reports = new ArrayDeque<>();
  }

  /** A worker as the leader sees it in one round. */
  private static final class Metric {
    final Worker worker;
    final List<Shard> shards = new ArrayList<>();
    double value;
    double throughput;

    Metric(Worker worker) {
      this.worker = worker;
    }

    double headroom(double mean) {
      return value == 0 ? 1 : (mean - value) / value;
    }
  }

  AmazonByVariance(boolean byCpu) {
    this.byCpu = byCpu;
  }

  @Override
  public void decide(SimulatedLoadFleet fleet) {
    measure(fleet);
    if (fleet.now >= nextRound) {
      nextRound = fleet.now + INTERVAL;
      assign(fleet);
      lastRound = fleet.now;
      round++;
    }
  }

  private void measure(SimulatedLoadFleet fleet) {
    double mean =
        fleet.shards.stream().mapToDouble(shard -> shard.load).sum() / fleet.workers.size();
    for (Worker worker : fleet.living()) {
      Cpu cpu = cpus.computeIfAbsent(worker.id, id -> {
        Cpu fresh = new Cpu();
        fresh.nextReport = worker.bornAt + 2;
        return fresh;
      });
      double busy = 5 + 45 * worker.load / mean + 3 * Scenario.gaussian(fleet.chance);
      cpu.sum += Math.max(0, Math.min(100, busy));
      cpu.samples++;
      if (fleet.now >= cpu.nextReport) {
        cpu.reports.add(cpu.sum / cpu.samples);
        if (cpu.reports.size() > REPORTS_KEPT) {
          cpu.reports.remove();
        }
        cpu.sum = 0;
        cpu.samples = 0;
        cpu.nextReport = fleet.now + REPORT_INTERVAL;
      }
    }
  }

  private void assign(SimulatedLoadFleet fleet) {
    Map<Worker, Metric> metrics = new HashMap<>();
    for (Worker worker : fleet.living()) {
      if (!Objects.requireNonNull(cpus.get(worker.id)).reports.isEmpty()) {
        metrics.put(worker, new Metric(worker));
      }
    }
    if (metrics.isEmpty()) {
      return;
    }
    double known = fleet.shards.stream()
        .filter(shard -> shard.measured != null)
        .mapToDouble(shard -> Objects.requireNonNull(shard.measured))
        .average()
        .orElse(0);
    List<Shard> free = new ArrayList<>();
    for (Shard shard : fleet.shards) {
      Worker owner = shard.target();
      Metric metric = owner == null ? null : metrics.get(owner);
      if (metric != null) {
        metric.shards.add(shard);
        metric.throughput += throughput(shard, known);
      } else if (owner == null || (owner.diedAt >= 0 && lastRound >= owner.diedAt)) {
        free.add(shard); // its counter stood still from one round to the next
      }
    }
    double target = known * fleet.shards.size() / metrics.size();
    List<Metric> all = new ArrayList<>(metrics.values());
    all.sort(Comparator.comparing(metric -> metric.worker.id));
    all.forEach(metric -> metric.value = valueOf(metric, target));
    Round plan = new Round(fleet, all, known, target);
    plan.giveOut(free);
    if (round % BALANCE_EVERY == 0) {
      plan.balance();
    }
  }

  private double valueOf(Metric metric, double target) {
    if (!byCpu) {
      return target == 0 ? 0 : metric.throughput / target * 100;
    }
    double average = -1;
    for (double report : Objects.requireNonNull(cpus.get(metric.worker.id)).reports) {
      average = average < 0 ? report : ALPHA * report + (1 - ALPHA) * average;
    }
    return average;
  }

  private static double throughput(Shard shard, double unknown) {
    return shard.measured == null ? unknown : shard.measured;
  }

  /** One round of the leader. */
  private static final class Round {
    private final SimulatedLoadFleet fleet;
    private final List<Metric> workers;
    private final double known;
    private final double target;
    private final double mean;
    private final PriorityQueue<Metric> queue;

    Round(SimulatedLoadFleet fleet, List<Metric> workers, double known, double target) {
      this.fleet = fleet;
      this.workers = workers;
      this.known = known;
      this.target = target;
      this.mean = workers.stream().mapToDouble(w -> w.value).average().orElse(0);
      this.queue = new PriorityQueue<>(
          Comparator.comparingDouble((Metric metric) -> -metric.headroom(mean)));
      queue.addAll(workers);
    }

    void giveOut(List<Shard> free) {
      for (Shard shard : free) {
        Metric most = queue.remove();
        fleet.claim(shard, most.worker);
        load(most, shard);
        queue.add(most);
      }
    }

    private void load(Metric metric, Shard shard) {
      metric.value += increase(shard);
    }

    private double increase(Shard shard) {
      int perWorker = Math.max(1, fleet.shards.size() / workers.size());
      return target == 0 ? mean / perWorker : throughput(shard, known) * mean / target;
    }

    void balance() {
      boolean outside = workers.stream()
          .anyMatch(w ->
              w.value < mean * (1 - BAND) || w.value > mean * (1 + BAND) || w.value > RANGE_MAX);
      if (!outside) {
        return;
      }
      List<Metric> sources = new ArrayList<>(workers.stream()
          .filter(w -> w.value >= mean * (1 + BAND) || w.value > RANGE_MAX)
          .toList());
      if (sources.isEmpty()) {
        workers.stream().max(Comparator.comparingDouble(w -> w.value)).ifPresent(sources::add);
      }
      sources.sort(Comparator.comparingDouble((Metric source) -> -toTake(source)));
      for (Metric source : sources) {
        moveFrom(source);
      }
    }

    private double toTake(Metric source) {
      return source.throughput * (source.value - mean) / source.value * DAMPENING;
    }

    private void moveFrom(Metric source) {
      for (Shard shard : chosen(source)) {
        Metric to = queue.poll();
        if (to == null) {
          return;
        }
        if (to == source) {
          queue.add(to);
          return;
        }
        double more = increase(shard);
        if (to.value + more > mean || to.value + more > RANGE_MAX) {
          return; // and the polled worker is not put back
        }
        to.value += more;
        queue.add(to);
        if (shard.next == null) {
          fleet.move(shard, to.worker);
        }
      }
    }

    private List<Shard> chosen(Metric source) {
      double remaining = toTake(source);
      List<Shard> chosen = new ArrayList<>();
      if (source.throughput == 0) {
        return source.shards.stream().limit(1).toList();
      }
      for (Shard shard : AmazonByCount.shuffled(fleet, source.shards)) {
        double throughput = throughput(shard, known);
        if (remaining - throughput > 0) {
          chosen.add(shard);
          remaining -= throughput;
        }
      }
      if (chosen.isEmpty()) {
        source.shards.stream()
            .min(Comparator.comparingDouble(shard -> throughput(shard, known)))
            .ifPresent(chosen::add);
      }
      return chosen;
    }
  }
}
