package org.openkcl.metering;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.LeaseKey;

/**
 * Which leases this worker took from owners that no longer renewed them, and when, until somebody
 * asks. Thread-safe.
 */
final class Takeovers {
  private final Map<LeaseKey, Instant> times = new ConcurrentHashMap<>();

  void note(LeaseKey key, Instant at) {
    times.put(key, at);
  }

  /** Another owner's end was in order. */
  void forget(LeaseKey key) {
    times.remove(key);
  }

  /** When the lease was taken; null if it came in order. */
  @Nullable
  Instant of(LeaseKey key) {
    return times.remove(key);
  }
}
