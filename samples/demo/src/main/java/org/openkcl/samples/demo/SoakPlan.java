package org.openkcl.samples.demo;

import java.time.Duration;

/**
 * What is due when in a soak, on a clock that starts with the first record.
 *
 * @param production how long records are put; nothing is due after it
 * @param killEvery a worker dies each time so much has passed
 * @param reshards how many splits and merges there are, evenly spread
 */
record SoakPlan(Duration production, Duration killEvery, int reshards) {
  /** Sixty of them take five minutes. */
  private static final int RESHARDS_PER_MINUTE = 12;

  static final Duration KILL_EVERY = Duration.ofSeconds(10);

  /** The usual pace: a kill every 10 s, a split or merge every 5 s. */
  static SoakPlan lasting(Duration production) {
    long reshards = production.toMillis() * RESHARDS_PER_MINUTE / 60_000;
    return new SoakPlan(production, KILL_EVERY, (int) Math.max(1, reshards));
  }

  SoakPlan withReshards(int count) {
    return new SoakPlan(production, killEvery, count);
  }

  /** How many workers should have been killed by now. */
  int killsDue(Duration elapsed) {
    return (int) shorter(elapsed).dividedBy(killEvery);
  }

  /** How many splits and merges should have been by now; the last comes before the end. */
  int reshardsDue(Duration elapsed) {
    return (int) (shorter(elapsed).toMillis() * (reshards + 1) / (production.toMillis() + 1));
  }

  boolean isOver(Duration elapsed) {
    return elapsed.compareTo(production) >= 0;
  }

  private Duration shorter(Duration elapsed) {
    return isOver(elapsed) ? production : elapsed;
  }
}
