package org.openkcl;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.openkcl.leases.plan.PlanSettings;

/**
 * How shards are shared out among the workers of an application, and how calmly. Must be the same on
 * every worker: workers that aim at different things undo each other's work. What the defaults are,
 * and why, is said at each setting; the page docs/balancing.md explains the whole.
 */
public final class Balancing {
  /** Even throughput, with the defaults of all settings. */
  public static final Balancing DEFAULT = builder().build();

  private final PlanSettings settings;

  private Balancing(PlanSettings settings) {
    this.settings = settings;
  }

  /** What is made even among workers. */
  public enum Objective {
    /**
     * Bytes processed a second; every shard counts for 10 KiB/s more than it brings, so that quiet
     * streams are shared out by count.
     */
    THROUGHPUT(org.openkcl.leases.plan.Objective.THROUGHPUT),
    /** The number of shards. */
    COUNT(org.openkcl.leases.plan.Objective.COUNT),
    /**
     * How busy the workers' machines are, by their processors: slow or otherwise occupied machines
     * get less. Workers tell it in their items, as an average of up to a minute and a half.
     */
    UTILIZATION(org.openkcl.leases.plan.Objective.UTILIZATION),
    /**
     * What there is to catch up with, in seconds behind the tip; a shard that keeps up counts as one
     * a minute behind. Owners store it with their renewals.
     */
    LAG(org.openkcl.leases.plan.Objective.LAG);

    private final org.openkcl.leases.plan.Objective internal;

    Objective(org.openkcl.leases.plan.Objective internal) {
      this.internal = internal;
    }
  }

  /** A builder with the defaults. Setting anything twice is an error. */
  public static Builder builder() {
    return new Builder();
  }

  PlanSettings settings() {
    return settings;
  }

  @Override
  public String toString() {
    return settings.toString();
  }

  /** Describes a {@link Balancing}. */
  public static final class Builder {
    private final Set<String> given = new HashSet<>();
    private Objective objective = Objective.THROUGHPUT;
    private double tolerance = PlanSettings.DEFAULT.tolerance();
    private int movesPerMinute = PlanSettings.DEFAULT.movesPerMinute();
    private Duration rest = PlanSettings.DEFAULT.rest();

    private Builder() {}

    /** What is made even. Default {@link Objective#THROUGHPUT}. */
    public Builder objective(Objective wanted) {
      once("objective");
      objective = wanted;
      return this;
    }

    /**
     * How far a worker's load may be from its fair share before shards move because of it, as a part
     * of the share; 0.02 to 1. Default 0.1: a worker's load varies by a few hundredths from minute to
     * minute without meaning anything.
     */
    public Builder tolerance(double part) {
      once("tolerance");
      tolerance = part;
      return this;
    }

    /**
     * How many shards may change hands in a minute before moves for the sake of load wait; 0 for no
     * such moves. Shards that nobody reads are always taken at once, and a new worker gets its share
     * at once. Default 10, or one in a hundred shards if that is more: hardly felt in any fleet.
     */
    public Builder movesPerMinute(int moves) {
      once("movesPerMinute");
      if (moves < 0) {
        throw new IllegalArgumentException(
            "movesPerMinute must be 0 or more: got %d. 0 forbids moves for load's sake."
                .formatted(moves));
      }
      movesPerMinute = moves;
      return this;
    }

    /**
     * How long a shard that has changed hands is not moved again for the sake of load; 0 to 1 day.
     * Default 2 min: measurements have settled by then.
     */
    public Builder rest(Duration time) {
      once("rest");
      rest = time;
      return this;
    }

    /**
     * Builds it.
     *
     * @throws IllegalArgumentException when a setting is out of its range
     */
    public Balancing build() {
      return new Balancing(new PlanSettings(objective.internal, tolerance, movesPerMinute, rest));
    }

    private void once(String setting) {
      if (!given.add(setting)) {
        throw new IllegalStateException(setting + " was already set. Set it once.");
      }
    }
  }
}
