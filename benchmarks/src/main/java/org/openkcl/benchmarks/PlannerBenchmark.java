package org.openkcl.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.plan.FleetView;
import org.openkcl.leases.plan.LeasePlan;
import org.openkcl.leases.plan.LeasePlanner;
import org.openkcl.leases.plan.PlanSettings;

/**
 * Times {@link LeasePlanner} on a fleet of 500 workers and 10,000 leases, run by {@code
 * benchmarks/run planner}. The time includes the making of the view from a list of leases; it is
 * the processor time of the planning thread, so that a busy machine does not distort it, beside what
 * the clock on the wall says.
 */
final class PlannerBenchmark {
  private static final int LEASES = 10_000;
  private static final int WORKERS = 500;
  private static final int WARM_UP = 100;
  private static final int ROUNDS = 100;
  private static final double LIMIT_MILLIS = 100;

  private PlannerBenchmark() {}

  /** One state of the fleet: who owns the lease of a number. */
  private record Case(String name, int workers, IntFunction<String> owner) {}

  public static void main(String[] args) {
    System.out.println(Conditions.describe());
    System.out.printf(
        "%n%d leases, %d workers; median, 99th percentile and worst of %d plans after %d%n%n",
        LEASES, WORKERS, ROUNDS, WARM_UP);
    System.out.println(
        "| | claims | moves | median, ms | p99, ms | worst, ms | wall, median, ms |");
    System.out.println("|---|---|---|---|---|---|---|");
    SplittableRandom chance = new SplittableRandom(1);
    List<Case> cases = List.of(
        new Case("balanced by count, loads differ", WORKERS, i -> worker(i % WORKERS)),
        new Case("nobody owns anything", WORKERS, i -> ""),
        new Case(
            "ten workers have died",
            WORKERS - 10,
            i -> i % WORKERS < WORKERS - 10 ? worker(i % WORKERS) : ""),
        new Case("half of the workers have just come", WORKERS, i -> worker(i % (WORKERS / 2))),
        new Case("one worker owns everything", WORKERS, i -> worker(0)),
        new Case("owners at random", WORKERS, i -> worker(chance.nextInt(WORKERS))));
    boolean missed = false;
    for (Case one : cases) {
      missed |= time(one) > LIMIT_MILLIS;
    }
    System.exit(missed ? 1 : 0);
  }

  private static double time(Case fleet) {
    SplittableRandom chance = new SplittableRandom(42);
    TreeSet<String> workers = new TreeSet<>();
    for (int i = 0; i < fleet.workers(); i++) {
      workers.add(worker(i));
    }
    List<FleetView.Holding> leases = new ArrayList<>();
    for (int i = 0; i < LEASES; i++) {
      String owner = fleet.owner().apply(i);
      double throughput = Math.min(1_000, 20 / (1 - chance.nextDouble()));
      leases.add(new FleetView.Holding(
          new LeaseKey("shardId-%012d".formatted(i)),
          owner.isEmpty() ? null : owner,
          throughput,
          null,
          null));
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double[] millis = new double[ROUNDS];
    double[] wall = new double[ROUNDS];
    LeasePlan plan = LeasePlan.NONE;
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      long began = threads.getCurrentThreadCpuTime();
      long beganWall = System.nanoTime();
      plan = LeasePlanner.plan(FleetView.of(leases, workers), PlanSettings.DEFAULT, 0);
      if (round >= 0) {
        millis[round] = (threads.getCurrentThreadCpuTime() - began) / 1e6;
        wall[round] = (System.nanoTime() - beganWall) / 1e6;
      }
    }
    Arrays.sort(millis);
    Arrays.sort(wall);
    double worst = millis[ROUNDS - 1];
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %.1f | %.1f | %.1f | %.1f |%n",
        fleet.name(),
        plan.claims().size(),
        plan.moves().size(),
        millis[ROUNDS / 2],
        millis[ROUNDS * 99 / 100],
        worst,
        wall[ROUNDS / 2]);
    return millis[ROUNDS / 2];
  }

  private static String worker(int number) {
    return "host-%04d:1b9d6bcd".formatted(number);
  }
}
