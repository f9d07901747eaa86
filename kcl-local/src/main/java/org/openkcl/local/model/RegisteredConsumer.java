package org.openkcl.local.model;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A consumer of a stream and what it is subscribed to. */
final class RegisteredConsumer implements Serializable {
  final Stream stream;
  final String name;
  final String arn;
  final Resource resource;
  private final long createdMillis;
  private final long activeMillis;
  private @Nullable Long goneMillis;

  /** By the shard's index. */
  private transient Map<Integer, ShardSeat> seats = new HashMap<>();

  RegisteredConsumer(Stream stream, String name, long createdMillis, long activeMillis) {
    this.stream = stream;
    this.name = name;
    this.arn = ConsumerId.arn(stream.name, name, createdMillis);
    this.resource = new Resource(
        arn,
        "consumer " + name + " of stream " + stream.name + " under account " + StreamNames.ACCOUNT);
    this.createdMillis = createdMillis;
    this.activeMillis = activeMillis;
  }

  /** Subscriptions end with the process. */
  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    seats = new HashMap<>();
  }

  ConsumerDescription description(long now) {
    return new ConsumerDescription(
        name, arn, status(now), Instant.ofEpochMilli(createdMillis), StreamNames.arn(stream.name));
  }

  ConsumerDescription.Status status(long now) {
    if (goneMillis != null) {
      return ConsumerDescription.Status.DELETING;
    }
    return now < activeMillis
        ? ConsumerDescription.Status.CREATING
        : ConsumerDescription.Status.ACTIVE;
  }

  void delete(long whenGoneMillis) {
    goneMillis = whenGoneMillis;
  }

  boolean isGone(long now) {
    return goneMillis != null && now >= goneMillis;
  }

  boolean isMeantBy(ConsumerId id) {
    Long seconds = id.creationSeconds();
    return seconds == null || seconds == Math.floorDiv(createdMillis, 1_000);
  }

  /** The consumer's part of a shard, made when it is first asked for. */
  ShardSeat seat(Shard shard, ServiceLimits limits, long now) {
    seats.values().removeIf(seat -> seat.isIdle(now));
    return seats.computeIfAbsent(shard.index, any -> new ShardSeat(limits));
  }
}
