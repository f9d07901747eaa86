package org.openkcl.testkit;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.openkcl.retrieval.PollSettings;

/** Everything that can go wrong, in an order that the fleet's seed decides. */
public final class Storm {
  private static final int MOST_WORKERS = 5;
  private static final int FAULTS_MIN = 3;

  /** Enough for the calls of all shards one after the other, unless one of them stalls. */
  private static final Duration DRAIN_MIN = Duration.ofSeconds(10);

  private static final Duration A_MOMENT = Duration.ofMillis(500);
  private static final Duration BURST_PAUSE = Duration.ofSeconds(4);
  private static final Duration LULL_PAUSE = Duration.ofSeconds(60);
  private static final Duration MOST_CLOCK_LAG = Duration.ofSeconds(20);
  private static final Duration HALF_CLOCK_LAG = MOST_CLOCK_LAG.dividedBy(2);

  private final Fleet fleet;
  private final SplittableRandom chance;
  private Duration failover = Duration.ofSeconds(10);
  private final Set<String> setBack = new HashSet<>();
  private int started;

  /** A storm over a fleet that has no workers yet. */
  public Storm(Fleet fleet) {
    this.fleet = fleet;
    this.chance = fleet.chance().split();
  }

  /** Draws a stream, settings and first workers, and begins to put records. */
  public Storm gather() {
    failover = Duration.ofSeconds(3 + chance.nextInt(10));
    fleet
        .withShards(1 + chance.nextInt(4))
        .failoverTime(failover)
        .scanInterval(failover.dividedBy(3 + chance.nextInt(8)))
        .drainTimeout(DRAIN_MIN.plus(upTo(Duration.ofSeconds(chance.nextInt(4) == 0 ? 3 : 40))))
        .auditInterval(Duration.ofSeconds(15 + chance.nextInt(45)))
        .maxConcurrentCalls(chance.nextInt(4) == 0 ? 1 + chance.nextInt(3) : 256)
        .memoryBudgetBytes(chance.nextInt(4) == 0 ? 500 : 64L << 20)
        .polling(new PollSettings(
            Duration.ofMillis(500 + chance.nextInt(1_500)),
            5 + chance.nextInt(20),
            1 + chance.nextInt(3)))
        .produce(1 + chance.nextInt(10), Duration.ofSeconds(2 + chance.nextInt(10)));
    int first = 1 + chance.nextInt(3);
    for (int i = 0; i < first; i++) {
      startOne();
    }
    return this;
  }

  /**
   * Lets things happen in bursts, with lulls between them, for so long; at least three faults and a
   * split or merge among them.
   */
  public Storm rage(Duration length) {
    Duration end = fleet.now().plus(length);
    while (fleet.now().compareTo(end) < 0) {
      fleet.runFor(upTo(chance.nextInt(5) == 0 ? LULL_PAUSE : BURST_PAUSE));
      strikeSomebody();
    }
    while (fleet.happenings().faults() < FAULTS_MIN) {
      strikeSomebody();
    }
    if (fleet.happenings().reshards() == 0) {
      fleet.split();
    }
    fleet.start("last"); // all others may be leaving, or give up their start
    return this;
  }

  /** The same for a number of strikes, a few seconds apart. */
  public Storm rage(int strikes) {
    for (int i = 0; i < strikes; i++) {
      fleet.runFor(upTo(BURST_PAUSE));
      strikeSomebody();
    }
    fleet.start("last");
    return this;
  }

  private void strikeSomebody() {
    List<String> serving = fleet.serving();
    if (serving.isEmpty()) {
      startOne();
    } else {
      strike(serving.get(chance.nextInt(serving.size())));
    }
  }

  private void strike(String victim) {
    switch (chance.nextInt(13)) {
      case 0 -> crash(victim);
      case 1, 2 -> freezeOrThaw(victim);
      case 3 -> stop(victim);
      case 4 -> startOne();
      case 5 -> comeAndGo(victim);
      case 6 -> {
        fleet.split();
        if (chance.nextBoolean()) {
          fleet.runFor(upTo(BURST_PAUSE));
          stop(victim); // which may be ending the shard
        }
      }
      case 7 -> fleet.merge();
      case 8, 9 -> fleet.faults(Faults.draw(chance));
      case 10 -> fleet.faults(Faults.NONE);
      case 11 -> shiftClock(victim);
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
    } else if (chance.nextBoolean() && !setBack.contains(victim)) {
      fleet.thawSuspended(victim);
    } else {
      fleet.thaw(victim);
    }
  }

  /**
   * A machine that is suspended and whose wall clock is set back meanwhile has no clock that tells
   * the time: no library could see that its leases have expired, and this one does not promise to.
   */
  private void shiftClock(String victim) {
    Duration lag = upTo(MOST_CLOCK_LAG).minus(HALF_CLOCK_LAG);
    if (!lag.isNegative()) {
      setBack.add(victim);
    }
    fleet.delayClock(victim, lag);
  }

  /** Some of those that stop come to grief on the way, for as long as others may take over. */
  private void stop(String victim) {
    fleet.stop(victim);
    switch (chance.nextInt(6)) {
      case 0, 1 -> {
        fleet.runFor(upTo(A_MOMENT)).freeze(victim);
        fleet.runFor(upTo(failover.multipliedBy(3))).thaw(victim);
      }
      case 2 -> {
        fleet.runFor(upTo(A_MOMENT)).cutOff(victim);
        fleet.runFor(upTo(failover.multipliedBy(3))).reconnect(victim);
      }
      default -> {}
    }
  }

  /** Somebody comes; soon after somebody goes, or stands still for long. */
  private void comeAndGo(String victim) {
    startOne();
    fleet.runFor(upTo(BURST_PAUSE));
    List<String> serving = fleet.serving();
    String other = serving.isEmpty() ? victim : serving.get(serving.size() - 1);
    switch (chance.nextInt(3)) {
      case 0 -> fleet.freeze(other);
      case 1 -> stop(other);
      default -> stop(victim);
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

  private Duration upTo(Duration most) {
    return Duration.ofNanos(chance.nextLong(most.toNanos() + 1));
  }
}
