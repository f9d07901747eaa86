package org.openkcl.leases.fleet;

import java.time.Duration;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.TableView;

/**
 * Looks at the table again and again, as often as its read budget allows, and wakes the member when
 * something was seen or some lease has stood still for too long. It looks more often while leases
 * are likely to change hands: when this worker is new, and while another one is leaving. Confined to
 * the event loop.
 */
final class TableWatch {
  private final Environment environment;
  private final EventLoop loop;
  private final LeaseTable table;
  private final FleetSettings settings;
  private final LeaseSightings sightings;
  private final CoordinationSightings coordination;
  private final RateLimitedLog warnings;
  private final Listener listener;
  private final ReadAllowance allowance;
  private final CloserLook closerLook;
  private final AssignmentWatch assignments;
  private final NeighbourWatch neighbours;
  private final long bornNanos;
  private long sawNanos;
  private Duration interval;
  private EventLoop.Timer scanTimer = () -> {};
  private EventLoop.Timer expiryTimer = () -> {};
  private boolean stopped;

  /** What the watch wakes. */
  interface Listener {
    /** The table was seen. */
    void seen();

    /** Leases of this worker's were seen between two looks at the table. */
    void assigned();

    /** Time alone has changed something: a lease may be free now. */
    void expiryDue();
  }

  TableWatch(
      HeldLease.Context context,
      LeaseSightings sightings,
      CoordinationSightings coordination,
      RateLimitedLog warnings,
      Listener listener) {
    this.environment = context.environment();
    this.loop = context.loop();
    this.table = context.table();
    this.settings = context.settings();
    this.sightings = sightings;
    this.coordination = coordination;
    this.warnings = warnings;
    this.listener = listener;
    this.bornNanos = environment.nanoTime();
    this.sawNanos = bornNanos;
    this.interval = settings.scanInterval();
    this.allowance = new ReadAllowance(settings.readUnitsPerSecond(), bornNanos);
    this.closerLook = new CloserLook(context, sightings);
    this.assignments = new AssignmentWatch(context, sightings, closerLook, listener::assigned);
    this.neighbours = new NeighbourWatch(context, sightings, closerLook, this::awaitExpiry);
  }

  /** Whether the table has not been seen for longer than a look or two may take to fail. */
  boolean isBlind() {
    Duration bearable = interval.plus(settings.failoverTime().dividedBy(2));
    return environment.nanoTime() - sawNanos > bearable.toNanos();
  }

  /** Whether it is this worker that notices between two looks when the owner of a lease dies. */
  boolean watchesOwnerOf(Lease lease) {
    return neighbours.watches(lease);
  }

  /** Takes in what a scan saw, and plans the next one. */
  void saw(TableView view) {
    sightings.see(view, environment.nanoTime());
    coordination.see(view.coordination(), environment.nanoTime());
    view.malformed().forEach(this::report);
    sightings.failoverMismatch().ifPresent(text -> warnings.warn("fleet.failover-mismatch", text));
    sawNanos = environment.nanoTime();
    interval = intervalAfter(view);
    scanTimer = loop.schedule(interval, this::scan);
    assignments.nextLookIn(interval);
    neighbours.nextLookIn(interval);
    sightings.workers().litter().forEach(table.coordination()::deleteWorker);
    listener.seen();
  }

  /** Wakes the member when the next lease has stood still for too long. */
  void awaitExpiry() {
    expiryTimer.cancel();
    sightings
        .nextExpiry(environment.nanoTime())
        .ifPresent(delay -> expiryTimer = loop.schedule(delay, listener::expiryDue));
  }

  void stop() {
    stopped = true;
    assignments.stop();
    neighbours.stop();
    scanTimer.cancel();
    expiryTimer.cancel();
  }

  private void scan() {
    loop.whenDone(
        table.scan(),
        view -> {
          if (!stopped) {
            saw(view);
          }
        },
        failure -> {
          if (!stopped) {
            warnings.warn(
                "table.unreadable",
                "Cannot read lease table %s; leases of dead workers stay unread until this works: %s"
                    .formatted(table.name(), failure.getMessage()));
            scanTimer = loop.schedule(settings.renewInterval(), this::scan);
          }
        });
  }

  private Duration intervalAfter(TableView view) {
    long now = environment.nanoTime();
    Duration affordable = allowance.spend(view.readUnits() + closerLook.takeAccount(), now);
    boolean isNew = now - bornNanos < settings.failoverTime().dividedBy(2).toNanos();
    Duration shortest = isNew || sightings.workers().anotherIsLeaving()
        ? settings.attentiveScanInterval()
        : settings.scanInterval();
    return affordable.compareTo(shortest) > 0 ? affordable : shortest;
  }

  private void report(TableView.Malformed item) {
    warnings.warn(
        "lease.malformed",
        item.key().toString(),
        ("Lease item '%s' in table %s cannot be read, so nobody reads its shard: %s. Repair the"
                + " attribute, or delete the item to start the shard anew.")
            .formatted(item.key(), table.name(), item.reason()));
  }
}
