package org.openkcl.local.model;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayDeque;

/** How often something happened within the last 24 hours. */
final class RollingCount implements Serializable {
  private static final long WINDOW_MILLIS = Duration.ofHours(24).toMillis();

  private final ArrayDeque<Long> times = new ArrayDeque<>();

  /** Whether it has happened so often already that it may not happen now. */
  boolean hasReached(int max, long now) {
    while (!times.isEmpty() && times.getFirst() <= now - WINDOW_MILLIS) {
      times.removeFirst();
    }
    return times.size() >= max;
  }

  void add(long now) {
    times.addLast(now);
  }
}
