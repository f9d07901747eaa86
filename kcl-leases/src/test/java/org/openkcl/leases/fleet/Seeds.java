package org.openkcl.leases.fleet;

import java.util.function.LongConsumer;

/**
 * The seeds of a simulated test: as many as it says, more with {@code -Dopenkcl.seeds=5000}, one
 * with {@code -Dopenkcl.seed=17}.
 */
final class Seeds {
  private Seeds() {}

  /** Runs a test with each seed; a failure names the seed. */
  static void each(int usual, LongConsumer test) {
    Long only = Long.getLong("openkcl.seed");
    long first = only == null ? 0 : only;
    long last = only == null ? Integer.getInteger("openkcl.seeds", usual) - 1 : only;
    for (long seed = first; seed <= last; seed++) {
      try {
        test.accept(seed);
      } catch (AssertionError failure) {
        throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
      }
    }
  }
}
