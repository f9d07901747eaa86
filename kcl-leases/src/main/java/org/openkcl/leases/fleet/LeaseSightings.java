package org.openkcl.leases.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.LeaseWriter;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.TableView;

/**
 * What this worker has seen of the table, and when it saw it change. A lease or worker counts as
 * dead only when it stood still for the failover time <em>since a change was seen</em>; clocks of
 * other machines are never compared.
 *
 * <p>Time comes in as arguments; there is no I/O here.
 */
final class LeaseSightings {
  private static final long STALE_READ_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final String self;
  private final Duration failoverTime;
  private final Duration twiceFailoverTime;
  private final RenewalPaces paces;
  private final Map<LeaseKey, Sighting> leases = new TreeMap<>();
  private final WorkerSightings workers;
  private final Set<String> ours = new TreeSet<>();

  LeaseSightings(FleetSettings settings) {
    this.self = settings.workerId();
    this.failoverTime = settings.failoverTime();
    this.twiceFailoverTime = failoverTime.multipliedBy(2);
    this.paces = new RenewalPaces(settings);
    this.workers = new WorkerSightings(settings);
  }

  /** Takes in what a scan saw. */
  void see(TableView view, long nowNanos) {
    Set<LeaseKey> present = new TreeSet<>();
    for (Lease lease : view.leases()) {
      present.add(lease.key());
      see(lease, nowNanos);
    }
    leases.keySet().retainAll(present);
    remember(workers.see(view.workers(), nowNanos));
  }

  /** Keeps in mind who is one of ours as long as the table names it, sign of life or not. */
  private void remember(Set<String> alive) {
    Set<String> owners = new TreeSet<>();
    for (Sighting sighting : leases.values()) {
      Ownership ownership = sighting.lease.ownership();
      Stream.of(ownership.owner(), ownership.checkpointOwner())
          .filter(Objects::nonNull)
          .forEach(owners::add);
    }
    ours.retainAll(owners);
    ours.addAll(alive);
    paces.keepOnly(owners);
  }

  /**
   * Whether the worker that reads a lease may be one of another library: it never showed our sign
   * of life, and the lease does not name it as one of ours.
   */
  private boolean isForeign(Lease lease) {
    String owner = lease.ownership().actualOwner();
    String writer = lease.ownership().writer();
    return owner != null
        && !self.equals(owner)
        && !ours.contains(owner)
        && !LeaseWriter.names(writer, owner);
  }

  /** Whether a worker is known to be one of ours. */
  boolean isOurs(String worker) {
    return self.equals(worker) || ours.contains(worker);
  }

  /** See {@link RenewalPaces#mismatch}. */
  Optional<String> failoverMismatch() {
    return paces.mismatch();
  }

  /** Takes in one lease as an eventually consistent read returned it. */
  private void see(Lease lease, long nowNanos) {
    Sighting before = leases.get(lease.key());
    if (before != null
        && before.lease.counter() > lease.counter()
        && nowNanos - before.sinceNanos < STALE_READ_NANOS) {
      return;
    }
    seeExact(lease, nowNanos);
  }

  /** Takes in one lease as our own write or a consistent read found it. */
  void seeExact(Lease lease, long nowNanos) {
    Sighting before = leases.get(lease.key());
    Long taken = takenNanos(before, lease, nowNanos);
    if (before == null) {
      leases.put(
          lease.key(), new Sighting(lease, nowNanos, nowNanos, Change.FIRST_SEEN, null, taken));
    } else if (before.lease.ownership().equals(lease.ownership())) {
      leases.put(
          lease.key(),
          new Sighting(
              lease, before.sinceNanos, nowNanos, before.change, before.renewedNanos, taken));
    } else if (!sameOwners(before.lease.ownership(), lease.ownership())) {
      leases.put(
          lease.key(), new Sighting(lease, nowNanos, nowNanos, Change.NEW_OWNER, null, taken));
    } else {
      Long renewed = renewedNanos(before, lease, nowNanos);
      leases.put(
          lease.key(), new Sighting(lease, nowNanos, nowNanos, Change.MOVED, renewed, taken));
    }
  }

  /**
   * When another library's worker was seen to have taken the lease from another worker of ours, whose
   * process still stands there because that library leaves it; null if none did.
   */
  private @Nullable Long takenNanos(@Nullable Sighting before, Lease lease, long nowNanos) {
    String holder = LeaseWriter.processOnly(lease.ownership().writer());
    String owner = lease.ownership().actualOwner();
    if (holder == null
        || LeaseWriter.names(holder, self)
        || (owner != null && LeaseWriter.names(holder, owner))) {
      return null;
    }
    return before == null || before.takenNanos == null ? nowNanos : before.takenNanos;
  }

  /**
   * The counter moved under the same owner: when its last renewal was seen. A checkpoint moves it as
   * well and says nothing about the pace of renewals; a renewal leaves the progress alone or brings a
   * new throughput.
   */
  private @Nullable Long renewedNanos(Sighting before, Lease lease, long nowNanos) {
    Long former = before.renewedNanos;
    boolean renewed = before.lease.progress().equals(lease.progress())
        || !Objects.equals(before.lease.throughputKBps(), lease.throughputKBps());
    if (!renewed) {
      return former;
    }
    String owner = lease.ownership().actualOwner();
    if (former != null && owner != null && isForeign(lease)) {
      paces.renewed(owner, nowNanos - former, nowNanos);
    }
    return nowNanos;
  }

  private static boolean sameOwners(Ownership before, Ownership now) {
    return Objects.equals(before.owner(), now.owner())
        && Objects.equals(before.checkpointOwner(), now.checkpointOwner());
  }

  void forget(LeaseKey key) {
    leases.remove(key);
  }

  Optional<Lease> lease(LeaseKey key) {
    return Optional.ofNullable(leases.get(key)).map(Sighting::lease);
  }

  /** The unfinished leases that a worker holds, by key. */
  List<LeaseKey> unfinishedOf(String owner) {
    return leases.values().stream()
        .map(Sighting::lease)
        .filter(lease -> owner.equals(lease.ownership().actualOwner()) && !lease.isFinished())
        .map(Lease::key)
        .toList();
  }

  /** The workers of ours that hold unfinished leases. */
  Set<String> oursThatHold() {
    Set<String> holders = new TreeSet<>();
    for (Sighting sighting : leases.values()) {
      String owner = sighting.lease.ownership().actualOwner();
      if (owner != null && ours.contains(owner) && !sighting.lease.isFinished()) {
        holders.add(owner);
      }
    }
    return holders;
  }

  /** Whether the lease was seen to miss at least one renewal. */
  boolean stoodStill(LeaseKey key) {
    Sighting sighting = leases.get(key);
    return sighting != null && wasSeenSilent(sighting);
  }

  List<Lease> all() {
    return leases.values().stream().map(Sighting::lease).toList();
  }

  /** Whether anyone may claim the lease: nobody owns it, or its owner let it expire. */
  boolean isFree(LeaseKey key, long nowNanos) {
    Sighting sighting = leases.get(key);
    return sighting != null
        && !sighting.lease.isFinished()
        && !mayStillBeRead(sighting, nowNanos)
        && (sighting.lease.ownership().actualOwner() == null || isExpired(sighting, nowNanos));
  }

  /**
   * Whether another worker of ours may not know yet that a worker of another library has taken the
   * lease from it: it finds out at its next renewal, and delivers no longer than the failover time.
   */
  boolean mayStillBeRead(LeaseKey key, long nowNanos) {
    Sighting sighting = leases.get(key);
    return sighting != null && mayStillBeRead(sighting, nowNanos);
  }

  private boolean mayStillBeRead(Sighting sighting, long nowNanos) {
    return sighting.takenNanos != null && nowNanos - sighting.takenNanos <= failoverTime.toNanos();
  }

  /** Whether this was one of ours that shows no sign of life any more. */
  boolean isGone(String worker) {
    return ours.contains(worker) && workers.isSilent(worker);
  }

  /**
   * Workers of another library that own unfinished leases.
   *
   * @param alive those that let none expire
   * @param silent those that did
   */
  record Foreigners(Set<String> alive, Set<String> silent) {}

  /** Who of another library owns leases. */
  Foreigners foreigners(long nowNanos) {
    Set<String> alive = new TreeSet<>();
    Set<String> silent = new TreeSet<>();
    for (Sighting sighting : leases.values()) {
      String owner = sighting.lease.ownership().actualOwner();
      if (owner != null && !sighting.lease.isFinished() && isForeign(sighting.lease)) {
        (isExpired(sighting, nowNanos) ? silent : alive).add(owner);
      }
    }
    alive.removeAll(silent);
    return new Foreigners(alive, silent);
  }

  /** Everybody that a lease names as its owner. */
  Set<String> owners() {
    Set<String> owners = new TreeSet<>();
    for (Sighting sighting : leases.values()) {
      String owner = sighting.lease.owner();
      if (owner != null) {
        owners.add(owner);
      }
    }
    return owners;
  }

  /** How long until some owned lease that was seen to stand still becomes free, if any was. */
  Optional<Duration> nextExpiry(long nowNanos) {
    return leases.values().stream()
        .filter(s -> s.lease.ownership().actualOwner() != null && !s.lease.isFinished())
        .filter(s -> !self.equals(s.lease.ownership().actualOwner()))
        .filter(s -> wasSeenSilent(s) && !isExpired(s, nowNanos))
        .mapToLong(s -> s.sinceNanos + patience(s).toNanos() - nowNanos)
        .min()
        .stream()
        .mapToObj(nanos -> Duration.ofNanos(nanos + 1))
        .findFirst();
  }

  /** What was seen of the others' signs of life. */
  WorkerSightings workers() {
    return workers;
  }

  /**
   * Live workers that want leases, this one included. One that has let a lease expire gets none,
   * whatever its sign of life says.
   */
  Set<String> workers(long nowNanos, Instant now, boolean selfIsLeaving) {
    Set<String> live = workers.live(now);
    for (Sighting sighting : leases.values()) {
      String owner = sighting.lease.ownership().actualOwner();
      if (owner != null && !sighting.lease.isFinished() && isExpired(sighting, nowNanos)) {
        live.remove(owner);
      }
    }
    live.remove(self);
    if (!selfIsLeaving) {
      live.add(self);
    }
    return live;
  }

  /**
   * Whether the lease stood still for too long. Time alone does not tell: of a large table that is
   * looked at seldom nothing is known between two looks, and its owners are alive. At least one
   * renewal must have been seen to be missing.
   */
  private boolean isExpired(Sighting sighting, long nowNanos) {
    return wasSeenSilent(sighting)
        && nowNanos - sighting.sinceNanos > patience(sighting).toNanos();
  }

  /** Whether the lease was seen to stand still for half the failover time, so longer than a third. */
  private boolean wasSeenSilent(Sighting sighting) {
    return sighting.seenNanos - sighting.sinceNanos >= failoverTime.dividedBy(2).toNanos();
  }

  /**
   * How long the lease may stand still. A worker of Amazon's library looks for what was assigned to
   * it only now and then, so one that was made the owner is given twice the time.
   */
  private Duration patience(Sighting sighting) {
    String owner = sighting.lease.ownership().actualOwner();
    if (owner == null || !isForeign(sighting.lease)) {
      return failoverTime;
    }
    Duration silence = paces.patience(owner);
    boolean isNew = sighting.change == Change.NEW_OWNER;
    return isNew && silence.compareTo(twiceFailoverTime) < 0 ? twiceFailoverTime : silence;
  }

  private enum Change {
    FIRST_SEEN,
    NEW_OWNER,
    MOVED
  }

  /**
   * @param sinceNanos when the last change was seen, which {@code change} tells
   * @param seenNanos when the lease was last seen
   * @param renewedNanos when the last renewal of the present owner was seen; null while none was
   * @param takenNanos since when it is known to be taken from another worker of ours; null if it is not
   */
  private record Sighting(
      Lease lease,
      long sinceNanos,
      long seenNanos,
      Change change,
      @Nullable Long renewedNanos,
      @Nullable Long takenNanos) {}
}
