package org.openkcl.leases.plan;

import java.time.Duration;

/**
 * What a plan aims at and how calmly. The same on every worker of a fleet: workers that aim at
 * different things undo each other's moves.
 *
 * @param objective what is made even
 * @param tolerance how far a worker's load may be from its fair share before leases move for load's
 *     sake, as a part of the share; 0.02 to 1
 * @param movesPerMinute how many leases may change hands in a minute before moves for load's sake
 *     wait; 0 for no such moves, {@link #MOVES_BY_SIZE} for as many as suits the fleet's size
 * @param rest how long a lease that has changed hands is not moved again for load's sake; 0 or more
 */
public record PlanSettings(
    Objective objective, double tolerance, int movesPerMinute, Duration rest) {

  /** For {@link #movesPerMinute}: 10, or one in a hundred leases if that is more. */
  public static final int MOVES_BY_SIZE = -1;

  private static final int FEWEST_MOVES = 10;
  private static final int LEASES_PER_MOVE = 100;

  /**
   * Throughput, 10 %, moves by size, 2 minutes: averaged over a minute or two, a worker's load varies by a
   * few hundredths without meaning anything; a handover costs its shard up to a second, and one
   * lease in a hundred a minute is hardly felt; after two minutes the measurements have settled, and
   * it shows what a move has brought.
   */
  public static final PlanSettings DEFAULT =
      new PlanSettings(Objective.THROUGHPUT, 0.10, MOVES_BY_SIZE, Duration.ofMinutes(2));

  public PlanSettings {
    if (!(tolerance >= 0.02 && tolerance <= 1)) {
      throw new IllegalArgumentException(
          "tolerance must be between 0.02 and 1: got %s. 0.1 lets a worker do 10 %% more or less than its share."
              .formatted(tolerance));
    }
    if (movesPerMinute < MOVES_BY_SIZE) {
      throw new IllegalArgumentException(
          "movesPerMinute must be 0 or more, or -1 for a number that suits the fleet: got %d."
              .formatted(movesPerMinute));
    }
    if (rest.isNegative() || rest.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("rest must be between 0 and 1 day: got " + rest);
    }
  }

  /** How many leases may change hands in a minute, in a fleet with so many. */
  int movesPerMinute(int leases) {
    return movesPerMinute == MOVES_BY_SIZE
        ? Math.max(FEWEST_MOVES, leases / LEASES_PER_MOVE)
        : movesPerMinute;
  }

  /** The same with another objective. */
  public PlanSettings with(Objective newObjective) {
    return new PlanSettings(newObjective, tolerance, movesPerMinute, rest);
  }
}
