package org.openkcl.environment;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Warns at most once a minute for the same cause, and says how often it stayed silent. Confined to
 * one event loop. Remembers at most {@value #MAX_CAUSES} causes.
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
   * Logs a warning unless the same cause was logged less than a minute ago.
   *
   * @param cause what makes two warnings the same one
   * @param message for people: what happened and what to do
   */
  public void warn(String cause, String message) {
    if (causes.size() >= MAX_CAUSES) {
      causes.clear();
    }
    Cause known = causes.computeIfAbsent(cause, unknown -> new Cause());
    long now = environment.nanoTime();
    if (known.logged && now - known.lastNanos < INTERVAL_NANOS) {
      known.silenced++;
      return;
    }
    if (known.silenced > 0) {
      log.warn("{} ({} more like this since the last time)", message, known.silenced);
    } else {
      log.warn("{}", message);
    }
    known.logged = true;
    known.lastNanos = now;
    known.silenced = 0;
  }

  private static final class Cause {
    private boolean logged;
    private long lastNanos;
    private long silenced;
  }
}
