package org.openkcl.multilang.child;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.multilang.protocol.Extension;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShardRecordProcessorFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All child processes of a daemon: makes a processor for each shard, with a child of its own or one
 * that it shares, holds starts back while they fail, and sees to it that no child survives. Safe for
 * use by any thread.
 */
public final class Children implements ShardRecordProcessorFactory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Children.class);

  private final ChildCommand command;
  private final ChildSettings settings;
  private final Environment environment;
  private final EventLoop timers;
  private final AtomicReference<StartGate> gate = new AtomicReference<>(StartGate.OPEN);
  private final Map<String, StartGate> shardGates = new ConcurrentHashMap<>();
  private final SharedChildren shared;

  /** What children are still offered: what one of them has not taken up is not offered again. */
  private final AtomicReference<Set<Extension>> offers;

  private final Set<ChildProcess> running = ConcurrentHashMap.newKeySet();

  /**
   * No children yet.
   *
   * @param environment for clocks and timers; stays open
   */
  public Children(ChildCommand command, ChildSettings settings, Environment environment) {
    this.command = command;
    this.settings = settings;
    this.environment = environment;
    this.shared = new SharedChildren(settings.sharedChildren());
    this.offers = new AtomicReference<>(settings.offers());
    this.timers = environment.newEventLoop("openkcl-child-timer");
  }

  @Override
  public ShardRecordProcessor shardRecordProcessor() {
    return new ChildProcessor(this);
  }

  ChildSettings settings() {
    return settings;
  }

  EventLoop timers() {
    return timers;
  }

  /**
   * A shard's conversation with a child: with one of its own, just started, or with one that serves
   * several. A shard that has been part of several failures in a row gets one of its own, so that
   * it fails alone.
   */
  Conversation open(String shardId) throws ChildFailedException, InterruptedException {
    StartGate shardGate = shardGates.getOrDefault(shardId, StartGate.OPEN);
    enter(shardGate, shardId, "children of that shard");
    if (offered().contains(Extension.SHARDS) && !shardGate.isSuspected()) {
      Optional<Conversation> conversation = shared.join(shardId, () -> start(shardId, offered()));
      if (conversation.isPresent()) {
        return conversation.get();
      }
    }
    return start(shardId, without(offered(), EnumSet.of(Extension.SHARDS))).first();
  }

  private Set<Extension> offered() {
    return Objects.requireNonNull(offers.get());
  }

  /** Starts a child for a shard, unless starts are held back. */
  private ChildProcess start(String shardId, Set<Extension> offer) throws ChildFailedException {
    enter(Objects.requireNonNull(gate.get()), shardId, "starts of '" + command + "'");
    long now = environment.nanoTime();
    gate.updateAndGet(state -> state.entered(now));
    try {
      ChildProcess child = ChildProcess.start(
          command,
          shardId,
          offer,
          settings.lineBytesMax(),
          new ChildProcess.Timing(environment, timers));
      running.add(child);
      if (offer.contains(Extension.SHARDS)) {
        CompletableFuture<Void> unused = child.ended().thenAccept(end -> discard(child));
      }
      log.atInfo()
          .addKeyValue("event", "child.started")
          .addKeyValue("shard", shardId)
          .log("Started child {} for shard {}", child.pid(), shardId);
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

  private void enter(StartGate state, String shardId, String what) throws ChildFailedException {
    Duration wait = state.closedFor(environment.nanoTime());
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
        StartGate.OPEN.failed(environment.nanoTime()),
        (state, first) -> state.failed(environment.nanoTime()));
  }

  /** The child of a shard has processed records, or has come to its end. */
  void worked(String shardId) {
    shardGates.remove(shardId);
  }

  /** A child has failed before it had initialized its first shard. */
  void startFailed() {
    gate.updateAndGet(state -> state.failed(environment.nanoTime()));
  }

  /**
   * A child has initialized its first shard.
   *
   * @param takenUp the extensions it has named in its answer
   */
  void startSucceeded(ChildProcess child, Set<Extension> takenUp) {
    gate.set(StartGate.OPEN);
    boolean offeredShards = child.offers().contains(Extension.SHARDS);
    Set<Extension> declined = without(child.offers(), takenUp);
    Set<Extension> before = offers.getAndUpdate(still -> without(still, declined));
    if (before.contains(Extension.SHARDS) && declined.contains(Extension.SHARDS)) {
      log.atWarn()
          .addKeyValue("event", "child.not-shared")
          .log(
              "'{}' does not serve several shards: one child per shard is started, as without"
                  + " sharedChildren. See docs/multilang-protocol.md",
              command);
    }
    shared.answered(child, offeredShards && !declined.contains(Extension.SHARDS));
  }

  private static Set<Extension> without(Set<Extension> offers, Set<Extension> declined) {
    Set<Extension> left = EnumSet.noneOf(Extension.class);
    left.addAll(offers);
    left.removeAll(declined);
    return left;
  }

  /** A shard of a shared child has failed alone: the child has let go of it and goes on. */
  void letGo(Conversation conversation) {
    ChildProcess child = conversation.process();
    child.leave(conversation);
    if (shared.leave(child)) {
      discard(child);
    }
  }

  /** Ends a child that is of no more use, at once. All its shards begin again. */
  void discard(ChildProcess child) {
    shared.drop(child);
    child.closeInput();
    child.terminate();
    timers.schedule(settings.killDelay(), () -> killIfAlive(child));
  }

  private void killIfAlive(ChildProcess child) {
    child.kill();
    running.remove(child);
  }

  /**
   * A shard is done with its child. If it was the last one, ends the child in order: closes its
   * input, gives it its time, then SIGTERM, then SIGKILL.
   */
  void end(Conversation conversation) throws InterruptedException {
    ChildProcess child = conversation.process();
    String shardId = conversation.shardId();
    child.leave(conversation);
    if (!shared.leave(child)) {
      return;
    }
    child.closeInput();
    if (!child.awaitEnd(settings.endTimeout())) {
      log.atWarn()
          .addKeyValue("event", "child.lingers")
          .addKeyValue("shard", shardId)
          .log(
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
    log.atInfo()
        .addKeyValue("event", "child.done")
        .addKeyValue("shard", shardId)
        .log("The child {} of shard {} is done: {}", child.pid(), shardId, child.exit());
  }

  /** The process ids of the children that run, or have just ended. */
  Set<Long> pids() {
    return running.stream().map(ChildProcess::pid).collect(Collectors.toUnmodifiableSet());
  }

  /** Kills what still runs. */
  @Override
  public void close() {
    timers.close();
    running.forEach(ChildProcess::kill);
  }
}
