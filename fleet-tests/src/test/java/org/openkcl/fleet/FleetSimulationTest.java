package org.openkcl.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.openkcl.shard.ShardEvent;
import org.openkcl.shard.ShardMachine;
import org.openkcl.testkit.Fleet;
import org.openkcl.testkit.Simulation;
import org.openkcl.testkit.Storm;

/**
 * Whole fleets of production workers in ten minutes of bad weather. The rules of every fleet are
 * checked after every event.
 */
final class FleetSimulationTest {
  private static final Duration STORM = Duration.ofMinutes(10);
  private static final int USUAL_RUN = 2_000;
  private static final int VERY_LONG_RUN = 20_000;
  /** What a call takes at most: a processor that stalls does for one to two minutes. */
  private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

  private static final SimulationReport REPORT = new SimulationReport();

  /**
   * Seed 2610: a lease of a finished shard changes hands after the storm. Seed 10010: a start fails
   * for good when shards have been begun already.
   */
  @Simulation(
      seeds = USUAL_RUN,
      also = {2_610, 10_010})
  @Execution(ExecutionMode.CONCURRENT)
  void everythingIsProcessedInOrderWhateverHappens(Fleet fleet) {
    new Storm(fleet).gather().rage(STORM);
    Duration stormEnd = fleet.now();
    fleet.runUntilCalm();
    Duration calming = fleet.now().minus(stormEnd);
    handOverWithoutDuplicates(fleet);

    assertThat(fleet.now()).isGreaterThanOrEqualTo(STORM);
    assertThat(fleet.happenings().faults()).isGreaterThanOrEqualTo(3);
    assertThat(fleet.happenings().reshards()).isGreaterThanOrEqualTo(1);
    REPORT.add(fleet, calming);
  }

  /**
   * After the storm a worker comes and one goes, and no record comes twice: if no call outlasts the
   * drain time-out, so calls that stall since the storm have to be over.
   */
  private static void handOverWithoutDuplicates(Fleet fleet) {
    fleet.runFor(LONGEST_CALL);
    List<String> there = fleet.serving();
    String leaving = there.get(fleet.chance().nextInt(there.size()));
    fleet.forbidDuplicates().produce(5, Duration.ofSeconds(1)).start("heir");
    fleet.runFor(Duration.ofSeconds(10)).stop(leaving);
    fleet.runUntilCalm();
  }

  @AfterAll
  static void everyTransitionWasVisitedOften() throws IOException {
    REPORT.write();
    if (REPORT.runs() >= USUAL_RUN) {
      long visitsMin = REPORT.runs() >= VERY_LONG_RUN ? 100 : 1;
      assertThat(ShardMachine.rows())
          .filteredOn(row -> !isBeyondReach(row))
          .allSatisfy(row -> assertThat(REPORT.visits(row)).isGreaterThanOrEqualTo(visitsMin));
    }
  }

  /**
   * What these fleets do not do: retry shutdownRequested, which is a policy; pause; wait for a service
   * that never answers; or end a call in the moment in which its lease is given up. EveryTransitionTest
   * does it all.
   */
  private static boolean isBeyondReach(ShardMachine.Row row) {
    return switch (row.from()) {
      case DRAINING ->
        row.event() == ShardEvent.CALL_FAILED
            || row.event() == ShardEvent.RETRY_DUE
            || row.when() == ShardMachine.When.IDLE;
      case RELEASING -> row.event() != ShardEvent.RELEASE_DONE;
      case CONSUMING -> row.event() == ShardEvent.READING_DUE;
      case AWAITING_PARENTS, STARTING, ENDING, ENDED, RELEASED, LOST -> false;
    };
  }
}
