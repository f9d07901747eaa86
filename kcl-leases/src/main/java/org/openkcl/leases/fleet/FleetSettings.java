package org.openkcl.leases.fleet;

import java.time.Duration;
import org.openkcl.leases.WorkerCapacity;
import org.openkcl.leases.plan.PlanSettings;

/**
 * How a worker takes part in its fleet.
 *
 * @param workerId unique among the workers of the application
 * @param failoverTime how long a lease may stand still before others take it; 1 s or more. Must be
 *     the same on every worker
 * @param scanInterval the shortest time between two looks at the table
 * @param readUnitsPerSecond what looking at the table may cost; larger tables are read less often
 * @param foreignFailoverLimit how long the silence of a worker of another library is borne at most,
 *     and as long as it was not seen to renew, since its failover time is not known then; 1 s to 1 h,
 *     not below that failover time
 * @param planning what balance means. Must be the same on every worker
 * @param capacity how much this worker wants to do
 */
public record FleetSettings(
    String workerId,
    Duration failoverTime,
    Duration scanInterval,
    double readUnitsPerSecond,
    Duration foreignFailoverLimit,
    PlanSettings planning,
    WorkerCapacity capacity) {

  private static final Duration SCAN_INTERVAL = Duration.ofMillis(250);
  private static final Duration SHORTEST_LOCK = Duration.ofSeconds(15);
  private static final Duration LONGEST_LOCK = Duration.ofMinutes(2);
  private static final Duration FOREIGN_FAILOVER_LIMIT = Duration.ofMinutes(2);
  private static final Duration LONGEST_FOREIGN_FAILOVER = Duration.ofHours(1);

  /**
   * Looks four times a second (ten times per failover time if that is more often) while the table is
   * small, for at most 16 read units a second.
   */
  public static FleetSettings of(String workerId, Duration failoverTime) {
    Duration tenth = failoverTime.dividedBy(10);
    Duration interval = tenth.compareTo(SCAN_INTERVAL) < 0 ? tenth : SCAN_INTERVAL;
    return new FleetSettings(
        workerId,
        failoverTime,
        interval,
        16,
        FOREIGN_FAILOVER_LIMIT,
        PlanSettings.DEFAULT,
        WorkerCapacity.EQUAL);
  }

  /** The same with another way to share leases out. */
  public FleetSettings with(PlanSettings newPlanning, WorkerCapacity newCapacity) {
    return new FleetSettings(
        workerId,
        failoverTime,
        scanInterval,
        readUnitsPerSecond,
        foreignFailoverLimit,
        newPlanning,
        newCapacity);
  }

  /** The same with another patience with Amazon's workers whose failover time is not known yet. */
  public FleetSettings withForeignFailoverLimit(Duration limit) {
    return new FleetSettings(
        workerId, failoverTime, scanInterval, readUnitsPerSecond, limit, planning, capacity);
  }

  public FleetSettings {
    if (workerId.isEmpty()) {
      throw new IllegalArgumentException("workerId must not be empty");
    }
    if (failoverTime.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "failoverTime must be at least 1 second: got %s. Raise it to 1s or more."
              .formatted(failoverTime));
    }
    if (foreignFailoverLimit.compareTo(Duration.ofSeconds(1)) < 0
        || foreignFailoverLimit.compareTo(LONGEST_FOREIGN_FAILOVER) > 0) {
      throw new IllegalArgumentException(
          ("foreignFailoverTime must be between 1 second and 1 hour: got %s. Set it to what"
                  + " failoverTimeMillis is on the workers of Amazon's library.")
              .formatted(foreignFailoverLimit));
    }
  }

  /**
   * How long the leader's lock outlives its last heartbeat: three failover times, from 15 s to the 2
   * minutes of Amazon's library.
   */
  public Duration lockDuration() {
    Duration wanted = failoverTime.multipliedBy(3);
    if (wanted.compareTo(SHORTEST_LOCK) < 0) {
      return SHORTEST_LOCK;
    }
    return wanted.compareTo(LONGEST_LOCK) > 0 ? LONGEST_LOCK : wanted;
  }

  /** A held lease is written this often, so that two renewals may fail before it expires. */
  public Duration renewInterval() {
    return failoverTime.dividedBy(3);
  }

  /** Delivery stops this long after a renewal was sent: earlier than others can take the lease. */
  public Duration deliveryTime() {
    Duration margin = failoverTime.dividedBy(20);
    return failoverTime.minus(margin);
  }

  /** The shortest time between two looks while leases are likely to change hands. */
  public Duration attentiveScanInterval() {
    return scanInterval.dividedBy(2);
  }

  /** How long a free lease is left to the worker that the plan names before others try for it. */
  public Duration claimPatience() {
    return scanInterval.multipliedBy(2);
  }
}
