package org.openkcl.benchmarks.probe;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * Time in microseconds since 1970, comparable between the processes of one machine. The wall clock
 * is read once per process; from there on the monotonic clock counts, so that a clock adjustment
 * during a run changes nothing inside a process.
 */
public final class Stamp {
  @SuppressWarnings("TimeInStaticInitializer") // the two clocks are to be read together, once
  private static final long WALL_MICROS = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

  private static final long START_NANOS = System.nanoTime();

  private Stamp() {}

  public static long nowMicros() {
    return WALL_MICROS + TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - START_NANOS);
  }
}
