package org.openkcl.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.openkcl.environment.Simulation;

/** The last notable events of a run, for whoever has to understand a failure. */
final class Trace {
  private static final int KEPT = 60;

  private final Simulation world;
  private final Deque<Entry> entries = new ArrayDeque<>();

  private record Entry(long nanos, Supplier<String> event) {}

  Trace(Simulation world) {
    this.world = world;
  }

  void note(String event) {
    note(() -> event);
  }

  /** Notes what is put into words only if somebody asks; from values that do not change. */
  void note(Supplier<String> event) {
    if (entries.size() == KEPT) {
      entries.remove();
    }
    entries.add(new Entry(world.nanoTime(), event));
  }

  @Override
  public String toString() {
    return entries.stream()
        .map(entry ->
            Duration.ofNanos(entry.nanos()).toMillis() + " ms  " + entry.event().get())
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
