package org.openkcl.fleet.mixed;

import static org.openkcl.fleet.mixed.Library.OPENKCL;
import static org.openkcl.fleet.mixed.Library.PREVIOUS;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Today's workers in one fleet with those of an earlier commit, which {@code
 * -Dopenkcl.previous=COMMIT} names: rolled out worker by worker, and rolled back.
 */
@EnabledIfSystemProperty(named = "openkcl.previous", matches = ".+")
class ReleasesTogetherIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void rollOutAndRollBack() throws Exception {
    Scenario.play("previous-openkcl", Pace.USUAL, 16, fleet -> {
      fleet.start("previous-1", PREVIOUS);
      fleet.start("previous-2", PREVIOUS);
      fleet.awaitShares(PATIENCE, 0, "previous-1", "previous-2");
      fleet.start("today-1", OPENKCL);
      fleet.awaitShares(PATIENCE, 0, "previous-1", "previous-2", "today-1");
      fleet.stop("previous-1");
      fleet.awaitShares(PATIENCE, 0, "previous-2", "today-1");
      fleet.start("today-2", OPENKCL);
      fleet.stop("previous-2");
      fleet.awaitShares(PATIENCE, 0, "today-1", "today-2");
      fleet.start("previous-3", PREVIOUS);
      fleet.stop("today-1");
      fleet.awaitShares(PATIENCE, 0, "previous-3", "today-2");
      fleet.kill("today-2");
      fleet.awaitShares(PATIENCE, 0, "previous-3");
    });
  }
}
