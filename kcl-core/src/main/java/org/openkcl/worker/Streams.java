package org.openkcl.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openkcl.RecreatedStream;
import org.openkcl.WorkerSnapshot;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Lease;
import org.openkcl.leases.ShardFacts;
import org.openkcl.leases.fleet.LeaseListener.Interest;
import org.openkcl.lineage.FormerStreams;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that a worker reads: follows what the application wants, opens and closes streams, and
 * cleans up after those that are not wanted any more. Confined to the event loop.
 */
final class Streams {
  private static final Logger log = LoggerFactory.getLogger(Streams.class);

  /** How many streams are asked about at once: Kinesis answers a few requests a second. */
  private static final int AT_ONCE = 10;

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration MAX_RETRY = Duration.ofMinutes(1);

  private final Worker worker;
  private final StreamSupply supply;
  private final EventLoop loop;
  private final Map<String, ConsumedStream> byName = new TreeMap<>();
  private final Map<String, ConsumedStream> byIdentifier = new HashMap<>();
  private final Set<String> gone = new HashSet<>();
  private FormerStreams former = FormerStreams.NONE;
  private EventLoop.Timer timer = () -> {};
  private boolean stopped;

  Streams(Worker worker, StreamSupply supply) {
    this.worker = worker;
    this.supply = supply;
    this.loop = worker.ports().loop();
  }

  // The start.

  /**
   * Asks the application for its streams and Kinesis for each of them. Fails if none can be read; one
   * of several that cannot is tried again later. May be called again.
   */
  CompletionStage<Void> describe() {
    return onLoop(supply.wanted()).thenCompose(wanted -> {
      wanted.streams().forEach(source -> byName.computeIfAbsent(source.name(), added(source)));
      return all(ConsumedStream::describe);
    });
  }

  /** Gives every stream's shards their leases, after the table was seen. As {@link #describe}. */
  CompletionStage<Void> open() {
    Optional<Lease> stranger =
        worker.member().sighted().stream().filter(lease -> !isOfThisMode(lease)).findFirst();
    if (stranger.isPresent()) {
      return CompletableFuture.failedFuture(otherMode(stranger.get()));
    }
    return all(stream -> stream.identity().isPresent()
        ? stream.open()
        : CompletableFuture.completedFuture(null)); // it could not be described, and is tried again
  }

  /** From the worker's start on: follows what the application wants, and tries failed streams. */
  void follow() {
    byName.values().stream()
        .filter(stream -> !stream.isOpen())
        .forEach(stream -> loop.schedule(FIRST_RETRY, stream::tryAgain));
    scheduleAsking();
  }

  private void scheduleAsking() {
    if (supply.several() && !stopped) {
      timer = loop.schedule(supply.interval(), this::ask);
    }
  }

  /** Ends all that is done again and again. */
  void stop() {
    stopped = true;
    timer.cancel();
    byName.values().forEach(ConsumedStream::rest);
  }

  private CompletionStage<Void> all(Function<ConsumedStream, CompletionStage<Void>> step) {
    List<Throwable> causes = new ArrayList<>();
    List<ConsumedStream> streams = List.copyOf(byName.values());
    return inLanes(
            streams,
            stream -> caught(step.apply(stream), cause -> {
              causes.add(cause);
              if (supply.several()) {
                report(stream, cause);
                stream.failed(cause);
              }
            }))
        .thenCompose(done -> streams.isEmpty() || causes.size() < streams.size()
            ? CompletableFuture.completedFuture(null)
            : CompletableFuture.failedFuture(worst(causes)));
  }

  /** One that may pass, if there is one: then it is worth trying on. */
  private static Throwable worst(List<Throwable> causes) {
    return causes.stream().filter(Worker::isTransient).findFirst().orElse(causes.get(0));
  }

  private CompletionStage<Void> inLanes(
      List<ConsumedStream> streams, Function<ConsumedStream, CompletionStage<Void>> step) {
    List<CompletableFuture<Void>> lanes = new ArrayList<>();
    for (int lane = 0; lane < Math.min(AT_ONCE, streams.size()); lane++) {
      CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
      for (int i = lane; i < streams.size(); i += AT_ONCE) {
        ConsumedStream stream = streams.get(i);
        last = last.thenCompose(done -> step.apply(stream));
      }
      lanes.add(last);
    }
    return CompletableFuture.allOf(lanes.toArray(CompletableFuture<?>[]::new));
  }

  /** Lets {@code step} end well in any case. */
  private CompletionStage<Void> caught(CompletionStage<Void> step, Consumer<Throwable> onFailure) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.whenDone(step, ended -> done.complete(null), cause -> {
      onFailure.accept(cause);
      done.complete(null);
    });
    return done;
  }

  private boolean isOfThisMode(Lease lease) {
    return (lease.shard().streamShard() != null) == supply.several();
  }

  private StreamFailure otherMode(Lease lease) {
    String text = supply.several()
        ? "Lease table '%s' has leases of an application that reads one stream ('%s' is one); this"
            + " one reads several, and would begin them anew. Use another application name, or"
            + " delete those leases if they are of no use any more."
        : "Lease table '%s' has leases of an application that reads several streams ('%s' is one);"
            + " this one reads one, and would begin it anew. Give the stream by streams(...), use"
            + " another application name, or delete those leases if they are of no use any more.";
    return new StreamFailure(
        StreamFailure.Kind.REFUSED, text.formatted(worker.ports().table().name(), lease.key()));
  }

  // A changing set.

  private void ask() {
    loop.whenDone(
        supply.wanted(),
        wanted -> {
          if (!stopped) {
            follow(wanted);
            scheduleAsking();
          }
        },
        cause -> {
          worker
              .warnings()
              .warn(
                  "stream.tracker-failed",
                  "Cannot tell which streams to read; they stay as they are: " + cause);
          scheduleAsking();
        });
  }

  private void follow(StreamSupply.Wanted wanted) {
    Map<String, StreamSource> sources = new TreeMap<>();
    wanted.streams().forEach(source -> sources.put(source.name(), source));
    for (ConsumedStream stream : List.copyOf(byName.values())) {
      if (!sources.containsKey(stream.source().name())) {
        log.atInfo()
            .addKeyValue("event", "stream.unwanted")
            .log("Stream '{}' is not wanted any more", stream.source().name());
        remove(stream);
      }
    }
    List<ConsumedStream> added = new ArrayList<>();
    sources.forEach((name, source) -> {
      if (!byName.containsKey(name)) {
        log.atInfo()
            .addKeyValue("event", "stream.wanted")
            .log("Stream '{}' is wanted from now on", name);
        ConsumedStream stream = new ConsumedStream(worker, this, source);
        byName.put(name, stream);
        added.add(stream);
      }
    });
    inLanes(added, this::opened);
    cleanUp(wanted.deletion());
    worker.changed();
  }

  private Function<String, ConsumedStream> added(StreamSource source) {
    return name -> new ConsumedStream(worker, this, source);
  }

  private void remove(ConsumedStream stream) {
    byName.remove(stream.source().name());
    unidentified(stream);
    if (stream.isGone()) {
      stream.identity().ifPresent(who -> gone.add(String.valueOf(who.identifier())));
    }
    worker.drain(stream);
    stream.close();
  }

  /** Tries to read a stream that could not be read before. */
  void openNow(ConsumedStream stream) {
    inLanes(List.of(stream), this::opened);
  }

  private CompletionStage<Void> opened(ConsumedStream stream) {
    return caught(stream.describe().thenCompose(done -> stream.open()), cause -> {
      report(stream, cause);
      failed(stream, cause);
    });
  }

  private void report(ConsumedStream stream, Throwable cause) {
    String name = stream.source().name();
    worker
        .warnings()
        .warn(
            "stream.unreadable",
            name,
            "Cannot read stream '%s' now: %s".formatted(name, cause.getMessage()));
  }

  /** A stream cannot be read: what this worker has of it goes back to the fleet. */
  void failed(ConsumedStream stream, Throwable cause) {
    if (!supply.several() && !Worker.isTransient(cause) && !mayComeBack(stream, cause)) {
      worker.fail(cause);
      return;
    }
    stream.failed(cause);
    if (stream.interestIsLost()) {
      worker.drain(stream);
    }
  }

  /** Whoever is to be read anew when it is made again is not there for a while before. */
  private static boolean mayComeBack(ConsumedStream stream, Throwable cause) {
    return stream.source().reading().recreated() == RecreatedStream.START_ANEW
        && cause instanceof StreamFailure failure
        && failure.kind() == StreamFailure.Kind.NOT_FOUND;
  }

  /** A stream was deleted and created again. */
  void recreated(ConsumedStream stream, StreamFailure reason) {
    if (stream.source().reading().recreated() == RecreatedStream.STOP) {
      failed(stream, reason);
      return;
    }
    String name = stream.source().name();
    worker
        .warnings()
        .warn(
            "stream.begun-anew",
            name,
            "Stream '%s' was deleted and created again: it is begun anew".formatted(name));
    ConsumedStream next = new ConsumedStream(worker, this, stream.source());
    byName.put(stream.source().name(), next);
    unidentified(stream);
    worker.drain(stream);
    stream.close();
    openNow(next);
  }

  Duration retryDelay(int failures) {
    Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 10));
    return delay.compareTo(MAX_RETRY) > 0 ? MAX_RETRY : delay;
  }

  private <T> CompletionStage<T> onLoop(CompletionStage<T> stage) {
    CompletableFuture<T> here = new CompletableFuture<>();
    loop.whenDone(stage, here::complete, here::completeExceptionally);
    return here;
  }

  // What is asked of them.

  /** A stream's identity is known now. Fails if another stream has the same. */
  void identified(ConsumedStream stream, StreamIdentity who) {
    unidentified(stream);
    ConsumedStream other = byIdentifier.putIfAbsent(keyOf(who.identifier()), stream);
    if (other != null) {
      throw new StreamFailure(
          StreamFailure.Kind.REFUSED,
          "Streams '%s' and '%s' are the same one. Give it once."
              .formatted(other.source().name(), stream.source().name()));
    }
    gone.remove(keyOf(who.identifier()));
  }

  /** A stream's identity is not known any more. */
  void unidentified(ConsumedStream stream) {
    byIdentifier.values().removeIf(stream::equals);
  }

  Optional<ConsumedStream> of(Lease lease) {
    ShardFacts.StreamShard shard = lease.shard().streamShard();
    return Optional.ofNullable(
        byIdentifier.get(keyOf(shard == null ? null : shard.streamIdentifier())));
  }

  Interest interest(Lease lease) {
    return of(lease).map(stream -> stream.interest(lease)).orElse(Interest.UNWANTED);
  }

  /** Whether a stream that is read has this source: then it must not be closed. */
  boolean uses(StreamSource source) {
    ConsumedStream reader = byName.get(source.name());
    return reader != null && reader.source().equals(source);
  }

  /** For health; where there is but one stream, only if something is wrong with it. */
  List<WorkerSnapshot.StreamSnapshot> view() {
    return byName.values().stream()
        .map(ConsumedStream::view)
        .filter(view -> supply.several() || !view.failure().isEmpty())
        .toList();
  }

  private static String keyOf(@Nullable String identifier) {
    return identifier == null ? "" : identifier;
  }

  /** The table was looked at. */
  void tableSeen() {
    byName.values().forEach(ConsumedStream::tableSeen);
  }

  // Former streams.

  /** Deletes the leases of streams that are not read any more, as the application wants it. */
  private void cleanUp(FormerStreams.Rule rule) {
    if (!worker.member().audits()) {
      former = FormerStreams.NONE;
      return;
    }
    Map<String, List<Lease>> unread = unread();
    long now = worker.ports().environment().nanoTime();
    former = former.see(unread.keySet(), rule, now);
    for (String stream : former.due(rule, gone, now)) {
      List<Lease> leases = unread.getOrDefault(stream, List.of());
      Optional<Lease> read = leases.stream()
          .filter(lease -> worker.member().isReadByOurs(lease.key()))
          .findFirst();
      if (read.isPresent()) {
        worker
            .warnings()
            .warn(
                "stream.former-in-use",
                stream,
                "The leases of former stream '%s' stay while worker %s reads it"
                    .formatted(stream, read.get().owner()));
      } else {
        log.atInfo()
            .addKeyValue("event", "stream.former-deleted")
            .log("Deleting {} leases of former stream '{}'", leases.size(), stream);
        leases.forEach(lease -> worker.member().delete(lease.key()));
      }
    }
  }

  /** The leases of streams that this worker does not read, by stream. */
  private Map<String, List<Lease>> unread() {
    Map<String, List<Lease>> unread = new TreeMap<>();
    for (Lease lease : worker.member().sighted()) {
      ShardFacts.StreamShard shard = lease.shard().streamShard();
      if (shard != null && of(lease).isEmpty() && !mayBeWanted(shard.streamIdentifier())) {
        unread
            .computeIfAbsent(shard.streamIdentifier(), first -> new ArrayList<>())
            .add(lease);
      }
    }
    return unread;
  }

  /** Whether a stream that is wanted, and that Kinesis has not described yet, may be this one. */
  private boolean mayBeWanted(String identifier) {
    return byName.values().stream()
        .filter(stream -> stream.identity().isEmpty())
        .anyMatch(stream -> stream.mayBe(identifier));
  }
}
