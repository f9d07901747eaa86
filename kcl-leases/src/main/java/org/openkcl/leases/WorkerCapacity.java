package org.openkcl.leases;

/**
 * How much a worker wants to do. It stands in the worker's sign of life, since everybody who plans
 * has to know it.
 *
 * @param weight how much it should do, compared with the others; 0.01 to 100
 * @param maxLeases how many leases it may be given; 1 or more
 */
public record WorkerCapacity(double weight, int maxLeases) {
  private static final double LEAST_WEIGHT = 0.01;
  private static final double MOST_WEIGHT = 100;

  /** As much as anybody else, without a limit. */
  public static final WorkerCapacity EQUAL = new WorkerCapacity(1, Integer.MAX_VALUE);

  public WorkerCapacity {
    if (!(weight >= LEAST_WEIGHT && weight <= MOST_WEIGHT)) {
      throw new IllegalArgumentException(
          "workerWeight must be between 0.01 and 100: got %s. A worker of weight 2 does twice as much as one of weight 1."
              .formatted(weight));
    }
    if (maxLeases < 1) {
      throw new IllegalArgumentException(
          "maxLeases must be 1 or more: got %d. To end a worker's work, stop it."
              .formatted(maxLeases));
    }
  }

  /**
   * The nearest that is allowed to what was found in the table.
   *
   * @param maxLeases 0 for no limit
   */
  public static WorkerCapacity nearest(double weight, long maxLeases) {
    double real = weight > 0 ? weight : 1;
    return new WorkerCapacity(
        Math.max(LEAST_WEIGHT, Math.min(MOST_WEIGHT, real)),
        maxLeases <= 0 ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, maxLeases));
  }

  /** Whether there is a limit to its leases. */
  public boolean isLimited() {
    return maxLeases != Integer.MAX_VALUE;
  }
}
