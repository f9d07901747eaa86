package org.openkcl.local.model;

import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Enhanced fan-out: the consumers registered with the streams, and their subscriptions.
 *
 * <p>Errors and confinement are those of the {@link LocalStreams} this is a part of.
 */
public final class StreamConsumers implements Serializable {
  /** Consumers of a stream at most. */
  public static final int PER_STREAM_MAX = 20;

  /** Consumers being created at once at most, in all streams. */
  public static final int CREATING_MAX = 5;

  private static final int PAGE_MAX = 10_000;

  private final PresentStreams streams;
  private final Access access;
  private final StreamEncryption encryption;
  private final Subscriptions subscriptions;

  StreamConsumers(
      PresentStreams streams,
      Access access,
      StreamEncryption encryption,
      Subscriptions subscriptions) {
    this.streams = streams;
    this.access = access;
    this.encryption = encryption;
    this.subscriptions = subscriptions;
  }

  /**
   * Registers a consumer.
   *
   * @param consumerName 1 to 128 characters out of {@code a-z A-Z 0-9 _ . -}; unique in the stream
   * @return the consumer, {@code CREATING}; active once {@link
   *     ServiceDelays#consumer} has passed
   */
  public ConsumerDescription register(String streamName, String consumerName) {
    return register(streamName, consumerName, Map.of());
  }

  /** As {@link #register(String, String)}, with tags, which may be none. */
  public ConsumerDescription register(
      String streamName, String consumerName, Map<String, String> tags) {
    ConsumerId.checkedName(consumerName);
    Stream stream = streams.stream(streamName);
    long now = streams.nowMillis();
    if (stream.life.isCreating(now) || stream.life.isDeleting()) {
      throw StreamNames.inUse(streamName, stream.life.status(now));
    }
    Collection<RegisteredConsumer> present = present(stream, now);
    if (find(stream, ConsumerId.of(streamName, consumerName), now) != null) {
      throw StreamException.inUse("Consumer " + consumerName + " of "
          + StreamNames.inAccount(streamName) + " already exists.");
    }
    if (present.size() >= PER_STREAM_MAX) {
      throw StreamException.limitExceeded(StreamNames.inAccount(streamName)
          + " has "
          + present.size()
          + " consumers, and cannot have more than "
          + PER_STREAM_MAX
          + ".");
    }
    requireRoomToCreate(now);
    RegisteredConsumer consumer =
        new RegisteredConsumer(stream, consumerName, now, now + changeMillis());
    if (!tags.isEmpty()) {
      consumer.resource.tags.add(tags);
    }
    stream.consumers.put(consumerName, consumer);
    return consumer.description(now).with(ConsumerDescription.Status.CREATING);
  }

  private void requireRoomToCreate(long now) {
    long creating = streams.all().stream()
        .flatMap(stream -> stream.consumers.values().stream())
        .filter(consumer -> consumer.status(now) == ConsumerDescription.Status.CREATING)
        .count();
    if (creating >= CREATING_MAX) {
      throw StreamException.limitExceeded(
          creating + " consumers are being created, and cannot be more at once. Try again when one"
              + " is ACTIVE.");
    }
  }

  /** Deregisters a consumer and ends its subscriptions. */
  public void deregister(ConsumerId id) {
    RegisteredConsumer consumer = require(id);
    long now = streams.nowMillis();
    consumer.delete(now + changeMillis());
    present(consumer.stream, now);
    subscriptions.end(consumer, notFound(id));
  }

  public ConsumerDescription describe(ConsumerId id) {
    return require(id).description(streams.nowMillis());
  }

  void requireNone(String streamName) {
    int registered = count(streamName);
    if (registered > 0) {
      throw StreamException.inUse(StreamNames.inAccount(streamName)
          + " has "
          + registered
          + " consumers. Deregister them, or set EnforceConsumerDeletion.");
    }
  }

  /** How many consumers a stream has. */
  public int count(String streamName) {
    return present(streams.stream(streamName), streams.nowMillis()).size();
  }

  /**
   * The first page of a stream's consumers.
   *
   * @param streamCreation the creation time that the stream must have; null for any
   * @param maxResults 1 to 10,000
   */
  public ConsumerPage list(String streamName, @Nullable Instant streamCreation, int maxResults) {
    Stream stream = streams.stream(streamName);
    if (streamCreation != null
        && streamCreation.getEpochSecond() != Math.floorDiv(stream.createdMillis, 1_000)) {
      throw StreamException.notFound(StreamNames.inAccount(streamName)
          + " with creation time "
          + streamCreation
          + " not found.");
    }
    return page(stream, "", maxResults);
  }

  /**
   * The next page of a listing.
   *
   * @param nextToken from the page before, not older than {@link LocalStreams#TOKEN_LIFE}
   */
  public ConsumerPage list(String nextToken, int maxResults) {
    Token token = Token.parse(Token.Kind.CONSUMERS, nextToken);
    if (token == null) {
      throw StreamException.invalidArgument("Invalid NextToken.");
    }
    if (token.isExpired(streams.nowMillis())) {
      throw ShardListing.expired(token);
    }
    return page(streams.incarnation(token), token.detail(), maxResults);
  }

  private ConsumerPage page(Stream stream, String after, int maxResults) {
    if (maxResults < 1 || maxResults > PAGE_MAX) {
      throw StreamException.validation(
          maxResults, "maxResults", "have value between 1 and " + PAGE_MAX);
    }
    long now = streams.nowMillis();
    List<ConsumerDescription> page = new ArrayList<>();
    for (RegisteredConsumer consumer : present(stream, now)) {
      if (consumer.name.compareTo(after) <= 0) {
        continue;
      }
      if (page.size() == maxResults) {
        String last = page.get(maxResults - 1).name();
        return new ConsumerPage(page, Token.consumersAfter(stream, last, now).text());
      }
      page.add(consumer.description(now));
    }
    return new ConsumerPage(page, null);
  }

  /**
   * Subscribes a consumer to a shard, in place of a subscription of it that began at least five
   * seconds ago.
   *
   * @param waker called each time a pause ends early; hands the news on and returns, without
   *     calling the streams. Called at most once per pause.
   */
  public Subscription subscribe(
      ConsumerId id, String shardId, IteratorPosition start, Runnable waker) {
    RegisteredConsumer consumer = require(id);
    long now = streams.nowMillis();
    if (consumer.status(now) != ConsumerDescription.Status.ACTIVE) {
      throw StreamException.inUse("Consumer "
          + consumer.name
          + " of "
          + StreamNames.inAccount(consumer.stream.name)
          + " is not in ACTIVE status.");
    }
    Shard shard = streams.requireShard(consumer.stream, shardId, now);
    ShardSeat seat = consumer.seat(shard, streams.settings().limits(), now);
    requireWithinRate(seat, consumer, shard, now);
    long tick = ShardReader.tick("SubscribeToShard", consumer.stream, shard, start, now);
    StreamException inUse = StreamException.inUse(
        "Another active subscription exists for this consumer: " + inAccount(consumer, shard));
    if (seat.isTaken(now)) {
      throw inUse;
    }
    Subscription subscription = new Subscription(this, consumer, shard, seat, tick, waker);
    subscriptions.add(subscription);
    seat.take(subscription, inUse);
    return subscription;
  }

  private void requireWithinRate(
      ShardSeat seat, RegisteredConsumer consumer, Shard shard, long now) {
    boolean counted = streams.limitsRates() && !access.current().isDirect();
    if (counted && !seat.admitsCall(now)) {
      throw StreamException.limitExceeded("Rate exceeded for consumer "
          + inAccount(consumer, shard)
          + ": SubscribeToShard can be called once a second.");
    }
  }

  private static String inAccount(RegisteredConsumer consumer, Shard shard) {
    return String.join(":", StreamNames.ACCOUNT, consumer.stream.name, shard.id, consumer.name);
  }

  /** The subscriptions under way to a stream's shards, oldest first. */
  public List<SubscriptionInfo> subscriptions(String streamName) {
    return subscriptions.of(streams.stream(streamName));
  }

  /**
   * Wakes the subscribers whose pause is over by the clock, and ends the subscriptions that are too
   * old. To be called every now and then.
   */
  public void wakeDue() {
    subscriptions.passTime(streams.nowMillis());
  }

  void forget(Subscription subscription) {
    subscriptions.forget(subscription);
  }

  PresentStreams streams() {
    return streams;
  }

  Call caller() {
    return access.current();
  }

  /** Throws one of the KMS errors unless that caller may use the keys of all these records. */
  void checkReadable(Call caller, Stream stream, List<StreamRecord> records) {
    access.during(caller, () -> {
      encryption.checkReadable(stream, records);
      return records;
    });
  }

  Resource resource(ConsumerId id) {
    return require(id).resource;
  }

  private RegisteredConsumer require(ConsumerId id) {
    RegisteredConsumer consumer = find(streams.stream(id.streamName()), id, streams.nowMillis());
    if (consumer == null) {
      throw notFound(id);
    }
    access.check(consumer.resource);
    return consumer;
  }

  private @Nullable RegisteredConsumer find(Stream stream, ConsumerId id, long now) {
    return present(stream, now).stream()
        .filter(each -> each.name.equals(id.consumerName()) && each.isMeantBy(id))
        .findFirst()
        .orElse(null);
  }

  /** The consumers of a stream by name, without those whose deletion is done. */
  private static Collection<RegisteredConsumer> present(Stream stream, long now) {
    stream.consumers.values().removeIf(consumer -> consumer.isGone(now));
    return stream.consumers.values();
  }

  private long changeMillis() {
    return streams.delays().consumer().toMillis();
  }

  private static StreamException notFound(ConsumerId id) {
    Long seconds = id.creationSeconds();
    return StreamException.notFound("Consumer "
        + id.consumerName()
        + (seconds == null ? "" : " with creation timestamp " + seconds)
        + " of "
        + StreamNames.inAccount(id.streamName())
        + " not found.");
  }
}
