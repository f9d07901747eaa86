package org.openkcl.leases.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.WorkerCapacity;
import org.openkcl.leases.WorkerMetrics;
import org.openkcl.leases.plan.Objective;
import org.openkcl.leases.plan.PlanSettings;

/** What a fleet is balanced by gets from where it is measured to where it is planned. */
class ObjectivesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int KIB = 1024;

  @Test
  void whoIsBehindIsRelievedWhereLagIsTheObjective() {
    try (SimulatedFleet fleet = fleet(12, Objective.LAG, "a", "b")) {
      String busy = "a";
      Map<String, Boolean> lagging = new TreeMap<>();
      fleet.worker(busy).member.held().forEach(lease -> lagging.put(lease.key().value(), true));
      assertThat(lagging).hasSize(6);
      everySecond(
          fleet,
          worker -> worker
              .member
              .held()
              .forEach(lease -> lease.behind(
                  Duration.ofHours(lagging.containsKey(lease.key().value()) ? 1 : 0))));
      fleet.run(MINUTE.multipliedBy(20));
      for (SimulatedFleet.Worker worker : fleet.workers.values()) {
        assertThat(worker.member.held().stream()
                .filter(lease -> lagging.containsKey(lease.key().value())))
            .as("shards of %s that are behind", worker.id)
            .hasSize(3);
      }
      assertThat(fleet.table.rows().values())
          .allMatch(row -> row.lagSeconds() != null
              && row.lagSeconds() == (lagging.containsKey(row.key().value()) ? 3_600 : 0));
      int moves = fleet.handovers.size();
      fleet.run(MINUTE.multipliedBy(20));
      assertThat(fleet.handovers).as("calm").hasSize(moves);
    }
  }

  @Test
  void lagIsNotWrittenWhereNobodyPlansByIt() {
    try (SimulatedFleet fleet = fleet(4, Objective.THROUGHPUT, "a")) {
      everySecond(fleet, worker -> worker.member.held().forEach(lease -> lease.behind(MINUTE)));
      fleet.run(MINUTE);
      assertThat(fleet.table.rows().values()).allMatch(row -> row.lagSeconds() == null);
    }
  }

  @Test
  void aSlowMachineGetsLessWhereUtilizationIsTheObjective() {
    try (SimulatedFleet fleet = fleet(24, Objective.UTILIZATION, "fast", "slow")) {
      assertThat(fleet.shares()).isEqualTo(Map.of("fast", 12, "slow", 12));
      everySecond(fleet, worker -> {
        worker.member.held().forEach(lease -> lease.processed(100 * KIB));
        double percentOfALease = worker.id.equals("slow") ? 5 : 2.5;
        worker.environment.setCpuPercent(percentOfALease * worker.member.held().size());
      });
      fleet.run(MINUTE.multipliedBy(30));
      assertThat(fleet.shares().get("slow")).isBetween(7, 9); // 8 would be exact
      assertThat(fleet.table.workers().values())
          .allMatch(worker -> worker.metrics().recent(WorkerMetrics.CPU).orElse(0.0) > 30);
      int moves = fleet.handovers.size();
      fleet.run(MINUTE.multipliedBy(20));
      assertThat(fleet.handovers).as("calm").hasSize(moves);
    }
  }

  private static SimulatedFleet fleet(int leases, Objective objective, String... workers) {
    SimulatedFleet fleet = new SimulatedFleet(7, leases);
    for (String worker : List.of(workers)) {
      fleet.start(FleetSettings.of(worker, SimulatedFleet.FAILOVER)
          .with(PlanSettings.DEFAULT.with(objective), WorkerCapacity.EQUAL));
      fleet.run(SECOND.multipliedBy(10));
    }
    return fleet;
  }

  private static void everySecond(SimulatedFleet fleet, Consumer<SimulatedFleet.Worker> task) {
    fleet.world.schedule(SECOND, () -> {
      fleet.workers.values().forEach(task);
      everySecond(fleet, task);
    });
  }
}
