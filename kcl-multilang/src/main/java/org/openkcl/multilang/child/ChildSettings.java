package org.openkcl.multilang.child;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How children are treated.
 *
 * @param answerTimeout how long a child may take for each message that is waited for; null for ever
 * @param endTimeout how long a child may take to end after its input was closed
 * @param killDelay how long after SIGTERM a child is killed
 * @param lineBytesMax the longest line that is understood
 */
public record ChildSettings(
    @Nullable Duration answerTimeout, Duration endTimeout, Duration killDelay, int lineBytesMax) {

  /** No limit on answers, as in Amazon's daemon; 10 s to end, 5 s from SIGTERM to SIGKILL; 1 MiB. */
  public static final ChildSettings DEFAULT =
      new ChildSettings(null, Duration.ofSeconds(10), Duration.ofSeconds(5), 1024 * 1024);

  public ChildSettings {
    if (answerTimeout != null && (answerTimeout.isZero() || answerTimeout.isNegative())) {
      throw new IllegalArgumentException(
          "The time for an answer must be positive: got " + answerTimeout);
    }
  }

  /** The same with another time for answers. */
  public ChildSettings withAnswerTimeout(@Nullable Duration timeout) {
    return new ChildSettings(timeout, endTimeout, killDelay, lineBytesMax);
  }

  /** The same with other times for the end. */
  public ChildSettings withEnd(Duration newEndTimeout, Duration newKillDelay) {
    return new ChildSettings(answerTimeout, newEndTimeout, newKillDelay, lineBytesMax);
  }
}
