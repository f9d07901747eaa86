package org.openkcl.samples.demo;

import java.time.Duration;
import java.util.List;
import org.openkcl.samples.demo.proof.Progress;

/**
 * When each {@link Act} comes, on a clock that starts with the first record and stands still while
 * an act that is due waits for the fleet.
 *
 * @param cues in the order of the acts
 */
record Play(List<Cue> cues) {
  /** The length that the times below are made for; others are scaled to it. */
  static final Duration LENGTH = Duration.ofSeconds(46);

  /** How long the clock may stand still, all in all. */
  static final Duration PATIENCE = Duration.ofSeconds(22);

  Play {
    cues = List.copyOf(cues);
  }

  /** An act and its time. */
  record Cue(Act act, Duration at) {}

  /** The play for a production of this length. */
  static Play lasting(Duration production) {
    return new Play(List.of(
        cue(Act.SPLIT, 6, production),
        cue(Act.MERGE, 10, production),
        cue(Act.C_JOINS, 16, production),
        cue(Act.C_STOPS, 26, production),
        cue(Act.B_IS_KILLED, 32, production)));
  }

  private static Cue cue(Act act, long second, Duration production) {
    return new Cue(act, production.multipliedBy(second).dividedBy(LENGTH.toSeconds()));
  }

  /** What is to be done now. */
  enum Step {
    NOTHING,
    /** Stop the play's clock: the next act is due, but the fleet is not ready for it. */
    WAIT,
    PERFORM
  }

  /**
   * What is to be done about the next act.
   *
   * @param performed how many acts have been
   * @param elapsed since the first record
   * @param waited for how much of that the clock stood still
   */
  Step step(int performed, Duration elapsed, Duration waited, Progress progress) {
    if (over(performed) || elapsed.minus(waited).compareTo(cues.get(performed).at()) < 0) {
      return Step.NOTHING;
    }
    return cues.get(performed).act().worthwhile(progress) || waited.compareTo(PATIENCE) >= 0
        ? Step.PERFORM
        : Step.WAIT;
  }

  /** The act after so many; only while there is one. */
  Act act(int performed) {
    return cues.get(performed).act();
  }

  /** Whether all acts have been performed. */
  boolean over(int performed) {
    return performed == cues.size();
  }
}
