package org.openkcl.leases.fleet;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseTable;

/**
 * Reads single leases between two looks at the whole table, and keeps account of what such reading
 * costs, so that the next look can be paid after it. Confined to the event loop.
 */
final class CloserLook {
  /** A consistent read of an item below 4 KiB. */
  private static final double UNITS_OF_READ = 1;

  private final Environment environment;
  private final EventLoop loop;
  private final LeaseTable table;
  private final LeaseSightings sightings;
  private double units;

  CloserLook(HeldLease.Context context, LeaseSightings sightings) {
    this.environment = context.environment();
    this.loop = context.loop();
    this.table = context.table();
    this.sightings = sightings;
  }

  /** Looks at these leases now. Completes on the loop when all were seen or could not be; never fails. */
  CompletionStage<Void> at(Collection<LeaseKey> keys) {
    CompletableFuture<?>[] looks = keys.stream().map(this::at).toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(looks);
  }

  private CompletableFuture<Void> at(LeaseKey key) {
    CompletableFuture<Void> looked = new CompletableFuture<>();
    spent(UNITS_OF_READ);
    loop.whenDone(
        table.read(key),
        lease -> {
          lease.ifPresentOrElse(
              seen -> sightings.seeExact(seen, environment.nanoTime()),
              () -> sightings.forget(key));
          looked.complete(null);
        },
        failure -> looked.complete(null)); // the next look tells, and says so if it fails as well
    return looked;
  }

  /** Puts so many read units on the account. */
  void spent(double moreUnits) {
    units += moreUnits;
  }

  /** What has been spent since this was asked last. */
  double takeAccount() {
    double account = units;
    units = 0;
    return account;
  }
}
