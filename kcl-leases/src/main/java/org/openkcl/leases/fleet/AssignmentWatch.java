package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.List;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.OwnedLeases;

/**
 * Asks the index by owner, between two looks at a table so large that looks are rare, whether
 * something was assigned to this worker. That costs half a unit a second for some forty leases, and
 * an eighth of the read budget at most; while there is no index it asks once a minute, which costs
 * nothing. Confined to the event loop.
 */
final class AssignmentWatch {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration WITHOUT_INDEX = Duration.ofMinutes(1);
  private static final double PART_OF_BUDGET = 0.125;
  private static final int READS_AT_ONCE = 40;

  private final EventLoop loop;
  private final LeaseTable table;
  private final FleetSettings settings;
  private final LeaseSightings sightings;
  private final CloserLook closerLook;
  private final Runnable found;
  private EventLoop.Timer timer = () -> {};
  private boolean running;

  /**
   * @param found runs when leases were seen that a look at the table has not shown
   */
  AssignmentWatch(
      HeldLease.Context context, LeaseSightings sightings, CloserLook closerLook, Runnable found) {
    this.loop = context.loop();
    this.table = context.table();
    this.settings = context.settings();
    this.sightings = sightings;
    this.closerLook = closerLook;
    this.found = found;
  }

  /** The table was looked at and will be again in so long. */
  void nextLookIn(Duration interval) {
    boolean worthwhile = interval.compareTo(INTERVAL) > 0;
    if (!worthwhile) {
      stop();
    } else if (!running) {
      running = true;
      timer = loop.schedule(INTERVAL, this::ask);
    }
  }

  void stop() {
    running = false;
    timer.cancel();
  }

  private void ask() {
    loop.whenDone(
        table.ownedBy(settings.workerId()),
        owned -> {
          if (running) {
            owned.ifPresent(this::compare);
            timer = loop.schedule(owned.map(this::pause).orElse(WITHOUT_INDEX), this::ask);
          }
        },
        failure -> {
          if (running) { // looks go on, and tell if the table does not answer
            timer = loop.schedule(settings.renewInterval(), this::ask);
          }
        });
  }

  private Duration pause(OwnedLeases owned) {
    double seconds = owned.readUnits() / (settings.readUnitsPerSecond() * PART_OF_BUDGET);
    Duration affordable = Duration.ofMillis(Math.round(seconds * 1_000));
    return affordable.compareTo(INTERVAL) > 0 ? affordable : INTERVAL;
  }

  private void compare(OwnedLeases owned) {
    closerLook.spent(owned.readUnits());
    List<LeaseKey> unknown =
        owned.keys().stream().filter(key -> !isKnown(key)).limit(READS_AT_ONCE).toList();
    if (!unknown.isEmpty()) {
      loop.whenDone(
          closerLook.at(unknown),
          looked -> {
            if (running) {
              found.run();
            }
          },
          failure -> {});
    }
  }

  /** In a handoff the index knows the owner to be, and does not change when it is over. */
  private boolean isKnown(LeaseKey key) {
    return sightings
        .lease(key)
        .map(Lease::ownership)
        .filter(seen -> settings.workerId().equals(seen.owner()) && seen.checkpointOwner() == null)
        .isPresent();
  }
}
