package org.openkcl.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponse;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** One SubscribeToShard call of the SDK and what came of it. */
final class SubscriptionProbe implements Subscriber<SubscribeToShardEventStream> {
  private static final long PATIENCE_SECONDS = 60;

  private final BlockingQueue<SubscribeToShardEvent> events = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
  private final CompletableFuture<SubscribeToShardResponse> response = new CompletableFuture<>();
  private final CompletableFuture<Void> completed = new CompletableFuture<>();
  private final long requestedAtOnce;
  private final CompletableFuture<Void> call;

  private SubscriptionProbe(
      KinesisAsyncClient kinesis,
      String consumerArn,
      String shardId,
      StartingPosition start,
      long requestedAtOnce) {
    this.requestedAtOnce = requestedAtOnce;
    this.call = kinesis.subscribeToShard(
        b -> b.consumerARN(consumerArn).shardId(shardId).startingPosition(start),
        SubscribeToShardResponseHandler.builder()
            .onResponse(response::complete)
            .onComplete(() -> completed.complete(null))
            .subscriber(() -> this)
            .build());
  }

  /** Subscribes, and takes events as fast as they come. */
  static SubscriptionProbe eager(
      KinesisAsyncClient kinesis, String consumerArn, String shardId, StartingPosition start) {
    return new SubscriptionProbe(kinesis, consumerArn, shardId, start, Long.MAX_VALUE);
  }

  /** Subscribes, and takes events only when asked for. */
  static SubscriptionProbe lazy(
      KinesisAsyncClient kinesis, String consumerArn, String shardId, StartingPosition start) {
    return new SubscriptionProbe(kinesis, consumerArn, shardId, start, 0);
  }

  @Override
  public void onSubscribe(Subscription newSubscription) {
    subscription.set(newSubscription);
    if (requestedAtOnce > 0) {
      newSubscription.request(requestedAtOnce);
    }
  }

  @Override
  public void onNext(SubscribeToShardEventStream event) {
    if (event instanceof SubscribeToShardEvent records) {
      events.add(records);
    }
  }

  @Override
  public void onError(Throwable error) {
    completed.completeExceptionally(error);
  }

  @Override
  public void onComplete() {}

  void request(long count) {
    Objects.requireNonNull(subscription.get()).request(count);
  }

  void cancel() {
    Objects.requireNonNull(subscription.get()).cancel();
  }

  SubscribeToShardResponse response() throws Exception {
    return response.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** The next event, which must come within a minute. */
  SubscribeToShardEvent event() throws InterruptedException {
    SubscribeToShardEvent event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(event).as("an event within a minute; call: %s", call).isNotNull();
    return Objects.requireNonNull(event);
  }

  /** An event if there is one already. */
  @Nullable
  SubscribeToShardEvent eventOrNull() {
    return events.poll();
  }

  /** The next event that has records, past those that have none. */
  SubscribeToShardEvent eventWithRecords() throws InterruptedException {
    SubscribeToShardEvent event = event();
    while (event.records().isEmpty()) {
      event = event();
    }
    return event;
  }

  /** The partition keys of the next so many records. */
  List<String> keys(int count) throws InterruptedException {
    List<String> keys = new ArrayList<>();
    while (keys.size() < count) {
      event().records().stream().map(Record::partitionKey).forEach(keys::add);
    }
    return keys;
  }

  /** Waits until the call has ended without an error. */
  void awaitEnd() throws Exception {
    call.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    completed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Waits until the call is over because its stream was reset; the SDK reports that as an ordinary
   * end once there has been an event.
   */
  void awaitBreak() throws Exception {
    call.handle((nothing, failure) -> true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  boolean isDone() {
    return call.isDone();
  }

  /** Waits until the call has failed, and says why. */
  Throwable awaitFailure() throws Exception {
    try {
      call.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException failure) {
      Throwable cause = Objects.requireNonNull(failure.getCause());
      return cause instanceof CompletionException wrapped && wrapped.getCause() != null
          ? wrapped.getCause()
          : cause;
    }
    throw new AssertionError("The call ended without an error");
  }
}
