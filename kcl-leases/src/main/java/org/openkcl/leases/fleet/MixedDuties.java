package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.Set;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.plan.LeasePlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What falls to this worker because Amazon's workers cannot do it for themselves: a leader gives
 * them leases and takes leases from them by handoffs; among takers of 2.x everybody steals. Confined
 * to the event loop.
 */
final class MixedDuties {
  private static final Logger log = LoggerFactory.getLogger(MixedDuties.class);
  private static final Duration CLEANING = Duration.ofHours(1);

  private final Environment environment;
  private final EventLoop loop;
  private final CoordinationTable table;
  private final FleetSettings settings;
  private final LeaseSightings leases;
  private final CoordinationSightings coordination;
  private final LeaseClaims claims;
  private final RateLimitedLog warnings;
  private long cleanedNanos;
  private long stoleNanos;

  MixedDuties(
      HeldLease.Context context,
      LeaseSightings leases,
      CoordinationSightings coordination,
      LeaseClaims claims,
      RateLimitedLog warnings) {
    this.environment = context.environment();
    this.loop = context.loop();
    this.table = context.table().coordination();
    this.settings = context.settings();
    this.leases = leases;
    this.coordination = coordination;
    this.claims = claims;
    this.warnings = warnings;
    this.cleanedNanos = environment.nanoTime();
    this.stoleNanos = environment.nanoTime();
  }

  /** A leader's part of the plan: free leases for Amazon's workers, and handoffs from them. */
  void lead(LeasePlan plan, Set<String> foreign) {
    for (LeasePlan.Claim claim : plan.claims()) {
      if (foreign.contains(claim.worker())) {
        leases.lease(claim.key()).ifPresent(lease -> claims.passOn(lease, claim.worker()));
      }
    }
    for (LeasePlan.Move move : plan.moves()) {
      if (foreign.contains(move.from())
          && !leases.mayStillBeRead(move.key(), environment.nanoTime())) {
        log.atInfo()
            .addKeyValue("event", "lease.assigned")
            .log(
                "Leading: {} goes from {} to {}: {}",
                move.key(),
                move.from(),
                move.to(),
                move.reason());
        leases.lease(move.key()).ifPresent(lease -> claims.handOff(lease, move.to()));
      }
    }
    clean();
  }

  /**
   * A 2.x worker's part: takes one lease at a time from an Amazon worker that has too many, as often
   * as one of theirs would. The owner finds out at its next renewal.
   */
  void steal(LeasePlan plan, Set<String> foreign) {
    long now = environment.nanoTime();
    long pause = settings.failoverTime().multipliedBy(2).toNanos();
    if (!plan.claims().isEmpty() || now - stoleNanos < pause) {
      return;
    }
    plan.moves().stream()
        .filter(move -> foreign.contains(move.from()) && move.to().equals(settings.workerId()))
        .filter(move -> !leases.mayStillBeRead(move.key(), now))
        .findFirst()
        .ifPresent(move -> {
          stoleNanos = now;
          log.atInfo()
              .addKeyValue("event", "lease.stolen")
              .log("Taking {} from {}: {}", move.key(), move.from(), move.reason());
          leases.lease(move.key()).ifPresent(claims::claim);
        });
  }

  private void clean() {
    long now = environment.nanoTime();
    if (now - cleanedNanos < CLEANING.toNanos()) {
      return;
    }
    cleanedNanos = now;
    coordination
        .litter(now)
        .forEach((id, worker) -> loop.whenDone(
            table.deleteStaleWorker(id, worker.writtenAt()),
            gone -> {},
            failure -> warnings.warn(
                "worker.litter",
                "Cannot delete the metrics of worker %s, which has been gone for a day: %s"
                    .formatted(id, failure.getMessage()))));
  }
}
