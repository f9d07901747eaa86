package org.openkcl.fleet;

import org.openkcl.testkit.Fleet;
import org.openkcl.testkit.Simulation;
import org.openkcl.testkit.Storm;

final class FleetSimulationTest {
  private static final int ROUNDS = 20;

  @Simulation(seeds = 500)
  void everythingIsProcessedInOrderWhateverHappens(Fleet fleet) {
    new Storm(fleet).gather().rage(ROUNDS);
    fleet.runUntilCalm(); // the rules were checked after every event
  }
}
