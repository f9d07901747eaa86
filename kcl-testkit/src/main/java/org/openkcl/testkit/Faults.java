package org.openkcl.testkit;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.openkcl.leases.memory.TableFaults;

/**
 * What goes wrong around a fleet's workers, and how often.
 *
 * @param table the way to the lease table
 * @param stream the way to the stream
 * @param processors user code
 */
public record Faults(TableFaults table, StreamFaults stream, Habits processors) {

  /** A world in which nothing goes wrong. */
  public static final Faults NONE = new Faults(TableFaults.NONE, StreamFaults.NONE, Habits.GOOD);

  /** Faults of every kind, each between absent and frequent. */
  public static Faults draw(RandomGenerator chance) {
    return new Faults(
        new TableFaults(
            upToMillis(200, chance), share(0.2, chance), share(0.1, chance), share(0.1, chance)),
        new StreamFaults(
            upToMillis(300, chance),
            share(0.2, chance),
            share(0.1, chance),
            share(0.1, chance),
            share(0.5, chance),
            share(0.1, chance)),
        new Habits(
            upToMillis(500, chance),
            share(chance.nextInt(3) == 0 ? 0.5 : 0.02, chance),
            share(chance.nextInt(3) == 0 ? 0.9 : 0.2, chance),
            share(0.5, chance),
            share(0.01, chance),
            share(1, chance),
            share(0.005, chance)));
  }

  private static Duration upToMillis(int most, RandomGenerator chance) {
    return Duration.ofMillis(1 + chance.nextInt(most));
  }

  /** Nothing in half of the draws, so that runs with few kinds of faults occur too. */
  private static double share(double most, RandomGenerator chance) {
    double drawn = chance.nextDouble() * most;
    return chance.nextBoolean() ? drawn : 0;
  }
}
