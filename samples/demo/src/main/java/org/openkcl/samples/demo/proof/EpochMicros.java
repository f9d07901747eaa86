package org.openkcl.samples.demo.proof;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The clock of the ledgers: the machine's, which all its JVMs share. */
public final class EpochMicros {
  private EpochMicros() {}

  /** Microseconds since the epoch. */
  public static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
