package org.openkcl.environment;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Warns at most once a minute for the same cause, and says how often it stayed silent. A line carries
 * the id of its event as the value of key {@code event}. Confined to one event loop. Remembers at most {@value #MAX_CAUSES} causes.
 */
public final class RateLimitedLog {
  private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_CAUSES = 1_000;

  private final Environment environment;
  private final Logger log;
  private final Map<String, Cause> causes = new HashMap<>();

  public RateLimitedLog(Environment environment, Logger log) {
    this.environment = environment;
    this.log = log;
  }

  /**
   * Logs a warning unless one of the same event was logged less than a minute ago.
   *
   * @param event its id, which never changes: {@code table.unreadable}
   * @param message for people: what happened and what to do
   */
  public void warn(String event, String message) {
    warn(event, "", message);
  }

  /**
   * Logs a warning unless one of the same event and subject was logged less than a minute ago.
   *
   * @param event its id, which never changes: {@code stream.unreadable}
   * @param subject what it happened to, if that makes it another cause: the stream's name
   * @param message for people: what happened and what to do
   * @return whether it was logged
   */
  public boolean warn(String event, String subject, String message) {
    return warn(event, subject, message, null);
  }

  /** As {@link #warn(String, String, String)}, with what was thrown, if something was. */
  public boolean warn(String event, String subject, String message, @Nullable Throwable thrown) {
    String cause = event + " " + subject;
    if (causes.size() >= MAX_CAUSES) {
      causes.clear();
    }
    Cause known = causes.computeIfAbsent(cause, unknown -> new Cause());
    long now = environment.nanoTime();
    if (known.logged && now - known.lastNanos < INTERVAL_NANOS) {
      known.silenced++;
      return false;
    }
    LoggingEventBuilder line = log.atWarn().addKeyValue("event", event).setCause(thrown);
    if (known.silenced > 0) {
      line.log("{} ({} more like this since the last time)", message, known.silenced);
    } else {
      line.log(message);
    }
    known.logged = true;
    known.lastNanos = now;
    known.silenced = 0;
    return true;
  }

  private static final class Cause {
    private boolean logged;
    private long lastNanos;
    private long silenced;
  }
}
