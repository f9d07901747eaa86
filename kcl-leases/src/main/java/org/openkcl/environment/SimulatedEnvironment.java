package org.openkcl.environment;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One simulated process of a {@link Simulation}: production code on virtual time, which can be
 * frozen and thawed, or crash.
 */
public final class SimulatedEnvironment implements Environment {
  private static final long MAX_DISPATCH_NANOS = 50_000;

  private final Simulation world;
  private final String name;
  private final SplittableRandom chance;
  private final List<Simulation.Event> deferred = new ArrayList<>();
  private final Set<CarrierThreads.Carrier> waiting = new LinkedHashSet<>();
  private @Nullable EventLoop running;
  private boolean frozen;
  private boolean crashed;
  private long monotonicLagNanos;
  private long lastNanos;
  private double clockPace = 1;
  private long paceSinceNanos;
  private long pacedNanos;
  private Duration wallOffset = Duration.ZERO;
  private OptionalDouble cpuPercent = OptionalDouble.empty();
  private long ids;

  SimulatedEnvironment(Simulation world, String name, SplittableRandom chance) {
    this.world = world;
    this.name = name;
    this.chance = chance;
  }

  public String name() {
    return name;
  }

  /** Stops everything in this process until {@link #thaw}; its timers and replies pile up. */
  public void freeze() {
    frozen = true;
  }

  /** Ends a freeze: what has piled up happens now. */
  public void thaw() {
    frozen = false;
    List<Simulation.Event> pile = List.copyOf(deferred);
    deferred.clear();
    pile.stream().filter(event -> !event.isCancelled()).forEach(world::requeue);
  }

  /**
   * Lets the monotonic clock fall behind, as when a machine was suspended. It never goes back: it
   * stands still until it is so far behind.
   */
  public void delayMonotonicClock(Duration lag) {
    monotonicLagNanos += lag.toNanos();
  }

  /**
   * Lets both clocks and all timers that are set from now on run faster (above 1) or slower.
   *
   * @param pace seconds of this process in a second of the world; above 0
   */
  public void setClockPace(double pace) {
    pacedNanos = unlaggedNanos();
    paceSinceNanos = world.nanoTime();
    clockPace = pace;
  }

  /** Moves the wall clock on, or back when negative, as when a time server corrects it. */
  public void moveWallClock(Duration step) {
    wallOffset = wallOffset.plus(step);
  }

  /** Ends the process at once: no code of it runs any more. */
  public void crash() {
    crashed = true;
    deferred.clear();
    List<CarrierThreads.Carrier> unwinding = List.copyOf(waiting);
    waiting.clear();
    unwinding.forEach(CarrierThreads.Carrier::crash);
  }

  public boolean isCrashed() {
    return crashed;
  }

  public boolean isFrozen() {
    return frozen;
  }

  @Override
  public long nanoTime() {
    lastNanos = Math.max(lastNanos, unlaggedNanos() - monotonicLagNanos);
    return lastNanos;
  }

  @Override
  public Instant now() {
    return world.instant().plusNanos(unlaggedNanos() - world.nanoTime()).plus(wallOffset);
  }

  private long unlaggedNanos() {
    return pacedNanos + (long) ((world.nanoTime() - paceSinceNanos) * clockPace);
  }

  @Override
  public RandomGenerator random() {
    return chance;
  }

  @Override
  public OptionalDouble cpuPercent() {
    return cpuPercent;
  }

  /** Makes the machine this busy. */
  public void setCpuPercent(double percent) {
    cpuPercent = OptionalDouble.of(percent);
  }

  @Override
  public String newId() {
    return name + "-" + ++ids;
  }

  @Override
  public EventLoop newEventLoop(String loopName) {
    return new Loop();
  }

  @Override
  public void runBlocking(String taskName, Runnable task) {
    later(world.nanoTime() + dispatchNanos(), () -> world.carriers().start(task));
  }

  @Override
  public <T> T await(CompletionStage<T> stage, Duration timeout)
      throws ExecutionException, TimeoutException, InterruptedException {
    CarrierThreads.Carrier carrier = CarrierThreads.current();
    if (carrier == null) {
      throw new IllegalStateException(
          "await must be called from user code only, never on an event loop");
    }
    CompletableFuture<T> future = stage.toCompletableFuture();
    if (!future.isDone()) {
      waitFor(future, timeout, carrier);
    }
    if (!future.isDone()) {
      throw new TimeoutException("not complete after " + timeout);
    }
    return future.get();
  }

  /** Suspends the calling user code for a virtual time; for simulated processors that are slow. */
  public void pause(Duration duration) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    later(world.nanoTime() + duration.toNanos(), () -> over.complete(null));
    try {
      await(over, duration.plusSeconds(1));
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    // Simulated user code ends with the process or by itself; there is nothing to interrupt.
  }

  /** Whether the event may happen now; keeps it for later when the process is frozen. */
  boolean admits(Simulation.Event event) {
    if (crashed) {
      return false;
    }
    if (frozen) {
      deferred.add(event);
      return false;
    }
    return true;
  }

  private void waitFor(
      CompletableFuture<?> future, Duration timeout, CarrierThreads.Carrier carrier) {
    boolean[] resumed = {false};
    Runnable resumeOnce = () -> {
      if (!resumed[0] && waiting.remove(carrier)) {
        resumed[0] = true;
        carrier.resume();
      }
    };
    Simulation.Event timer = later(world.nanoTime() + timeout.toNanos(), resumeOnce);
    future.whenComplete((value, failure) -> later(world.nanoTime() + dispatchNanos(), resumeOnce));
    waiting.add(carrier);
    carrier.suspend();
    world.remove(timer);
  }

  private Simulation.Event later(long atNanos, Runnable action) {
    return world.add(this, atNanos, action);
  }

  private long dispatchNanos() {
    return chance.nextLong(MAX_DISPATCH_NANOS);
  }

  /** A loop whose tasks are events of the world, in the order in which they were given. */
  private final class Loop implements EventLoop {
    private long lastNanos;
    private boolean closed;

    @Override
    public void execute(Runnable task) {
      lastNanos = Math.max(lastNanos, world.nanoTime() + dispatchNanos());
      later(lastNanos, () -> run(task));
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      long delayNanos = (long) (Math.max(0, delay.toNanos()) / clockPace);
      long atNanos = world.nanoTime() + delayNanos + dispatchNanos();
      Simulation.Event event = later(atNanos, () -> run(task));
      return () -> world.remove(event);
    }

    @Override
    public boolean inLoop() {
      return running == this;
    }

    @Override
    public void close() {
      closed = true;
    }

    private void run(Runnable task) {
      if (closed) {
        return;
      }
      running = this;
      try {
        task.run();
      } finally {
        running = null;
      }
    }
  }
}
