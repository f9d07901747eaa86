package org.openkcl.leases.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.leases.CoordinationTable;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.LockWrite;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This worker's hold on Amazon's leader lock: takes it, keeps it, gives it up. Whoever leads only
 * optimises; every lease changes hands by a conditional write of its own, so that two who think they
 * lead do each other's work and no harm. Confined to the event loop.
 */
final class Leadership {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int BEATS_PER_LEASE = 4;

  private final Environment environment;
  private final EventLoop loop;
  private final CoordinationTable table;
  private final FleetSettings settings;
  private final CoordinationSightings sightings;
  private final RateLimitedLog warnings;
  private @Nullable LeaderLock held;
  private long provenNanos;
  private Instant provenAt;
  private long askedNanos;
  private boolean inFlight;
  private boolean resigned;

  Leadership(HeldLease.Context context, CoordinationSightings sightings, RateLimitedLog warnings) {
    this.environment = context.environment();
    this.loop = context.loop();
    this.table = context.table().coordination();
    this.settings = context.settings();
    this.sightings = sightings;
    this.warnings = warnings;
    this.provenAt = environment.now();
  }

  /** Whether this worker leads: it kept the lock so lately that nobody can have taken it. */
  boolean leads() {
    Duration trusted = settings.lockDuration().multipliedBy(2).dividedBy(3);
    return held != null
        && environment.nanoTime() - provenNanos < trusted.toNanos()
        && environment.now().isBefore(provenAt.plus(trusted));
  }

  /**
   * Takes a free lock, keeps a held one, or gives it up. Call it often.
   *
   * @param wanted whether this worker should lead if nobody else does
   */
  void tend(boolean wanted) {
    LeaderLock mine = held;
    long now = environment.nanoTime();
    if (inFlight || resigned) {
      return;
    }
    if (!wanted) {
      release();
    } else if (mine != null) {
      Duration beat = settings.lockDuration().dividedBy(BEATS_PER_LEASE);
      if (now - askedNanos >= beat.toNanos()) {
        write(LockWrite.heartbeat(mine, environment.newId()));
      }
    } else if (sightings.leader(now).isEmpty() && now - askedNanos >= RETRY.toNanos()) {
      write(LockWrite.acquire(
          sightings.lock(),
          LeaderLock.heldBy(settings.workerId(), settings.lockDuration(), environment.newId())));
    }
  }

  /** Gives the lock up for good. */
  void resign() {
    resigned = true;
    release();
  }

  private void release() {
    LeaderLock mine = held;
    if (mine != null) {
      log.atInfo()
          .addKeyValue("event", "leader.resigned")
          .log("Worker {} does not lead any more", settings.workerId());
      held = null;
      write(LockWrite.release(mine));
    }
  }

  private void write(LockWrite write) {
    inFlight = true;
    askedNanos = environment.nanoTime();
    send(write, environment.nanoTime(), environment.now());
  }

  private void send(LockWrite write, long sentNanos, Instant sentAt) {
    loop.whenDone(
        table.writeLock(write),
        result -> {
          inFlight = false;
          boolean done = result.match(now -> true, lost -> write.isEffectOf(lost.actual()));
          settle(write, done, sentNanos, sentAt);
          if (!done) {
            sightings.see(
                result
                    .match(now -> Optional.<LeaderLock>empty(), lost -> lost.actual())
                    .orElse(null),
                environment.nanoTime());
          }
        },
        failure -> {
          warnings.warn(
              "leader.lock-unwritable", "Cannot write the leader's lock: " + failure.getMessage());
          if (resigned) {
            inFlight = false;
          } else { // its fate is not known: the same write again tells
            loop.schedule(RETRY, () -> send(write, sentNanos, sentAt));
          }
        });
  }

  private void settle(LockWrite write, boolean done, long sentNanos, Instant sentAt) {
    LeaderLock now = write.intended();
    if (now == null) {
      return;
    }
    if (!done || resigned) {
      if (held != null) {
        log.atInfo()
            .addKeyValue("event", "leader.lost")
            .log("Worker {} has lost the leader's lock", settings.workerId());
      }
      held = null;
      return;
    }
    if (held == null) {
      log.atInfo()
          .addKeyValue("event", "leader.leads")
          .log("Worker {} leads the fleet", settings.workerId());
    }
    held = now;
    provenNanos = sentNanos;
    provenAt = sentAt;
    sightings.see(now, environment.nanoTime());
  }
}
