package org.openkcl.multilang.child;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.openkcl.environment.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs lines of one child that are no messages: {@value #LINES_MAX} a minute, and how many more there
 * were, because a processor that prints every record would fill any log. Thread-safe.
 */
final class SkippedLines {
  private static final Logger log = LoggerFactory.getLogger(SkippedLines.class);
  private static final int LINES_MAX = 10;
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Environment environment;
  private final AtomicReference<Minute> minute;

  /**
   * What has been logged in a minute and what has not.
   *
   * @param silentBefore how many were not logged in the minute before
   */
  private record Minute(long sinceNanos, int logged, long silent, long silentBefore) {
    Minute with(long nowNanos) {
      if (nowNanos - sinceNanos >= MINUTE_NANOS) {
        return new Minute(nowNanos, 1, 0, silent);
      }
      return logged < LINES_MAX
          ? new Minute(sinceNanos, logged + 1, 0, 0)
          : new Minute(sinceNanos, logged, silent + 1, 0);
    }
  }

  SkippedLines(Environment environment) {
    this.environment = environment;
    this.minute = new AtomicReference<>(new Minute(environment.nanoTime(), 0, 0, 0));
  }

  /**
   * A line has been skipped.
   *
   * @param about whose line it is, for people
   * @param diagnosis why it is no message
   */
  void skipped(String about, String diagnosis, String text) {
    long now = environment.nanoTime();
    Minute current = minute.updateAndGet(state -> state.with(now));
    if (current.silent() > 0) {
      return;
    }
    LoggingEventBuilder line = log.atInfo().addKeyValue("event", "child.line-skipped");
    if (current.silentBefore() > 0) {
      line.log(
          "Skipped a line of the child of {}: {}: {} ({} more since the last one told)",
          about,
          diagnosis,
          text,
          current.silentBefore());
    } else {
      line.log("Skipped a line of the child of {}: {}: {}", about, diagnosis, text);
    }
  }
}
