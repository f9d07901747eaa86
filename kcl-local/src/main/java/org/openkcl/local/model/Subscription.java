package org.openkcl.local.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One consumer's subscription to one shard (API reference: SubscribeToShard). It is asked for what
 * to push next, and holds nothing but its place in the shard: who asks slowly gets the records
 * later, and no memory is taken meanwhile.
 *
 * <p>Belongs to its {@link LocalStreams} and is confined like it.
 */
public final class Subscription {
  /** How long a subscription lasts. */
  public static final Duration LIFE = Duration.ofMinutes(5);

  /** How often an idle shard's subscription pushes an event without records. */
  public static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /** Records in an event at most. */
  public static final int EVENT_RECORDS_MAX = 10_000;

  /** Bytes of data in an event at most, unless its only record has more: 1 MiB. */
  public static final long EVENT_BYTES_MAX = 1024 * 1024;

  private static final long NOT_PAUSED = Long.MAX_VALUE;

  private final StreamConsumers consumers;
  private final PresentStreams streams;
  private final Stream stream;
  private final Shard shard;
  private final ShardSeat seat;
  private final RegisteredConsumer consumer;
  private final Runnable waker;
  private final Call caller;
  private final long startedMillis;
  private final long endsMillis;

  private long tick;
  private long heartbeatMillis;
  private long pausedUntilMillis = NOT_PAUSED;
  private boolean waitsForRecords;
  private SubscriptionStep.@Nullable End end;
  private long endedMillis;
  private long events;
  private long records;

  /** A subscription whose first event, with or without records, is due at once. */
  Subscription(
      StreamConsumers consumers,
      RegisteredConsumer consumer,
      Shard shard,
      ShardSeat seat,
      long tick,
      Runnable waker) {
    this.consumers = consumers;
    this.streams = consumers.streams();
    this.consumer = consumer;
    this.stream = consumer.stream;
    this.shard = shard;
    this.seat = seat;
    this.tick = tick;
    long now = streams.nowMillis();
    this.startedMillis = now;
    this.endsMillis = now + LIFE.toMillis();
    this.heartbeatMillis = now;
    this.waker = waker;
    this.caller = consumers.caller();
    shard.join(this);
  }

  /** The next step. To be asked again after a push, and after a pause when it is over. */
  public SubscriptionStep next() {
    long now = streams.nowMillis();
    pausedUntilMillis = NOT_PAUSED;
    if (end == null) {
      streams.catchUp(stream);
    }
    if (end != null || now >= endsMillis) {
      return end(null);
    }
    streams.trim(stream, shard, now);
    int from = shard.log.firstAtTick(tick);
    boolean idle = from == shard.log.size() && shard.isOpen();
    waitsForRecords = idle;
    long due = idle ? heartbeatMillis : seat.opensAt(now);
    if (due > now) {
      pausedUntilMillis = Math.min(due, endsMillis);
      return new SubscriptionStep.Pause(Instant.ofEpochMilli(pausedUntilMillis));
    }
    heartbeatMillis = now + HEARTBEAT.toMillis();
    List<StreamRecord> found = shard.log.slice(from, EVENT_RECORDS_MAX, EVENT_BYTES_MAX);
    try {
      consumers.checkReadable(caller, stream, found);
    } catch (StreamException keyRefused) {
      return end(keyRefused);
    }
    seat.countPushed(bytes(found), now);
    return new SubscriptionStep.Push(event(from, found, now));
  }

  private SubscriptionEvent event(int from, List<StreamRecord> found, long now) {
    events++;
    records += found.size();
    boolean atEnd = from + found.size() == shard.log.size();
    if (atEnd && !shard.isOpen()) {
      end(null);
      return new SubscriptionEvent(found, null, 0, shard.childShards());
    }
    long behind = 0;
    if (found.isEmpty()) {
      tick = Math.max(tick, stream.pass(now) + 1);
    } else {
      StreamRecord last = found.get(found.size() - 1);
      tick = last.tick() + 1;
      behind = atEnd ? 0 : Math.max(1, now - last.arrivalMillis());
    }
    return new SubscriptionEvent(found, stream.sequenceNumber(shard, tick - 1), behind, List.of());
  }

  private static long bytes(List<StreamRecord> records) {
    long bytes = 0;
    for (StreamRecord record : records) {
      bytes += PutRules.bytes(record.partitionKey(), record.sharedData());
    }
    return bytes;
  }

  /** Ends it because the subscriber is gone. */
  public void cancel() {
    end(null);
  }

  /** Ends it, if it has not ended, and wakes the subscriber. */
  SubscriptionStep.End end(@Nullable StreamException error) {
    if (end == null) {
      end = new SubscriptionStep.End(Optional.ofNullable(error));
      endedMillis = streams.nowMillis();
      shard.leave(this);
      consumers.forget(this);
      wake();
    }
    return end;
  }

  /** Wakes the subscriber if it pauses for want of records. */
  void onRecords() {
    if (waitsForRecords) {
      wake();
    }
  }

  private void wake() {
    if (pausedUntilMillis != NOT_PAUSED) {
      pausedUntilMillis = NOT_PAUSED;
      waker.run();
    }
  }

  /** Ends it or wakes the subscriber if it is time to. */
  void passTime(long now) {
    streams.catchUp(stream);
    if (now >= endsMillis) {
      end(null);
    } else if (pausedUntilMillis <= now) {
      wake();
    }
  }

  /** Whether it is over, with or without the subscriber having been told. */
  public boolean isOver() {
    return end != null;
  }

  /** Whether it has been over for so long. */
  public boolean isOverFor(Duration time) {
    return end != null && streams.nowMillis() - endedMillis >= time.toMillis();
  }

  boolean isOf(Stream other) {
    return stream == other;
  }

  boolean isOf(RegisteredConsumer other) {
    return consumer == other;
  }

  long startedMillis() {
    return startedMillis;
  }

  SubscriptionInfo info() {
    return new SubscriptionInfo(
        consumer.arn, shard.id, Instant.ofEpochMilli(startedMillis), events, records);
  }
}
