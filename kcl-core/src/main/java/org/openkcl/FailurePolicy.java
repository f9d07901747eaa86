package org.openkcl;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens when a call of a processor throws: how long the same call is made again on the same
 * instance, and what is done then. Immutable.
 *
 * <p>Between two attempts lies a pause that doubles. A failure that is the library's own, such as a
 * checkpoint that the lease table did not take, is always answered by another attempt, whatever the
 * policy: it says nothing about the records.
 *
 * <p>"In a row" counts the failures of one call of one processor; a success ends the row.
 */
public final class FailurePolicy {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 16;

  private final Action last;
  private final int failures;
  private final @Nullable SkipHandler skipHandler;
  private final Duration firstPause;
  private final Duration longestPause;

  /** What can be done about a failure. */
  public enum Action {
    /** The call is made again after a pause. */
    RETRY,
    /** The records are passed over, after the handler has taken them. They are lost otherwise. */
    SKIP,
    /**
     * The shard goes to another worker, which begins behind the last checkpoint. This worker takes
     * it back no sooner than one longest pause later, and only if nobody else has.
     */
    RELEASE,
    /** The worker hands over all its shards and stops; {@link Scheduler#stopped} fails. */
    STOP
  }

  private FailurePolicy(
      Action last,
      int failures,
      @Nullable SkipHandler skipHandler,
      Duration firstPause,
      Duration longestPause) {
    this.last = last;
    this.failures = failures;
    this.skipHandler = skipHandler;
    this.firstPause = firstPause;
    this.longestPause = longestPause;
  }

  /** Without end: exactly the same call again, until it succeeds. Nothing is ever lost. */
  public static FailurePolicy retry() {
    return new FailurePolicy(Action.RETRY, Integer.MAX_VALUE, null, FIRST_PAUSE, LONGEST_PAUSE);
  }

  /**
   * After so many failures in a row the records are passed over. An event and a log line say which.
   *
   * @param failures 1 or more; 1 makes no second attempt
   */
  public static FailurePolicy skipAfter(int failures) {
    return after(failures, Action.SKIP, null);
  }

  /**
   * After so many failures in a row the records are given to {@code handler} and passed over.
   *
   * @param failures 1 or more; 1 makes no second attempt
   */
  public static FailurePolicy skipAfter(int failures, SkipHandler handler) {
    return after(failures, Action.SKIP, handler);
  }

  /**
   * After so many failures in a row the shard goes to another worker.
   *
   * @param failures 1 or more; 1 makes no second attempt
   */
  public static FailurePolicy releaseAfter(int failures) {
    return after(failures, Action.RELEASE, null);
  }

  /**
   * After so many failures in a row the worker stops.
   *
   * @param failures 1 or more; 1 makes no second attempt
   */
  public static FailurePolicy stopAfter(int failures) {
    return after(failures, Action.STOP, null);
  }

  private static FailurePolicy after(int failures, Action last, @Nullable SkipHandler handler) {
    if (failures < 1) {
      throw new IllegalArgumentException(
          "A failure policy needs the failures in a row after which it acts: got failures="
              + failures
              + ". Use 1 to act on the first.");
    }
    return new FailurePolicy(last, failures, handler, FIRST_PAUSE, LONGEST_PAUSE);
  }

  /**
   * The same with other pauses between attempts. Default 0.5 s, doubling to 30 s.
   *
   * @param first after the first failure; positive
   * @param longest never more than this; not less than {@code first}
   */
  public FailurePolicy withPauses(Duration first, Duration longest) {
    if (first.isZero() || first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "Pauses must be positive and the first not longer than the longest: got first=%s, longest=%s"
              .formatted(first, longest));
    }
    return new FailurePolicy(last, failures, skipHandler, first, longest);
  }

  /**
   * What is done after this many failures in a row.
   *
   * @param inARow 1 or more
   */
  public Action actionAfter(int inARow) {
    return inARow >= failures ? last : Action.RETRY;
  }

  /**
   * The pause after this many failures in a row, if the call is made again.
   *
   * @param inARow 1 or more
   */
  public Duration pauseAfter(int inARow) {
    long factor = 1L << Math.min(Math.max(inARow - 1, 0), MOST_DOUBLINGS);
    Duration pause = firstPause.multipliedBy(factor);
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }

  /** The longest pause between two attempts. */
  public Duration longestPause() {
    return longestPause;
  }

  /** What is done in the end; RETRY if there is no end. */
  public Action lastAction() {
    return last;
  }

  /** Takes what is skipped, before it is. */
  public SkipHandler skipHandler() {
    SkipHandler handler = skipHandler;
    return handler == null ? skipped -> {} : handler;
  }

  @Override
  public String toString() {
    String when =
        last == Action.RETRY ? "RETRY" : last + " after " + failures + " failures in a row";
    return when + ", pauses of " + firstPause + " to " + longestPause;
  }
}
