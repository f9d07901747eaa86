package org.openkcl.fleet.mixed;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a scenario did and saw, with the time since it began. Thread-safe. */
final class Story {
  private final long startMicros = nowMicros();
  private final List<String> lines = new ArrayList<>();

  /** Microseconds since 1970, by the wall clock: comparable between processes of one machine. */
  static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  synchronized void tell(String what) {
    String line = at(nowMicros()) + " " + what;
    lines.add(line);
    System.out.println(line); // for whoever waits
  }

  /** A moment as {@code +12.3 s}. */
  String at(long micros) {
    return String.format(Locale.ROOT, "%+7.1f s", (micros - startMicros) / 1e6);
  }

  double secondsSoFar() {
    return (nowMicros() - startMicros) / 1e6;
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
