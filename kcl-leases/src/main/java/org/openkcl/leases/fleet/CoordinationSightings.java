package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openkcl.leases.ClientVersion;
import org.openkcl.leases.CoordinationView;
import org.openkcl.leases.ForeignWorker;
import org.openkcl.leases.LeaderLock;
import org.openkcl.leases.Migration;
import org.openkcl.leases.TableMigrationStatus;
import org.openkcl.leases.WorkerMetrics;

/**
 * What this worker has seen of the lock, of Amazon's workers and of their migrations, and when it
 * saw them change. As with leases, standing still is counted from when a change was <em>seen</em>;
 * clocks of other machines are never compared.
 *
 * <p>Time comes in as arguments; there is no I/O here.
 */
final class CoordinationSightings {
  /** Amazon's workers report every 30 s and count as gone after 60; one scan more is granted. */
  private static final Duration REPORTS_EXPIRE = Duration.ofSeconds(65);

  /** After this long without a report an Amazon worker's item is only litter, as there. */
  private static final Duration REPORTS_ARE_LITTER = Duration.ofDays(1);

  private final Map<String, Report> reports = new TreeMap<>();
  private @Nullable LeaderLock lock;
  private long lockSinceNanos;
  private @Nullable ClientVersion version;
  private @Nullable TableMigrationStatus tables;

  /** @param proven the item was seen to move, so its writer lived then */
  private record Report(ForeignWorker worker, long sinceNanos, boolean proven) {}

  /** Takes in what a look saw. */
  void see(CoordinationView view, long nowNanos) {
    Set<String> present = new TreeSet<>();
    for (ForeignWorker worker : view.foreignWorkers()) {
      present.add(worker.workerId());
      Report before = reports.get(worker.workerId());
      if (before == null) {
        reports.put(worker.workerId(), new Report(worker, nowNanos, false));
      } else if (!before.worker.writtenAt().equals(worker.writtenAt())) {
        reports.put(worker.workerId(), new Report(worker, nowNanos, true));
      }
    }
    reports.keySet().retainAll(present);
    see(view.lock(), nowNanos);
    version = view.migration(Migration.Subject.CLIENT_VERSION)
        .map(Migration::clientVersion)
        .orElse(null);
    tables =
        view.migration(Migration.Subject.TABLES).map(Migration::tableStatus).orElse(null);
  }

  /** Takes in the lock as a scan, a consistent read or our own write found it. */
  void see(@Nullable LeaderLock seen, long nowNanos) {
    if (!Objects.equals(lock, seen)) {
      lock = seen;
      lockSinceNanos = nowNanos;
    }
  }

  /** The lock as last seen; null when there was none. */
  @Nullable
  LeaderLock lock() {
    return lock;
  }

  /** The worker that leads: it keeps the lock. */
  Optional<String> leader(long nowNanos) {
    LeaderLock seen = lock;
    if (seen == null || seen.released()) {
      return Optional.empty();
    }
    boolean kept = nowNanos - lockSinceNanos < seen.leaseDuration().toNanos();
    return kept ? Optional.of(seen.owner()) : Optional.empty();
  }

  /** For how long nobody has led; zero while somebody does. */
  Duration leaderlessFor(long nowNanos) {
    LeaderLock seen = lock;
    if (leader(nowNanos).isPresent()) {
      return Duration.ZERO;
    }
    long kept = seen == null || seen.released() ? 0 : seen.leaseDuration().toNanos();
    return Duration.ofNanos(nowNanos - lockSinceNanos - kept);
  }

  /** A worker that let a lease expire gets none until it reports again. */
  void distrust(String workerId) {
    reports.computeIfPresent(
        workerId, (id, report) -> new Report(report.worker, report.sinceNanos, false));
  }

  /** Whether the worker that leads is one of ours. */
  boolean isLedByOurs(long nowNanos) {
    return leader(nowNanos).isPresent() && lock != null && lock.ofOpenKcl();
  }

  /** Amazon's 3.x workers that may be there. */
  boolean showForeignSigns(long nowNanos) {
    boolean reported = reports.values().stream().anyMatch(report -> isFresh(report, nowNanos));
    return reported || (leader(nowNanos).isPresent() && !isLedByOurs(nowNanos));
  }

  /** Amazon's 3.x workers that were seen to report lately, and can be trusted with leases. */
  Map<String, ForeignWorker> reporting(long nowNanos) {
    Map<String, ForeignWorker> live = new TreeMap<>();
    reports.forEach((id, report) -> {
      if (report.proven && isFresh(report, nowNanos) && !report.worker.metrics().areFailing()) {
        live.put(id, report.worker);
      }
    });
    return live;
  }

  /** Whether Amazon's workers that are there tell how busy they are. */
  boolean tellLoad(long nowNanos) {
    return reports.values().stream()
        .anyMatch(report -> isFresh(report, nowNanos)
            && report.worker.metrics().averages().containsKey(WorkerMetrics.CPU));
  }

  /** How busy an Amazon worker's machine was on average, in percent, as its item says. */
  Optional<Double> utilizationOf(String workerId) {
    Report report = reports.get(workerId);
    return report == null ? Optional.empty() : report.worker.metrics().recent(WorkerMetrics.CPU);
  }

  /** Items of Amazon's workers that are only litter. */
  Map<String, ForeignWorker> litter(long nowNanos) {
    Map<String, ForeignWorker> litter = new TreeMap<>();
    reports.forEach((id, report) -> {
      if (nowNanos - report.sinceNanos > REPORTS_ARE_LITTER.toNanos()) {
        litter.put(id, report.worker);
      }
    });
    return litter;
  }

  /** How far the application has come from 2.x to 3.x; null when nothing says so. */
  @Nullable
  ClientVersion version() {
    return version;
  }

  /**
   * Whether one of Amazon's migrations needs a leader of theirs. The one to a single table is the
   * leader's work; the one from 2.x may be rolled back while it is not finished.
   */
  boolean isMigrating() {
    boolean betweenVersions = version != null && version != ClientVersion.V3X;
    boolean betweenTables = tables != null && tables != TableMigrationStatus.COMPLETE;
    return betweenVersions || betweenTables;
  }

  private static boolean isFresh(Report report, long nowNanos) {
    return nowNanos - report.sinceNanos < REPORTS_EXPIRE.toNanos();
  }
}
