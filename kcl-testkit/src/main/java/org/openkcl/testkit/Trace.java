package org.openkcl.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.openkcl.environment.Simulation;

/** The last notable events of a run, for whoever has to understand a failure. */
final class Trace {
  private static final int KEPT = 60;

  private final Simulation world;
  private final Deque<String> lines = new ArrayDeque<>();

  Trace(Simulation world) {
    this.world = world;
  }

  void note(String event) {
    if (lines.size() == KEPT) {
      lines.remove();
    }
    long millis = Duration.ofNanos(world.nanoTime()).toMillis();
    lines.add(millis + " ms  " + event);
  }

  @Override
  public String toString() {
    return String.join(System.lineSeparator(), lines);
  }
}
