package org.openkcl.multilang.child;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShardRecordProcessorFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All child processes of a daemon, one per shard: makes a processor for each shard, holds starts
 * back while they fail, and sees to it that no child survives. Safe for use by any thread.
 */
public final class Children implements ShardRecordProcessorFactory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Children.class);

  private final ChildCommand command;
  private final ChildSettings settings;
  private final LongSupplier nanoTime;
  private final ScheduledThreadPoolExecutor timer;
  private final AtomicReference<StartGate> gate = new AtomicReference<>(StartGate.OPEN);
  private final Map<String, StartGate> shardGates = new ConcurrentHashMap<>();
  private final Set<ChildProcess> running = ConcurrentHashMap.newKeySet();

  public Children(ChildCommand command, ChildSettings settings) {
    this(command, settings, System::nanoTime);
  }

  Children(ChildCommand command, ChildSettings settings, LongSupplier nanoTime) {
    this.command = command;
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.timer = new ScheduledThreadPoolExecutor(1, task -> {
      Thread thread = new Thread(task, "openkcl-child-timer");
      thread.setDaemon(true);
      return thread;
    });
    timer.setRemoveOnCancelPolicy(true);
  }

  @Override
  public ShardRecordProcessor shardRecordProcessor() {
    return new ChildProcessor(this);
  }

  ChildSettings settings() {
    return settings;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  /** Starts a child for a shard, unless starts are held back. */
  ChildProcess start(String shardId) throws ChildFailedException {
    enter(Objects.requireNonNull(gate.get()), shardId, "starts of '" + command + "'");
    enter(shardGate(shardId), shardId, "children of that shard");
    long now = nanoTime.getAsLong();
    gate.updateAndGet(state -> state.entered(now));
    try {
      ChildProcess child = ChildProcess.start(command, shardId, settings.lineBytesMax());
      running.add(child);
      log.info("Started child {} for shard {}", child.pid(), shardId);
      return child;
    } catch (IOException failure) {
      startFailed();
      failed(shardId);
      throw new ChildFailedException(
          "The child of %s cannot be started by '%s': %s. Check executableName and the PATH"
              .formatted(shardId, command, failure.getMessage()),
          failure);
    }
  }

  private StartGate shardGate(String shardId) {
    return shardGates.getOrDefault(shardId, StartGate.OPEN);
  }

  private void enter(StartGate state, String shardId, String what) throws ChildFailedException {
    Duration wait = state.closedFor(nanoTime.getAsLong());
    if (!wait.isZero()) {
      throw new ChildFailedException(
          "No child is started for %s now: the last %d %s failed. Next try in %d ms"
              .formatted(shardId, state.failures(), what, wait.toMillis()));
    }
  }

  /** The child of a shard has failed, in whatever call. */
  void failed(String shardId) {
    shardGates.merge(
        shardId,
        StartGate.OPEN.failed(nanoTime.getAsLong()),
        (state, first) -> state.failed(nanoTime.getAsLong()));
  }

  /** The child of a shard has processed records, or has come to its end. */
  void worked(String shardId) {
    shardGates.remove(shardId);
  }

  /** A child has failed before it was initialized. */
  void startFailed() {
    gate.updateAndGet(state -> state.failed(nanoTime.getAsLong()));
  }

  /** A child has been initialized. */
  void startSucceeded() {
    gate.set(StartGate.OPEN);
  }

  /** Ends a child that is of no more use, at once. */
  void discard(ChildProcess child) {
    child.closeInput();
    child.terminate();
    timer.schedule(
        () -> killIfAlive(child), settings.killDelay().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void killIfAlive(ChildProcess child) {
    child.kill();
    running.remove(child);
  }

  /**
   * Ends a child in order: closes its input, gives it its time, then SIGTERM, then SIGKILL.
   *
   * @param shardId for people
   */
  void end(ChildProcess child, String shardId) throws InterruptedException {
    child.closeInput();
    if (!child.awaitEnd(settings.endTimeout())) {
      log.warn(
          "The child {} of shard {} goes on {} s after its input was closed; it gets SIGTERM",
          child.pid(),
          shardId,
          settings.endTimeout().toSeconds());
      child.terminate();
      if (!child.awaitEnd(settings.killDelay())) {
        child.kill();
        child.awaitEnd(settings.killDelay());
      }
    }
    running.remove(child);
    log.info("The child {} of shard {} is done: {}", child.pid(), shardId, child.exit());
  }

  /** Kills what still runs. */
  @Override
  public void close() {
    timer.shutdownNow();
    running.forEach(ChildProcess::kill);
  }
}
