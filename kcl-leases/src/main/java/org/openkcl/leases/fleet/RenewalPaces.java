package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How often the owners of another library were seen to renew, and so how long one of them may be
 * silent. Their failover time is not in the table: it is worked out from the longest time between
 * two renewals, or taken to be the longest supported one as long as fewer than two were seen.
 *
 * <p>Time comes in as arguments; there is no I/O here.
 */
final class RenewalPaces {
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final FleetSettings settings;
  private final long marginNanos;
  private final Map<String, Pace> paces = new TreeMap<>();

  RenewalPaces(FleetSettings settings) {
    this.settings = settings;
    this.marginNanos = settings.claimPatience().toNanos();
  }

  /** A lease of {@code owner} was renewed, {@code gapNanos} after its renewal before. */
  void renewed(String owner, long gapNanos, long nowNanos) {
    paces.merge(
        owner,
        new Pace(nowNanos, gapNanos, gapNanos, 0),
        (before, now) -> nowNanos - before.sinceNanos > WINDOW_NANOS
            ? new Pace(nowNanos, gapNanos, gapNanos, before.longestNanos)
            : new Pace(
                before.sinceNanos,
                Math.min(before.shortestNanos, gapNanos),
                Math.max(before.longestNanos, gapNanos),
                before.formerNanos));
  }

  /** Forgets everybody else. */
  void keepOnly(Collection<String> owners) {
    paces.keySet().retainAll(owners);
  }

  /** How long a lease of {@code owner} may stand still. */
  Duration patience(String owner) {
    Pace pace = paces.get(owner);
    Duration limit = longer(settings.failoverTime(), settings.foreignFailoverLimit());
    if (pace == null) {
      return limit;
    }
    Duration judged =
        Duration.ofNanos(3 * Math.max(pace.longestNanos, pace.formerNanos) + marginNanos);
    return longer(settings.failoverTime(), shorter(judged, limit));
  }

  /** What is wrong with a failover time that differs from ours; empty while none is seen to. */
  Optional<String> mismatch() {
    double ours = settings.failoverTime().toMillis();
    for (Map.Entry<String, Pace> entry : paces.entrySet()) {
      Duration theirs = Duration.ofNanos(3 * entry.getValue().shortestNanos);
      double ratio = theirs.toMillis() / ours;
      if (ratio > 2 || ratio < 0.5) {
        return Optional.of(
            ("Worker %s renews its leases as if its failover time were about %d s; ours is %d s."
                    + " Set failoverTime here and failoverTimeMillis there to the same, or"
                    + " the slower side takes over late and the faster one is taken over from.")
                .formatted(
                    entry.getKey(), theirs.toSeconds(), settings.failoverTime().toSeconds()));
      }
    }
    return Optional.empty();
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** The gaps since {@code sinceNanos}, and the longest of the window before. */
  private record Pace(long sinceNanos, long shortestNanos, long longestNanos, long formerNanos) {}
}
