package org.openkcl.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openkcl.InitialPosition;
import org.openkcl.RecreatedStream;
import org.openkcl.WorkerSnapshot;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Lease;
import org.openkcl.leases.fleet.HeldLease;
import org.openkcl.leases.fleet.LeaseListener.Interest;
import org.openkcl.lineage.HoleWatch;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamIdentity;
import org.openkcl.lineage.StreamState;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.RecordSources;

/**
 * One stream that a worker reads: who it is, whether it can be read, and its shards. Confined to the
 * event loop.
 */
final class ConsumedStream {
  private static final Duration HOLE_INTERVAL = Duration.ofSeconds(10);
  private static final Duration MISSING_INTERVAL = Duration.ofSeconds(5);

  private final Worker worker;
  private final Streams streams;
  private final EventLoop loop;
  private final StreamSource source;
  private Phase phase = Phase.OPENING;
  private @Nullable StreamIdentifier identifier;
  private @Nullable StreamIdentity identity;
  private @Nullable StreamShards shards;
  private String failure = "";
  private boolean gone;
  private int failures;
  private int consumers;
  private HoleWatch holes = HoleWatch.NONE;
  private long holesSeenNanos;
  private EventLoop.Timer auditTimer = () -> {};
  private EventLoop.Timer retryTimer = () -> {};

  /** How a stream stands. */
  enum Phase {
    /** Not looked at yet, or not with success. */
    OPENING,
    /** Shards and leases have been compared. */
    OPEN,
    /** It cannot be read, for a reason that does not pass by itself. */
    FAILED,
    /** Not wanted any more. */
    CLOSED
  }

  ConsumedStream(Worker worker, Streams streams, StreamSource source) {
    this.worker = worker;
    this.streams = streams;
    this.loop = worker.ports().loop();
    this.source = source;
    this.identifier = source.identifier();
  }

  StreamSource source() {
    return source;
  }

  /** Names the stream to processors. */
  StreamIdentifier identifier() {
    return known(identifier);
  }

  RecordSources sources() {
    return source.sources();
  }

  /** Where the stream is begun. */
  InitialPosition position() {
    return source.reading().position();
  }

  boolean isOpen() {
    return phase == Phase.OPEN;
  }

  /** Whether Kinesis did not know the stream when it was asked last. */
  boolean isGone() {
    return gone;
  }

  /** The identity, once Kinesis has told it. */
  Optional<StreamIdentity> identity() {
    return Optional.ofNullable(identity);
  }

  /** Whether a stream that was not described yet may be the one with this identifier. */
  boolean mayBe(String other) {
    return source.identifier() == null
        ? other.contains(":" + source.name().substring(source.name().lastIndexOf('/') + 1) + ":")
        : source.identifier().serialize().equals(other);
  }

  /** Whether this worker takes no leases of the stream any more. */
  boolean interestIsLost() {
    return phase == Phase.FAILED || phase == Phase.CLOSED;
  }

  /** What this worker thinks of a lease that bears the stream's name. */
  Interest interest(Lease lease) {
    return switch (phase) {
      case OPENING, OPEN -> known(identity).owns(lease) ? Interest.WANTED : Interest.UNDECIDED;
      case FAILED, CLOSED -> Interest.UNWANTED;
    };
  }

  WorkerSnapshot.StreamSnapshot view() {
    String name = identifier == null ? source.name() : identifier.toString();
    return new WorkerSnapshot.StreamSnapshot(name, phase.name(), failure);
  }

  // How a stream comes to be read.

  /** Asks Kinesis for the stream; from then on this worker takes leases of it. */
  CompletionStage<Void> describe() {
    return ask().thenAccept(state -> {
      if (!state.isReadable()) {
        throw new StreamFailure(
            StreamFailure.Kind.UNAVAILABLE,
            "Stream '%s' is %s, not ACTIVE yet".formatted(state.name(), state.status()),
            null);
      }
      if (phase == Phase.FAILED) {
        phase = Phase.OPENING;
      }
      if (identity == null || !identity.isOf(state)) {
        StreamIdentity who = identityOf(state);
        streams.identified(this, who);
        identity = who;
        shards = new StreamShards(worker, source, who, this::beginning, state.serverTime());
      }
    });
  }

  private StreamIdentity identityOf(StreamState state) {
    if (!worker.ports().streams().several()) {
      return new StreamIdentity(null, state.creationTime());
    }
    if (source.identifier() == null) {
      identifier = StreamIdentifier.multiStreamInstanceOfArn(
          state.arn(), state.creationTime().getEpochSecond());
    }
    return new StreamIdentity(identifier().serialize(), state.creationTime());
  }

  /** Gives the stream's shards their leases. The table must have been seen. */
  CompletionStage<Void> open() {
    if (source.reading().recreated() == RecreatedStream.STOP && hasFollowed()) {
      return CompletableFuture.failedFuture(recreated(known(identity).createdAt()));
    }
    return known(shards).seed().thenAccept(seeded -> {
      if (phase != Phase.CLOSED) {
        known(shards).deleteFormer();
        phase = Phase.OPEN;
        failure = "";
        failures = 0;
        gone = false;
        scheduleAudit();
        worker.changed();
      }
    });
  }

  /** A stream that took another's place is new as a whole: none of it was there to be skipped. */
  private InitialPosition beginning() {
    boolean skips = position().kind() == InitialPosition.Kind.LATEST;
    return skips && hasFollowed() ? InitialPosition.trimHorizon() : position();
  }

  /** Whether there are leases of a stream that had the name before. */
  private boolean hasFollowed() {
    StreamIdentity who = known(identity);
    return worker.member().sighted().stream()
        .anyMatch(lease -> who.names(lease)
            ? !who.owns(lease)
            : source.identifier() == null && who.sharesNameWith(lease));
  }

  private CompletionStage<StreamState> ask() {
    CompletableFuture<StreamState> here = new CompletableFuture<>();
    loop.whenDone(source.catalog().describe(), here::complete, here::completeExceptionally);
    return here;
  }

  // What goes wrong.

  /** Takes note of why the stream cannot be read (now); the stream is tried again. */
  void failed(Throwable cause) {
    if (phase == Phase.CLOSED) {
      return;
    }
    boolean lasting = !Worker.isTransient(cause);
    if (lasting) {
      auditTimer.cancel();
      phase = Phase.FAILED;
      gone = cause instanceof StreamFailure known && known.kind() == StreamFailure.Kind.NOT_FOUND;
    }
    failures++;
    failure = String.valueOf(cause.getMessage());
    worker.changed();
    retryTimer.cancel();
    retryTimer = loop.schedule(streams.retryDelay(failures), this::tryAgain);
  }

  /** Tries once more to read a stream that is not open. */
  void tryAgain() {
    if (!worker.isRunning() || isOpen() || phase == Phase.CLOSED) {
      return;
    }
    if (phase == Phase.FAILED) {
      phase = Phase.OPENING;
      identity = null; // it may be another stream by now
      streams.unidentified(this);
    }
    streams.openNow(this);
  }

  private StreamFailure recreated(@Nullable Instant createdAt) {
    return new StreamFailure(
        StreamFailure.Kind.REFUSED,
        ("Stream '%s' was deleted and created again at %s. Its leases belong to the former"
                + " stream. To read the new one from its first record set"
                + " recreatedStreams(RecreatedStream.START_ANEW), or use another application"
                + " name.")
            .formatted(source.name(), createdAt),
        null);
  }

  /** Looks whether it still is the same stream. */
  private CompletionStage<StreamState> look() {
    return ask().thenApply(state -> {
      StreamIdentity who = known(identity);
      if (!who.isOf(state)) {
        StreamFailure reason = recreated(state.creationTime());
        streams.recreated(this, reason);
        throw reason;
      }
      known(shards).at(state.serverTime());
      return state;
    });
  }

  /** Kinesis does not know a shard: is it the shard, the stream, or another stream of that name? */
  void shardMissing(ShardConsumer consumer, String message) {
    loop.whenDone(look(), state -> shardMissingInStream(consumer, message), cause -> {
      if (isMissing(cause)) {
        streams.failed(this, cause);
      } else {
        consumer.readOn(MISSING_INTERVAL);
      }
    });
  }

  private void shardMissingInStream(ShardConsumer consumer, String message) {
    loop.whenDone(
        known(shards).isKept(consumer.lease().lease().shardId()),
        kept -> {
          if (kept) {
            worker.warnings().warn("shard.missing", message);
            consumer.readOn(MISSING_INTERVAL);
          } else {
            consumer.vanished();
          }
        },
        cause -> consumer.readOn(MISSING_INTERVAL));
  }

  private static boolean isMissing(Throwable cause) {
    return cause instanceof StreamFailure failure && failure.kind() == StreamFailure.Kind.NOT_FOUND;
  }

  // What is done again and again.

  private void scheduleAudit() {
    auditTimer.cancel();
    long interval = worker.settings().timing().auditInterval().toNanos();
    long early = worker.ports().environment().random().nextLong(interval / 4 + 1);
    auditTimer = loop.schedule(Duration.ofNanos(interval - early), this::audit);
  }

  /** One worker compares shards and leases for all; FleetMember.audits() says which. */
  private void audit() {
    scheduleAudit();
    if (!worker.member().audits()) {
      return;
    }
    loop.whenDone(look().thenCompose(state -> known(shards).audit()), done -> {}, cause -> {
      if (isMissing(cause)) {
        streams.failed(this, cause);
      } else {
        worker
            .warnings()
            .warn(
                "stream.audit-failed",
                source.name(),
                "Cannot compare the shards of stream '%s' with the leases: %s"
                    .formatted(source.name(), cause.getMessage()));
      }
    });
  }

  /**
   * The table was looked at. One worker looks for hash keys that no lease takes, which costs nothing
   * while there are none.
   */
  void tableSeen() {
    long now = worker.ports().environment().nanoTime();
    if (!isOpen()
        || now - holesSeenNanos < HOLE_INTERVAL.toNanos()
        || !worker.member().audits()) {
      return;
    }
    holesSeenNanos = now;
    boolean wasLasting = holes.isLasting();
    holes = holes.see(known(shards).leases().values());
    if (holes.isConfirmed()) {
      worker
          .warnings()
          .warn(
              "stream.lease-missing",
              source.name(),
              "%s of stream '%s': looking for the missing leases".formatted(hole(), source.name()));
      audit();
    }
    if (holes.isLasting() != wasLasting) {
      failure = holes.isLasting() ? hole() + ", and none can be created" : "";
      worker.changed();
    }
  }

  private String hole() {
    return holes.hole().orElse("Every lease is there");
  }

  // What its shards need.

  CompletionStage<Boolean> mayStart(Lease lease) {
    return known(shards).mayStart(lease);
  }

  CompletionStage<List<ChildShard>> createChildLeases(HeldLease ended, List<ChildShard> reported) {
    return known(shards).createChildLeases(ended, reported);
  }

  /** The instant that LATEST means if nobody has said so before; a little in the past. */
  Instant latestNow() {
    return known(shards).latestNow();
  }

  // Its end.

  /** A shard of the stream is being read. */
  void entered() {
    consumers++;
  }

  /** A shard of the stream is not read any more. */
  void left() {
    consumers--;
    closeIfUnused();
  }

  /** Does nothing by itself any more. */
  void rest() {
    auditTimer.cancel();
    retryTimer.cancel();
  }

  /** Stops caring for the stream. Its shards are the caller's to drain. */
  void close() {
    phase = Phase.CLOSED;
    rest();
    closeIfUnused();
  }

  private void closeIfUnused() {
    if (phase == Phase.CLOSED && consumers == 0 && !streams.uses(source)) {
      source.closer().run();
    }
  }

  private static <T> T known(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("The stream has not been described yet");
    }
    return value;
  }
}
