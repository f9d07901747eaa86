package org.openkcl.local.model;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The streams there are at this moment. There is no timer: whoever looks for a stream first lets
 * happen to it what is due by the clock, and does not find it when its deletion is done.
 */
final class PresentStreams implements Serializable {
  private final InstantSource clock;
  private final LocalStreamsSettings settings;
  private final Access access;
  private final Subscriptions subscriptions;
  private final StoredBytes stored;
  private final TreeMap<String, Stream> streams = new TreeMap<>();
  private long lastIncarnation;
  private transient long latestMillis;

  PresentStreams(
      InstantSource clock,
      LocalStreamsSettings settings,
      Access access,
      Subscriptions subscriptions,
      StoredBytes stored) {
    this.clock = clock;
    this.settings = settings;
    this.access = access;
    this.subscriptions = subscriptions;
    this.stored = stored;
  }

  LocalStreamsSettings settings() {
    return settings;
  }

  ServiceDelays delays() {
    return settings.delays();
  }

  /** Whether operations that are allowed only so often a day are refused beyond that. */
  boolean limitsRates() {
    return settings.limits().callRates();
  }

  Instant now() {
    return Instant.ofEpochMilli(nowMillis());
  }

  /** The time, which never goes back: while the clock shows an earlier one, the latest seen. */
  long nowMillis() {
    latestMillis = Math.max(latestMillis, clock.millis());
    return latestMillis;
  }

  /** Something happened then, before this process began. */
  void seen(long millis) {
    latestMillis = Math.max(latestMillis, millis);
  }

  /** The incarnation of the next stream. */
  long nextIncarnation() {
    return lastIncarnation + 1;
  }

  void add(Stream stream) {
    streams.put(stream.name, stream);
    lastIncarnation = stream.incarnation;
  }

  /** Begins a stream's end, unless it has begun. */
  void delete(Stream stream) {
    if (!stream.life.isDeleting()) {
      stream.life.delete(nowMillis() + delays().delete().toMillis());
    }
    removeIfGone(stream);
  }

  /** All streams by name, each as it is at this moment. */
  Collection<Stream> all() {
    if (!delays().equals(ServiceDelays.none())) {
      List.copyOf(streams.keySet()).forEach(this::find);
    }
    return streams.values();
  }

  /** The stream as it is at this moment; null when there is none, or none any more. */
  @Nullable
  Stream find(String name) {
    Stream stream = streams.get(name);
    if (stream == null || removeIfGone(stream)) {
      return null;
    }
    stream.life.catchUp(nowMillis());
    return stream;
  }

  /** A stream, if there is one and the caller may see it. */
  Stream stream(String name) {
    Stream stream = find(StreamNames.check(name));
    if (stream == null) {
      throw StreamNames.notFound(name);
    }
    return entered(stream);
  }

  /** A stream that can be changed now. */
  Stream changeable(String name) {
    Stream stream = stream(name);
    String status = stream.life.status(nowMillis());
    if (!status.equals("ACTIVE")) {
      throw StreamNames.inUse(name, status);
    }
    return stream;
  }

  /** A stream that takes and gives records; one that is being created does not. */
  Stream accessible(String name) {
    Stream stream = stream(name);
    if (stream.life.isCreating(nowMillis())) {
      throw StreamNames.notFound(name);
    }
    return stream;
  }

  /** A stream without what has expired, whose shards can be listed: also while they change. */
  Stream listable(String name) {
    Stream stream = stream(name);
    if (stream.life.isCreating(nowMillis())) {
      throw StreamNames.inUse(name, "CREATING");
    }
    trim(stream);
    return stream;
  }

  /** The stream that a token was given out for, not one that has its name now. */
  Stream incarnation(Token token) {
    Stream stream = find(token.streamName());
    if (stream == null
        || stream.incarnation != token.incarnation()
        || stream.createdMillis != token.createdMillis()) {
      throw StreamNames.notFound(token.streamName());
    }
    return entered(stream);
  }

  private Stream entered(Stream stream) {
    access.check(stream.control.resource);
    growByDemand(stream);
    return stream;
  }

  /** Lets happen to a stream what is due. */
  void catchUp(Stream stream) {
    if (!removeIfGone(stream)) {
      stream.life.catchUp(nowMillis());
      growByDemand(stream);
    }
  }

  /** Lets something happen to a stream after a delay; at once when there is none. */
  void change(Stream stream, Duration delay, StreamLife.Effect effect) {
    long now = nowMillis();
    stream.life.change(now + delay.toMillis(), effect);
    stream.life.catchUp(now);
  }

  private boolean removeIfGone(Stream stream) {
    boolean gone = stream.life.isGone(nowMillis());
    if (gone && streams.remove(stream.name, stream)) {
      stored.free(stream.storedBytes());
      subscriptions.end(stream, StreamNames.notFound(stream.name));
    }
    return gone;
  }

  /** Gives an on-demand stream more shards when a minute is over and its peak asks for them. */
  private void growByDemand(Stream stream) {
    StreamControl control = stream.control;
    if (control.mode == StreamMode.ON_DEMAND && control.meter.roll(nowMillis())) {
      int wanted = OnDemandRules.shardsFor(control.meter, stream.openShardCount());
      int more = wanted - stream.openShardCount();
      if (more > 0 && hasRoomForShards(more)) {
        stream.reshardEvenly(wanted, nowMillis());
      }
    }
  }

  /** Forgets a stream's expired records. */
  void trim(Stream stream) {
    stored.free(stream.trim(nowMillis()));
  }

  /** Forgets a shard's expired records. */
  void trim(Stream stream, Shard shard, long now) {
    stored.free(shard.log.trimBefore(stream.horizonMillis(now)));
  }

  /** The shard without its expired records; null when all of it has expired. */
  @Nullable
  Shard trimmed(Stream stream, @Nullable Shard shard, long now) {
    if (shard == null || shard.closedBefore(stream.horizonMillis(now))) {
      return null;
    }
    trim(stream, shard, now);
    return shard;
  }

  Shard requireShard(Stream stream, String shardId, long now) {
    Shard shard = trimmed(stream, stream.find(shardId), now);
    if (shard == null) {
      throw ReshardRules.noShard(stream, shardId);
    }
    return shard;
  }

  int openShardCount() {
    return all().stream().mapToInt(Stream::openShardCount).sum();
  }

  /** How many shards there have ever been in the streams there are. */
  long shardsEver() {
    return streams.values().stream().mapToLong(Stream::shardsEver).sum();
  }

  private boolean hasRoomForShards(int more) {
    return more <= settings.shardsMax() - openShardCount();
  }

  void requireRoomForShards(int more) {
    if (!hasRoomForShards(more)) {
      throw StreamException.limitExceeded(
          "This request would exceed the shard limit for the account "
              + StreamNames.ACCOUNT
              + " in us-east-1. Current shard count for the account: "
              + openShardCount()
              + ". Limit (shardsMax): "
              + settings.shardsMax()
              + ". Number of additional shards that would have resulted from this request: "
              + more
              + ".");
    }
  }
}
