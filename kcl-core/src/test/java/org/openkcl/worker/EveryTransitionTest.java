package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openkcl.FailurePolicies;
import org.openkcl.FailurePolicy;
import org.openkcl.ProcessorCall;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.leases.Lease;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.memory.TableFaults;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.shard.ShardMachine;

/** Workers that are treated badly until every row of the table has been seen in production code. */
class EveryTransitionTest {
  private static final int MOST_RUNS = 400;
  private static final Duration STUCK = Duration.ofSeconds(90);

  @Test
  void everyTransitionIsVisitedByProductionCodeAndNothingIsLost() {
    Map<ShardMachine.Row, Integer> visits = new HashMap<>();
    int runs = 0;
    while (visits.size() < ShardMachine.rows().size() && runs < MOST_RUNS) {
      play(++runs).forEach((row, count) -> visits.merge(row, count, Integer::sum));
    }
    List<ShardMachine.Row> missed = new ArrayList<>(ShardMachine.rows());
    missed.removeAll(visits.keySet());
    assertThat(missed).as("rows not visited in %d runs", runs).isEmpty();
  }

  private static Map<ShardMachine.Row, Integer> play(long seed) {
    boolean rough = seed % 2 == 1;
    SplittableRandom chance = new SplittableRandom(seed);
    try (SimulatedWorkers workers = new SimulatedWorkers(seed, 2)) {
      FailurePolicies policies =
          FailurePolicies.DEFAULT.withShutdownRequested(FailurePolicy.retry());
      workers.handling(h -> (rough ? h.with(policies) : h).with(STUCK, h.stallTimeout()));
      Duration latency = Duration.ofMillis(rough ? 1_000 : 10);
      workers.tableFaults(new TableFaults(latency, 0, 0, 0));
      boolean[] calm = {false};
      for (String id : List.of("a", "b")) {
        if (rough) {
          start(workers, id, chance, calm);
        } else {
          startGently(workers, id, chance, calm);
        }
      }
      for (int i = 0; i < 8; i++) {
        workers.stream.put(chance.nextInt(2), 1 + chance.nextInt(12));
        workers.runFor(Duration.ofMillis(chance.nextInt(8_000)));
        if (rough) {
          disturb(workers, chance, i, calm);
        } else {
          disturbGently(workers, chance, i, calm);
        }
      }
      calm[0] = true;
      workers.tableFaults(TableFaults.NONE);
      workers.start("last", process -> new BufferingProcessor(workers, 0, call -> {}));
      workers.stopAllBut("last");
      workers.runUntil(
          "everything processed, seed " + seed,
          900,
          () -> new TreeSet<>(workers.processed).containsAll(workers.stream.all()));
      return workers.visits;
    }
  }

  /** Calls are mostly short, one lease at a time is lost. */
  private static void startGently(
      SimulatedWorkers workers, String id, SplittableRandom chance, boolean[] calm) {
    workers.start(
        id,
        process -> new BufferingProcessor(workers, 7, call -> {
          if (calm[0]) {
            return;
          }
          int drawn = chance.nextInt(100);
          if (drawn < 25) {
            process.pause(Duration.ofMillis(chance.nextInt(6_000)));
          } else if (drawn < 27) {
            process.pause(Duration.ofSeconds(30 + chance.nextInt(120)));
          }
          if (chance.nextInt(100) < 30) {
            throw new IllegalStateException("drawn");
          }
        }));
  }

  private static void start(
      SimulatedWorkers workers, String id, SplittableRandom chance, boolean[] calm) {
    workers.start(
        id,
        process -> new BufferingProcessor(workers, 7, call -> mishap(call, process, chance, calm)) {
          @Override
          public void shardEnded(ShardEndedInput input) throws Exception {
            if (calm[0] || chance.nextInt(100) < 60) {
              super.shardEnded(input);
            } // else it forgets what it keeps
          }
        });
  }

  private static void mishap(
      ProcessorCall call, SimulatedEnvironment process, SplittableRandom chance, boolean[] calm) {
    if (calm[0]) {
      return;
    }
    boolean atTheEnd =
        call == ProcessorCall.SHARD_ENDED || call == ProcessorCall.SHUTDOWN_REQUESTED;
    int drawn = chance.nextInt(100);
    if (drawn < 8) {
      process.pause(STUCK.plusMillis(chance.nextInt(4_000)));
    } else if (drawn < (atTheEnd ? 60 : 30)) {
      process.pause(Duration.ofMillis(chance.nextInt(atTheEnd ? 12_000 : 6_000)));
    }
    if (chance.nextInt(100) < (drawn < 8 || atTheEnd ? 50 : 30)) {
      throw new IllegalStateException("drawn");
    }
  }

  private static void disturb(
      SimulatedWorkers workers, SplittableRandom chance, int step, boolean[] calm) {
    switch (chance.nextInt(6)) {
      case 0, 1 -> workers.stream.split(chance.nextInt(2));
      case 2 -> workers.worker(chance.nextBoolean() ? "a" : "b").stop();
      case 3 -> start(workers, "w" + step, chance, calm);
      case 4 -> {
        workers.stream.silent(true);
        workers.runFor(Duration.ofSeconds(65));
        workers.stream.silent(false);
      }
      default -> workers.runFor(Duration.ofSeconds(chance.nextInt(20)));
    }
    if (chance.nextInt(3) == 0) {
      workers.runFor(Duration.ofMillis(chance.nextInt(3_000)));
      List.copyOf(workers.table.rows().values())
          .forEach(lease -> seize(workers, lease, chance.nextInt(4) == 0 ? "thief" : null));
    }
  }

  private static void disturbGently(
      SimulatedWorkers workers, SplittableRandom chance, int step, boolean[] calm) {
    List<Lease> leases = List.copyOf(workers.table.rows().values());
    switch (chance.nextInt(6)) {
      case 0 -> workers.stream.split(chance.nextInt(2));
      case 1 -> {
        if (!leases.isEmpty()) {
          seize(workers, leases.get(chance.nextInt(leases.size())), "thief");
        }
      }
      case 2 -> workers.worker(chance.nextBoolean() ? "a" : "b").stop();
      case 3 -> startGently(workers, "w" + step, chance, calm);
      case 4 -> {
        workers.stream.silent(true);
        workers.runFor(Duration.ofSeconds(65));
        workers.stream.silent(false);
      }
      default -> workers.runFor(Duration.ofSeconds(chance.nextInt(20)));
    }
  }

  /** Somebody who is never heard of again takes a lease, or an operator sets it free. */
  private static void seize(SimulatedWorkers workers, Lease lease, @Nullable String owner) {
    if (!lease.isFinished()) {
      workers.table.put(new Lease(
          lease.key(),
          new Ownership(owner, null, lease.counter() + 1, 0, null),
          lease.progress(),
          lease.shard(),
          lease.throughputKBps(),
          lease.lagSeconds()));
    }
  }
}
