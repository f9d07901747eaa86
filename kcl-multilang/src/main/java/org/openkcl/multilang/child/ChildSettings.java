package org.openkcl.multilang.child;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.protocol.Extension;

/**
 * How children are treated.
 *
 * @param answerTimeout how long a child may take for each message that is waited for; null for ever
 * @param endTimeout how long a child may take to end after its input was closed
 * @param killDelay how long after SIGTERM a child is killed
 * @param lineBytesMax the longest line that is understood
 * @param sharedChildren how many children serve all shards, if they can; 0 for one per shard
 * @param logLevels whether children are offered to write log lines with levels; always so if they
 *     are to serve many shards
 */
public record ChildSettings(
    @Nullable Duration answerTimeout,
    Duration endTimeout,
    Duration killDelay,
    int lineBytesMax,
    int sharedChildren,
    boolean logLevels) {

  /**
   * No limit on answers and nothing offered, as in Amazon's daemon; 10 s to end, 5 s from SIGTERM to
   * SIGKILL; 1 MiB.
   */
  public static final ChildSettings DEFAULT =
      new ChildSettings(null, Duration.ofSeconds(10), Duration.ofSeconds(5), 1024 * 1024, 0, false);

  public ChildSettings {
    if (answerTimeout != null && (answerTimeout.isZero() || answerTimeout.isNegative())) {
      throw new IllegalArgumentException(
          "The time for an answer must be positive: got " + answerTimeout);
    }
    if (sharedChildren < 0) {
      throw new IllegalArgumentException("sharedChildren must be 0 or more: got " + sharedChildren);
    }
  }

  /** The same with another time for answers. */
  public ChildSettings withAnswerTimeout(@Nullable Duration timeout) {
    return new ChildSettings(
        timeout, endTimeout, killDelay, lineBytesMax, sharedChildren, logLevels);
  }

  /** The same with other times for the end. */
  public ChildSettings withEnd(Duration newEndTimeout, Duration newKillDelay) {
    return new ChildSettings(
        answerTimeout, newEndTimeout, newKillDelay, lineBytesMax, sharedChildren, logLevels);
  }

  /** The same with another number of children for all shards; 0 for one per shard. */
  public ChildSettings withSharedChildren(int children) {
    return new ChildSettings(
        answerTimeout, endTimeout, killDelay, lineBytesMax, children, logLevels);
  }

  /** The same with or without the offer of log lines with levels. */
  public ChildSettings withLogLevels(boolean offered) {
    return new ChildSettings(
        answerTimeout, endTimeout, killDelay, lineBytesMax, sharedChildren, offered);
  }

  /** The extensions of the protocol that children are offered. */
  Set<Extension> offers() {
    Set<Extension> offers = EnumSet.noneOf(Extension.class);
    if (sharedChildren > 0) {
      offers.add(Extension.SHARDS);
    }
    if (logLevels || sharedChildren > 0) {
      offers.add(Extension.LOG);
    }
    return offers;
  }
}
