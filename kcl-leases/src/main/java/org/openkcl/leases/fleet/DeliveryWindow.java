package org.openkcl.leases.fleet;

import java.time.Duration;
import java.time.Instant;
import org.openkcl.environment.Environment;

/**
 * Until when records may be handed to user code without a new proof of ownership. Immutable: taken
 * on the event loop, checked on any thread.
 *
 * @param untilNanos by the monotonic clock
 * @param until by the wall clock, which counts the time a machine was suspended
 */
public record DeliveryWindow(long untilNanos, Instant until) {

  /** The window that a write opens, counted from when it was sent. */
  static DeliveryWindow of(FleetSettings settings, long sentNanos, Instant sentAt) {
    Duration validity = settings.deliveryTime();
    return new DeliveryWindow(sentNanos + validity.toNanos(), sentAt.plus(validity));
  }

  /** Whether neither clock has passed the end. */
  public boolean isOpen(Environment environment) {
    return environment.nanoTime() - untilNanos < 0 && environment.now().isBefore(until);
  }
}
