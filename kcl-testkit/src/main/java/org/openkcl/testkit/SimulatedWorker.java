package org.openkcl.testkit;

import java.time.Duration;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.worker.Worker;

/** One process of the fleet and what is happening to it. */
final class SimulatedWorker {
  private final Simulation world;
  private final String id;
  private final SimulatedEnvironment process;
  private final Worker worker;
  private boolean leaving;
  private long frozenAtNanos;

  SimulatedWorker(Simulation world, String id, SimulatedEnvironment process, Worker worker) {
    this.world = world;
    this.id = id;
    this.process = process;
    this.worker = worker;
    worker.stopped().whenComplete((done, failure) -> {
      leaving = true;
      world.schedule(Duration.ZERO, process::crash); // the process exits
    });
  }

  String id() {
    return id;
  }

  String processName() {
    return process.name();
  }

  void start() {
    worker.start();
  }

  void stop() {
    leaving = true;
    worker.stop();
  }

  void crash() {
    process.crash();
  }

  void freeze() {
    process.freeze();
    frozenAtNanos = world.nanoTime();
  }

  /**
   * Ends a freeze.
   *
   * @param suspended whether the monotonic clock has stood still meanwhile
   */
  void thaw(boolean suspended) {
    if (!process.isFrozen()) {
      return;
    }
    if (suspended) {
      process.delayMonotonicClock(Duration.ofNanos(world.nanoTime() - frozenAtNanos));
    }
    process.thaw();
  }

  void delayClock(Duration lag) {
    process.moveWallClock(lag.negated());
  }

  boolean isFrozen() {
    return process.isFrozen();
  }

  boolean isGone() {
    return process.isCrashed();
  }

  /** Whether leases should be and stay here. */
  boolean isServing() {
    return !leaving && !process.isCrashed();
  }
}
