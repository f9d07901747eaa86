package org.openkcl.leases.fleet;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;

/**
 * Leases that this worker gave to another one, which did not want them and set them free at once:
 * not all workers of an application need read the same streams at all times. They are not offered
 * again for a while, or until the worker that refused them has gone. Confined to the event loop.
 */
final class Refusals {
  private static final long AWAITED_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long MEMORY_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final Map<LeaseKey, Offer> offered = new HashMap<>();
  private final Map<LeaseKey, Offer> refused = new HashMap<>();

  /**
   * @param counter of the lease as it was given
   */
  private record Offer(String worker, long counter, long atNanos) {}

  /** The lease was given to another worker. */
  void gave(Lease lease, String worker, long nowNanos) {
    offered.put(lease.key(), new Offer(worker, lease.counter(), nowNanos));
  }

  /**
   * Sees what became of leases that were given away.
   *
   * @param live workers that want leases: one that is leaving passes on what it gets
   */
  void see(Function<LeaseKey, Optional<Lease>> sighted, Set<String> live, long nowNanos) {
    offered.entrySet().removeIf(entry -> {
      Offer offer = entry.getValue();
      Optional<Lease> now =
          sighted.apply(entry.getKey()).filter(lease -> lease.counter() > offer.counter());
      if (now.isPresent()
          && now.get().owner() == null
          && now.get().counter() == offer.counter() + 1
          && live.contains(offer.worker())) {
        refused.put(entry.getKey(), new Offer(offer.worker(), offer.counter(), nowNanos));
      }
      return now.isPresent() || nowNanos - offer.atNanos() > AWAITED_NANOS;
    });
    refused
        .values()
        .removeIf(
            offer -> nowNanos - offer.atNanos() > MEMORY_NANOS || !live.contains(offer.worker()));
  }

  /** Whether the lease should stay where it is. */
  boolean has(LeaseKey key) {
    return refused.containsKey(key);
  }
}
