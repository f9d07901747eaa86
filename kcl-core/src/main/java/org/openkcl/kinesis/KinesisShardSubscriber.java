package org.openkcl.kinesis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.ReadPosition;
import org.openkcl.retrieval.ShardSubscriber;
import org.openkcl.retrieval.SubscriptionEvent;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/**
 * Subscribes with SubscribeToShard, an event stream over HTTP/2. The data of a record is read-only.
 *
 * <p>With a client of {@link AwsClients} events are read by {@link RecordsBody}; with any other the
 * SDK's objects are made into records, which takes more of the processor.
 *
 * <p>Thread-safe; listeners are called on network threads of the client, or where records are made.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html">SubscribeToShard</a>
 */
public final class KinesisShardSubscriber implements ShardSubscriber {
  /** The service ends a subscription after five minutes. */
  private static final Duration LONGER_THAN_ANY = Duration.ofMinutes(10);

  /** A time-out that was set for the client's calls is not meant for these. */
  private static final AwsRequestOverrideConfiguration CONFIGURATION =
      AwsRequestOverrideConfiguration.builder()
          .apiCallTimeout(LONGER_THAN_ANY)
          .apiCallAttemptTimeout(LONGER_THAN_ANY)
          .build();

  private final ConsumerRegistration registration;
  private final Function<Registration, KinesisAsyncClient> clients;
  private final Executor recordMaking;
  private final KinesisFailures failures;

  /**
   * @param registration of the consumer with the stream
   * @param clients a client for the subscriptions of a stream of that size, which neither retries nor
   *     limits the time of a call; is not closed by this
   * @param recordMaking makes records of large events, which would keep the client's few threads from
   *     the events of other shards
   */
  public KinesisShardSubscriber(
      ConsumerRegistration registration,
      Function<Registration, KinesisAsyncClient> clients,
      Executor recordMaking) {
    this.registration = registration;
    this.clients = clients;
    this.recordMaking = recordMaking;
    this.failures = registration.failures();
  }

  @Override
  public CompletionStage<Registration> registered() {
    return registration.registered();
  }

  @Override
  public CompletionStage<Boolean> lookAgain() {
    return registration.lookAgain();
  }

  @Override
  public Subscription subscribe(
      Registration consumer, String shardId, ReadPosition position, Listener listener) {
    EventStream events = new EventStream(listener, recordMaking, failures);
    SubscribeToShardRequest request = SubscribeToShardRequest.builder()
        .overrideConfiguration(events.raw.asked(CONFIGURATION))
        .consumerARN(consumer.arn())
        .shardId(shardId)
        .startingPosition(StartingPosition.builder()
            .type(KinesisShardReader.typeOf(position.kind()))
            .sequenceNumber(position.sequenceNumber())
            .timestamp(position.timestamp())
            .build())
        .build();
    CompletableFuture<Void> call = clients
        .apply(consumer)
        .subscribeToShard(
            request,
            SubscribeToShardResponseHandler.builder().subscriber(() -> events).build());
    call.whenComplete((ended, thrown) -> events.reading().whenComplete((read, unread) -> {
      if (thrown == null) {
        listener.ended();
      } else {
        listener.failed(failures.ofSubscription(thrown, shardId));
      }
    }));
    events.unreadable.thenAccept(call::completeExceptionally); // which also cancels it
    return new Call(events, call);
  }

  /** One call, as its subscriber holds it. */
  private record Call(EventStream events, CompletableFuture<Void> call) implements Subscription {
    @Override
    public void request() {
      events.request();
    }

    @Override
    public void cancel() {
      events.cancel();
      call.cancel(true);
    }
  }

  /** The events of one call. How it ends is told by the call. */
  private static final class EventStream
      implements org.reactivestreams.Subscriber<SubscribeToShardEventStream> {
    private final Listener listener;
    private final Executor recordMaking;
    private final KinesisFailures failures;
    private final RawReplies.Events raw = new RawReplies.Events();
    private final CompletableFuture<org.reactivestreams.Subscription> stream =
        new CompletableFuture<>();

    /** Completes when an event makes no sense: the call is then to fail with this. */
    private final CompletableFuture<StreamFailure> unreadable = new CompletableFuture<>();

    /** The reading of the last event: nothing else is told of before. */
    private final AtomicReference<CompletableFuture<Void>> reading =
        new AtomicReference<>(CompletableFuture.completedFuture(null));

    EventStream(Listener listener, Executor recordMaking, KinesisFailures failures) {
      this.listener = listener;
      this.recordMaking = recordMaking;
      this.failures = failures;
    }

    CompletableFuture<Void> reading() {
      return Objects.requireNonNull(reading.get());
    }

    void request() {
      stream.thenAccept(subscription -> subscription.request(1));
    }

    void cancel() {
      stream.thenAccept(org.reactivestreams.Subscription::cancel);
    }

    @Override
    public void onSubscribe(org.reactivestreams.Subscription subscription) {
      listener
          .opened(); // the service has answered with success; its first message waits to be read
      stream.complete(subscription);
    }

    @Override
    public void onNext(SubscribeToShardEventStream message) {
      if (!(message instanceof SubscribeToShardEvent event)) {
        request(); // not an event of a kind that this version of the client knows
        return;
      }
      List<ByteBuffer> payload = raw.next(event);
      if (payload == null) {
        listener.received(eventOf(event));
      } else if (payload.stream().mapToLong(ByteBuffer::remaining).sum()
          < KinesisShardReader.FEW_BYTES) {
        read(payload);
      } else {
        reading.set(CompletableFuture.runAsync(() -> read(payload), recordMaking));
      }
    }

    private void read(List<ByteBuffer> payload) {
      SubscriptionEvent event;
      try {
        event = RecordsBody.event(payload);
      } catch (IOException nonsense) {
        unreadable.complete(failures.ofUnreadable(nonsense)); // nothing more is requested
        return;
      } catch (RuntimeException | Error mistake) {
        unreadable.complete(failures.of(mistake, null));
        return;
      }
      listener.received(event);
    }

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onComplete() {}
  }

  private static SubscriptionEvent eventOf(SubscribeToShardEvent event) {
    List<KinesisClientRecord> records = new ArrayList<>(event.records().size());
    long bytes = 0;
    for (Record each : event.records()) {
      records.add(KinesisShardReader.recordOf(each));
      bytes += each.data().asByteBuffer().remaining() + each.partitionKey().length();
    }
    Long behind = event.millisBehindLatest();
    return new SubscriptionEvent(
        records,
        event.continuationSequenceNumber(),
        behind == null ? 0 : behind,
        event.childShards().stream().map(KinesisShardReader::childOf).toList(),
        bytes);
  }
}
