package org.openkcl.testkit;

import java.time.Duration;
import java.util.SplittableRandom;
import org.openkcl.environment.Simulation;

/** Records that are put on the fleet's stream again and again, until told otherwise. */
final class Production {
  private final Simulation world;
  private final StreamHistory stream;
  private final SplittableRandom chance;
  private int run;

  Production(Simulation world, StreamHistory stream, SplittableRandom chance) {
    this.world = world;
    this.stream = stream;
    this.chance = chance;
  }

  /** Puts up to so many records at intervals of up to {@code most}, in place of what was before. */
  void begin(int records, Duration most) {
    next(records, most, ++run);
  }

  void end() {
    run++;
  }

  private void next(int records, Duration most, int thisRun) {
    world.schedule(Duration.ofNanos(chance.nextLong(most.toNanos() + 1)), () -> {
      if (run == thisRun) {
        stream.put(1 + chance.nextInt(records), chance);
        next(records, most, thisRun);
      }
    });
  }
}
