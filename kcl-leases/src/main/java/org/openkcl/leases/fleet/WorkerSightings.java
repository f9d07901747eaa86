package org.openkcl.leases.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.openkcl.leases.WorkerCapacity;
import org.openkcl.leases.WorkerMetrics;
import org.openkcl.leases.WorkerRecord;

/**
 * What this worker has seen of the others' signs of life, and when it saw them move. How old a sign
 * is counts up to the last look, not up to now: between two looks nobody was seen to stand still.
 *
 * <p>Time comes in as arguments; there is no I/O here.
 */
final class WorkerSightings {
  private static final int FORGET_AFTER = 10;

  private final String self;
  private final Duration failoverTime;
  private final Map<String, Sighting> workers = new HashMap<>();
  private long lookedNanos;

  /** @param proven the sign was seen to move, so its writer lived then */
  private record Sighting(WorkerRecord record, long sinceNanos, boolean proven) {}

  WorkerSightings(FleetSettings settings) {
    this.self = settings.workerId();
    this.failoverTime = settings.failoverTime();
  }

  /** Takes in what a scan saw, and tells whom. */
  Set<String> see(List<WorkerRecord> records, long nowNanos) {
    lookedNanos = nowNanos;
    Set<String> present = new TreeSet<>();
    for (WorkerRecord worker : records) {
      present.add(worker.workerId());
      Sighting before = workers.get(worker.workerId());
      if (before == null) {
        workers.put(worker.workerId(), new Sighting(worker, nowNanos, false));
      } else if (before.record.beat() != worker.beat()) {
        workers.put(worker.workerId(), new Sighting(worker, nowNanos, true));
      }
    }
    workers.keySet().retainAll(present);
    return present;
  }

  /**
   * Other live workers that want leases. One counts if its sign of life was seen moving within half
   * the failover time before the last look: leases are given only to those that can be trusted with
   * them. One whose sign of life was never seen moving counts only if it claims to have been written
   * within the failover time: a hint for planning, never a reason to call a lease expired.
   */
  Set<String> live(Instant now) {
    Set<String> live = new TreeSet<>();
    for (Sighting sighting : workers.values()) {
      boolean recent = ageNanos(sighting) <= failoverTime.dividedBy(2).toNanos();
      boolean plausible = sighting.proven
          || Duration.between(sighting.record.writtenAt(), now).abs().compareTo(failoverTime) <= 0;
      if (recent && plausible && !sighting.record.leaving()) {
        live.add(sighting.record.workerId());
      }
    }
    live.remove(self);
    return live;
  }

  /**
   * Whether the worker's sign of life was seen moving. One that has only just begun is still busy with
   * its start: a shard that is handed to it now would be read by nobody until that is done.
   */
  boolean hasMoved(String worker) {
    Sighting sighting = workers.get(worker);
    return sighting != null && sighting.proven;
  }

  /** Whether the worker shows no sign of life any more, or never did. */
  boolean isSilent(String worker) {
    Sighting sighting = workers.get(worker);
    return sighting == null || ageNanos(sighting) > failoverTime.toNanos();
  }

  /** Whether another worker is handing over its leases, so that more will soon be assigned or free. */
  boolean anotherIsLeaving() {
    return workers.values().stream()
        .filter(sighting -> sighting.record.leaving())
        .filter(sighting -> !self.equals(sighting.record.workerId()))
        .anyMatch(sighting -> ageNanos(sighting) <= failoverTime.toNanos());
  }

  /** How much a worker wants to do, as its sign of life says. */
  WorkerCapacity capacityOf(String workerId) {
    Sighting sighting = workers.get(workerId);
    return sighting == null ? WorkerCapacity.EQUAL : sighting.record.capacity();
  }

  /** How busy a worker's machine was on average, in percent, as its sign of life says. */
  Optional<Double> utilizationOf(String workerId) {
    Sighting sighting = workers.get(workerId);
    return sighting == null
        ? Optional.empty()
        : sighting.record.metrics().recent(WorkerMetrics.CPU);
  }

  /** Signs of life that have not moved for so long that they are only litter. */
  List<String> litter() {
    long limit = failoverTime.multipliedBy(FORGET_AFTER).toNanos();
    List<String> litter = new ArrayList<>();
    for (Sighting sighting : workers.values()) {
      if (ageNanos(sighting) > limit && !self.equals(sighting.record.workerId())) {
        litter.add(sighting.record.workerId());
      }
    }
    return litter;
  }

  private long ageNanos(Sighting sighting) {
    return lookedNanos - sighting.sinceNanos;
  }
}
