package org.openkcl.leases.fleet;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.WorkerMetrics;
import org.openkcl.leases.WorkerRecord;

/** Writes this worker's sign of life from time to time. Confined to the event loop. */
final class SignOfLife {
  private static final int QUICK_BEATS = 2;
  private static final Duration LOAD_WINDOW = Duration.ofSeconds(30);
  private static final double MOST_PERCENT = 100;

  private final Environment environment;
  private final EventLoop loop;
  private final LeaseTable table;
  private final FleetSettings settings;
  private final RateLimitedLog warnings;
  private EventLoop.Timer timer = () -> {};
  private final BooleanSupplier loadWanted;
  private final BooleanSupplier blind;
  private WorkerMetrics metrics = WorkerMetrics.NONE;
  private long measuredNanos;
  private long beats;
  private boolean leaving;

  /**
   * @param loadWanted whether anybody may want to know how busy this worker is
   * @param blind whether this worker sees nothing of the table: then it says nothing either, or
   *     leases would be given to it that it cannot notice
   */
  SignOfLife(
      HeldLease.Context context,
      RateLimitedLog warnings,
      BooleanSupplier loadWanted,
      BooleanSupplier blind) {
    this.environment = context.environment();
    this.loop = context.loop();
    this.table = context.table();
    this.settings = context.settings();
    this.warnings = warnings;
    this.loadWanted = loadWanted;
    this.blind = blind;
    this.measuredNanos = environment.nanoTime();
  }

  boolean isLeaving() {
    return leaving;
  }

  /** From now on says that this worker wants no more leases. */
  CompletionStage<Void> leave() {
    leaving = true;
    return beat();
  }

  /** Writes one sign of life now. Counts on from wherever a former process of this id stopped. */
  CompletionStage<Void> beat() {
    beats = Math.max(beats + 1, environment.now().toEpochMilli());
    measure();
    return table
        .coordination()
        .putWorker(new WorkerRecord(
            settings.workerId(), beats, leaving, environment.now(), metrics, settings.capacity()));
  }

  /** Adds the average of the last half minute, as Amazon's workers do; only where one may read it. */
  private void measure() {
    if (!loadWanted.getAsBoolean()) {
      metrics = WorkerMetrics.NONE;
      return;
    }
    long now = environment.nanoTime();
    if (metrics.equals(WorkerMetrics.NONE) || now - measuredNanos >= LOAD_WINDOW.toNanos()) {
      measuredNanos = now;
      environment
          .cpuPercent()
          .ifPresent(busy -> metrics = metrics.with(WorkerMetrics.CPU, busy, MOST_PERCENT));
    }
  }

  /** Goes on by itself; quickly at first, so that others see it move and trust it with leases. */
  void keepBeating() {
    timer = loop.schedule(settings.scanInterval(), () -> next(QUICK_BEATS));
  }

  void stop() {
    timer.cancel();
  }

  private void next(int quickOnes) {
    timer = loop.schedule(
        quickOnes > 0 ? settings.scanInterval() : settings.renewInterval(),
        () -> next(Math.max(0, quickOnes - 1)));
    if (blind.getAsBoolean()) {
      return;
    }
    loop.whenDone(
        beat(),
        beaten -> {},
        failure -> warnings.warn(
            "worker.no-sign-of-life",
            "Cannot write this worker's sign of life; others may give it no leases: "
                + failure.getMessage()));
  }
}
