package org.openkcl.environment;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A world on virtual time in which simulated processes run production code. Everything happens as
 * events on one queue, one at a time; their times and order come from a seed, so that a seed and a
 * commit name one exact run.
 *
 * <p>User code runs on real threads in lock-step: while one of them runs nothing else does, and
 * {@link Environment#await} hands the turn back.
 *
 * <p>Not thread-safe: drive it from one thread.
 */
public final class Simulation implements InstantSource, AutoCloseable {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final SplittableRandom chance;
  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private final CarrierThreads carriers = new CarrierThreads();
  private final List<SimulatedEnvironment> processes = new ArrayList<>();
  private Runnable afterEachEvent = () -> {};
  private long nowNanos;
  private long nextOrder;
  private long eventCount;

  public Simulation(long seed) {
    chance = new SplittableRandom(seed);
  }

  /** Starts a process of its own clocks, chance and loops. */
  public SimulatedEnvironment newProcess(String name) {
    SimulatedEnvironment process =
        new SimulatedEnvironment(this, name + "#" + processes.size(), chance.split());
    processes.add(process);
    return process;
  }

  /** A source of chance for the world outside all processes. */
  public SplittableRandom chance() {
    return chance;
  }

  /** Virtual time since the start, in nanoseconds. */
  public long nanoTime() {
    return nowNanos;
  }

  @Override
  public Instant instant() {
    return START.plusNanos(nowNanos);
  }

  /** How many events have happened. */
  public long eventCount() {
    return eventCount;
  }

  /** Runs {@code check} after every event; what it throws ends the run. */
  public void afterEachEvent(Runnable check) {
    afterEachEvent = check;
  }

  /** Lets {@code action} happen outside all processes, {@code delay} from now. */
  public void schedule(Duration delay, Runnable action) {
    add(null, nowNanos + Math.max(0, delay.toNanos()), action);
  }

  /** Lets everything due within {@code duration} happen and moves the clock to its end. */
  public void runFor(Duration duration) {
    long end = nowNanos + duration.toNanos();
    while (!queue.isEmpty() && queue.peek().atNanos <= end) {
      step();
    }
    nowNanos = Math.max(nowNanos, end);
  }

  /**
   * Runs until {@code condition} holds after an event.
   *
   * @return whether it held within {@code limit} of virtual time
   */
  public boolean runUntil(BooleanSupplier condition, Duration limit) {
    long end = nowNanos + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (queue.isEmpty() || queue.peek().atNanos > end) {
        return false;
      }
      step();
    }
    return true;
  }

  /** Ends all processes and threads. */
  @Override
  public void close() {
    queue.clear();
    processes.forEach(SimulatedEnvironment::crash);
    carriers.close();
  }

  Event add(@Nullable SimulatedEnvironment process, long atNanos, Runnable action) {
    Event event = new Event(process, Math.max(atNanos, nowNanos), nextOrder++, action);
    queue.add(event);
    return event;
  }

  void remove(Event event) {
    event.cancelled = true;
  }

  void requeue(Event event) {
    queue.add(new Event(event.process, nowNanos, nextOrder++, event.action));
  }

  CarrierThreads carriers() {
    return carriers;
  }

  private void step() {
    Event event = queue.remove();
    if (event.cancelled) {
      return;
    }
    nowNanos = event.atNanos;
    SimulatedEnvironment process = event.process;
    if (process != null && !process.admits(event)) {
      return;
    }
    eventCount++;
    event.action.run();
    afterEachEvent.run();
  }

  /** Something that happens at a time, to a process or (null) to the world. */
  static final class Event implements Comparable<Event> {
    private final @Nullable SimulatedEnvironment process;
    private final long atNanos;
    private final long order;
    private final Runnable action;
    private boolean cancelled;

    Event(@Nullable SimulatedEnvironment process, long atNanos, long order, Runnable action) {
      this.process = process;
      this.atNanos = atNanos;
      this.order = order;
      this.action = action;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }

    boolean isCancelled() {
      return cancelled;
    }
  }
}
