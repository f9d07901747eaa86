package org.openkcl.leases.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openkcl.leases.plan.Scenario.Event;
import org.openkcl.leases.plan.Scenario.Kind;
import org.openkcl.leases.plan.Scenario.Skew;
import org.openkcl.leases.plan.SimulatedLoadFleet.Decider;
import org.openkcl.leases.plan.SimulatedLoadFleet.Score;

/** The planner beside Amazon's deciders on small simulated fleets; the large ones: PlannerReport. */
class DecidersTest {
  private static final Event[] LIFE = {
    new Event(40, Kind.JOIN, 1), new Event(80, Kind.CRASH, 1), new Event(120, Kind.LEAVE, 1)
  };

  private static Score run(Scenario scenario, Decider decider) {
    return new SimulatedLoadFleet(scenario, 7).run(decider);
  }

  @Test
  void aSettledFleetUnderNoiseStaysAsItIs() {
    Scenario quiet = new Scenario("quiet", 4, 64, 120, Skew.EVEN);
    assertThat(run(quiet, new OwnDecider(PlanSettings.DEFAULT)).moves).isLessThan(5);
  }

  @Test
  void skewedLoadIsAsEvenAsUnderAmazonsDecidersWithFewerMoves() {
    for (Skew skew : new Skew[] {Skew.UNEVEN, Skew.ZIPF}) {
      Scenario scenario = new Scenario(skew.name(), 6, 90, 150, skew, LIFE);
      Score ours = run(scenario, new OwnDecider(PlanSettings.DEFAULT));
      Score byCpu = run(scenario, new AmazonByVariance(true));
      Score byThroughput = run(scenario, new AmazonByVariance(false));
      Score byCount = run(scenario, new AmazonByCount());
      assertThat(ours.meanExcess()).as("%s", skew).isLessThan(byCpu.meanExcess() + 0.02);
      assertThat(ours.meanExcess()).as("%s", skew).isLessThan(byThroughput.meanExcess() + 0.02);
      assertThat(ours.meanExcess()).as("%s", skew).isLessThan(byCount.meanExcess());
      assertThat(ours.moves).as("%s", skew).isLessThan(byCpu.moves).isLessThan(byThroughput.moves);
      assertThat(ours.unreadLeaseMinutes()).isLessThan(byCpu.unreadLeaseMinutes());
    }
  }

  @Test
  void aCrashedWorkersLeasesAreReadAgainInTheFirstPlanAfterTheirExpiry() {
    Scenario crash = new Scenario("crash", 5, 50, 20, Skew.UNEVEN, new Event(10, Kind.CRASH, 2));
    Score score = run(crash, new OwnDecider(PlanSettings.DEFAULT));
    assertThat(score.unreadLeaseMinutes() * 60 / score.claims).isLessThan(16);
  }
}
