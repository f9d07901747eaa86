package org.openkcl.benchmarks.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.plan.FleetView;
import org.openkcl.leases.plan.LeasePlan;
import org.openkcl.leases.plan.LeasePlanner;
import org.openkcl.leases.plan.PlanSettings;

/**
 * One plan for 10,000 leases and 500 workers, from the list of leases on; {@code benchmarks/run
 * planner} does it for more kinds of fleets.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PlannerBenchmark {
  private static final int LEASES = 10_000;
  private static final int WORKERS = 500;

  /** How the fleet stands. */
  public enum Fleet {
    BALANCED,
    HALF_OF_THE_WORKERS_NEW,
    NOTHING_OWNED;

    private @Nullable String ownerOf(int lease) {
      return switch (this) {
        case BALANCED -> worker(lease % WORKERS);
        case HALF_OF_THE_WORKERS_NEW -> worker(lease % (WORKERS / 2));
        case NOTHING_OWNED -> null;
      };
    }
  }

  @Param
  public Fleet fleet = Fleet.BALANCED;

  private List<FleetView.Holding> leases = List.of();
  private TreeSet<String> workers = new TreeSet<>();

  @Setup(Level.Trial)
  public void prepare() {
    SplittableRandom chance = new SplittableRandom(42);
    workers = new TreeSet<>();
    for (int i = 0; i < WORKERS; i++) {
      workers.add(worker(i));
    }
    leases = new ArrayList<>();
    for (int i = 0; i < LEASES; i++) {
      double throughput = Math.min(1_000, 20 / (1 - chance.nextDouble()));
      LeaseKey key = new LeaseKey(String.format(Locale.ROOT, "shardId-%012d", i));
      leases.add(new FleetView.Holding(key, fleet.ownerOf(i), throughput, null, null));
    }
  }

  @Benchmark
  public LeasePlan plan() {
    return LeasePlanner.plan(FleetView.of(leases, workers), PlanSettings.DEFAULT, 0);
  }

  private static String worker(int number) {
    return String.format(Locale.ROOT, "host-%04d:1b9d6bcd", number);
  }
}
