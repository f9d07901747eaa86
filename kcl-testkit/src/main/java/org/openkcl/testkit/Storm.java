package org.openkcl.testkit;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.openkcl.retrieval.PollSettings;

/** Everything that can go wrong, in an order that the fleet's seed decides. */
public final class Storm {
  private static final int MOST_WORKERS = 5;
  private static final int MOST_PAUSE_MILLIS = 6_000;

  private final Fleet fleet;
  private final SplittableRandom chance;
  private int started;

  /** A storm over a fleet that has no workers yet. */
  public Storm(Fleet fleet) {
    this.fleet = fleet;
    this.chance = fleet.chance().split();
  }

  /** Draws a stream, settings and first workers, and begins to put records. */
  public Storm gather() {
    fleet
        .withShards(1 + chance.nextInt(6))
        .failoverTime(Duration.ofSeconds(3 + chance.nextInt(8)))
        .auditInterval(Duration.ofSeconds(15 + chance.nextInt(45)))
        .maxConcurrentCalls(chance.nextInt(4) == 0 ? 1 + chance.nextInt(3) : 256)
        .memoryBudgetBytes(chance.nextInt(4) == 0 ? 500 : 64L << 20)
        .polling(new PollSettings(
            Duration.ofMillis(500 + chance.nextInt(1_500)),
            1 + chance.nextInt(20),
            1 + chance.nextInt(3)))
        .produce(6, Duration.ofSeconds(2));
    int first = 1 + chance.nextInt(3);
    for (int i = 0; i < first; i++) {
      startOne();
    }
    return this;
  }

  /** Lets so many things happen, a few seconds apart. */
  public Storm rage(int rounds) {
    for (int round = 0; round < rounds; round++) {
      fleet.runFor(Duration.ofMillis(chance.nextInt(MOST_PAUSE_MILLIS)));
      List<String> serving = fleet.serving();
      if (serving.isEmpty()) {
        startOne();
      } else {
        strike(serving.get(chance.nextInt(serving.size())));
      }
    }
    fleet.start("last"); // all others may be leaving, or give up their start
    return this;
  }

  private void strike(String victim) {
    switch (chance.nextInt(11)) {
      case 0 -> crash(victim);
      case 1, 2 -> freezeOrThaw(victim);
      case 3 -> fleet.stop(victim);
      case 4, 5 -> startOne();
      case 6 -> fleet.split();
      case 7 -> fleet.merge();
      case 8 -> fleet.faults(Faults.draw(chance));
      case 9 -> fleet.faults(Faults.NONE);
      default -> {
        if (chance.nextBoolean()) {
          fleet.cutOff(victim);
        } else {
          fleet.reconnect(victim);
        }
      }
    }
  }

  private void freezeOrThaw(String victim) {
    if (!fleet.isFrozen(victim)) {
      fleet.freeze(victim);
    } else if (chance.nextBoolean()) {
      fleet.thawSuspended(victim);
    } else {
      fleet.thaw(victim);
    }
  }

  /** Half of the crashed workers come back at once under their own id. */
  private void crash(String victim) {
    fleet.crash(victim);
    if (chance.nextBoolean()) {
      fleet.start(victim);
    }
  }

  private void startOne() {
    if (fleet.serving().size() < MOST_WORKERS) {
      fleet.start("w" + started++);
    }
  }
}
