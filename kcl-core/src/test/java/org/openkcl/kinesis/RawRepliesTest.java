package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.local.LocalCloud;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.ReadPosition;
import org.openkcl.retrieval.ReadReply;
import org.openkcl.retrieval.ShardSubscriber.Listener;
import org.openkcl.retrieval.ShardSubscriber.Registration;
import org.openkcl.retrieval.ShardSubscriber.Subscription;
import org.openkcl.retrieval.SubscriptionEvent;
import org.openkcl.retrieval.TransportSize;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** Which way records come, with the SDK's client as it is over the wire. */
class RawRepliesTest {
  private static final String STREAM = "raw";
  private static final String SHARD = "shardId-000000000000";
  private static final int LARGE = 40_000;
  private static final int LIMIT = 1_000;
  private static final Environment ENVIRONMENT = Environment.system();
  private static final EventLoop LOOP = ENVIRONMENT.newEventLoop("test");

  private static LocalCloud cloud;

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder().start();
    cloud.kinesis().createStream(b -> b.streamName(STREAM).shardCount(1)).join();
    cloud.kinesis().waiter().waitUntilStreamExists(b -> b.streamName(STREAM)).join();
    for (String each : List.of("a", "x".repeat(LARGE), "")) {
      cloud
          .kinesis()
          .putRecord(b -> b.streamName(STREAM)
              .partitionKey("key " + each.length())
              .data(SdkBytes.fromUtf8String(each.isEmpty() ? "last" : each)))
          .join();
    }
  }

  @AfterAll
  static void stop() {
    cloud.close();
    LOOP.close();
    ENVIRONMENT.close();
  }

  @Test
  void theRequestGetsTheBodyAndTheSdkHearsOfNoRecords() {
    try (AwsClients clients = AwsClients.create(cloud.clients())) {
      KinesisAsyncClient client = clients.kinesis();
      RawReplies.Slot slot = new RawReplies.Slot();
      assertThat(asked(client, slot, LIMIT).records()).isEmpty();
      assertThat(slot.body()).isNotEmpty();
      String iterator = iterator(client);
      GetRecordsResponse plain =
          client.getRecords(b -> b.shardIterator(iterator)).join();
      assertThat(plain.records()).as("nobody asked for the body").hasSize(3);
    }
  }

  @Test
  void smallRepliesAreTheSdks() {
    try (AwsClients clients = AwsClients.create(cloud.clients())) {
      KinesisAsyncClient client = clients.kinesis();
      RawReplies.Slot slot = new RawReplies.Slot();
      assertThat(asked(client, slot, 1).records()).hasSize(1);
      assertThat(slot.body()).isNull();
    }
  }

  @Test
  void theClientMakesNoDifferenceToTheRecords() {
    try (AwsClients clients = AwsClients.create(cloud.clients())) {
      ReadReply ours = read(clients.kinesis());
      ReadReply theirs = read(cloud.kinesis());
      assertThat(ours.records()).hasSize(3).isEqualTo(theirs.records());
      assertThat(ours.bytes())
          .isEqualTo(theirs.bytes())
          .isEqualTo(1 + LARGE + 4 + "key 1key 40000key 0".length());
      assertThat(ours.millisBehindLatest()).isEqualTo(theirs.millisBehindLatest());
      assertThat(ours.nextIterator()).isNotNull();
    }
  }

  @Test
  void whoeverChangesRepliesSeesThem() {
    ExecutionInterceptor onlyTheFirst = new ExecutionInterceptor() {
      @Override
      public SdkResponse modifyResponse(
          Context.ModifyResponse context, ExecutionAttributes attributes) {
        return context.response() instanceof GetRecordsResponse reply
            ? reply.toBuilder().records(reply.records().get(0)).build()
            : context.response();
      }
    };
    try (AwsClients clients = AwsClients.create(with(onlyTheFirst))) {
      assertThat(read(clients.kinesis()).records())
          .extracting(KinesisClientRecord::data)
          .containsExactly(ByteBuffer.wrap("a".getBytes(UTF_8)));
    }
  }

  @Test
  void eventsAreTheSdksWhereRepliesMayBeChanged() {
    String consumer =
        cloud.streams(s -> s.consumers().register(STREAM, "events").arn());
    try (AwsClients clients = AwsClients.create(cloud.clients())) {
      RawReplies.Events raw = new RawReplies.Events();
      SubscribeToShardEvent event = firstEvent(clients, consumer, raw);
      assertThat(event.records()).isEmpty();
      assertThat(raw.next(event)).isNotEmpty();
    }
    String other = cloud.streams(s -> s.consumers().register(STREAM, "others").arn());
    ExecutionInterceptor changing = new ExecutionInterceptor() {
      @Override
      public SdkResponse modifyResponse(
          Context.ModifyResponse context, ExecutionAttributes attributes) {
        return context.response();
      }
    };
    try (AwsClients clients = AwsClients.create(with(changing))) {
      RawReplies.Events raw = new RawReplies.Events();
      SubscribeToShardEvent event = firstEvent(clients, other, raw);
      assertThat(event.records()).hasSize(3);
      assertThat(raw.next(event)).isNull();
    }
  }

  private static SubscribeToShardEvent firstEvent(
      AwsClients clients, String consumer, RawReplies.Events raw) {
    CompletableFuture<SubscribeToShardEvent> first = new CompletableFuture<>();
    CompletableFuture<Void> call = clients
        .subscriptions(TransportSize.of(1, 1 << 20, 1))
        .subscribeToShard(
            request -> request
                .overrideConfiguration(
                    raw.asked(AwsRequestOverrideConfiguration.builder().build()))
                .consumerARN(consumer)
                .shardId(SHARD)
                .startingPosition(from -> from.type(ShardIteratorType.TRIM_HORIZON)),
            SubscribeToShardResponseHandler.builder()
                .subscriber(message -> first.complete((SubscribeToShardEvent) message))
                .build());
    SubscribeToShardEvent event = first.orTimeout(60, TimeUnit.SECONDS).join();
    call.cancel(true);
    return event;
  }

  @Test
  void whoeverOnlyLooksChangesNothing() {
    ExecutionInterceptor looking = new ExecutionInterceptor() {
      @Override
      public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {}
    };
    try (AwsClients clients = AwsClients.create(with(looking))) {
      KinesisAsyncClient client = clients.kinesis();
      RawReplies.Slot slot = new RawReplies.Slot();
      asked(client, slot, LIMIT);
      assertThat(slot.body()).isNotEmpty();
      assertThat(read(client).records()).hasSize(3);
    }
  }

  /** Whoever is found on the class path is asked as well. */
  @Test
  void aBuiltClientNamesTheInterceptorsOfTheClassPath() {
    try (AwsClients clients = AwsClients.create(cloud.clients())) {
      assertThat(clients
              .kinesis()
              .serviceClientConfiguration()
              .overrideConfiguration()
              .executionInterceptors())
          .extracting(each -> each.getClass().getSimpleName())
          .contains("RawReplies")
          .as("of global/handlers/execution.interceptors in the SDK's own jars")
          .contains("TraceIdExecutionInterceptor");
    }
  }

  @Test
  void aReplyThatMakesNoSenseIsAFailureThatSaysSo() {
    try (AwsClients clients = AwsClients.create(answering(ByteBuffer.wrap(new byte[] {1})))) {
      assertThatThrownBy(() -> reader(clients.kinesis())
              .read("anywhere", 10)
              .toCompletableFuture()
              .join())
          .cause()
          .isInstanceOfSatisfying(
              StreamFailure.class,
              failure -> assertThat(failure.kind()).isEqualTo(StreamFailure.Kind.UNAVAILABLE))
          .hasMessageContaining("for stream 'raw' cannot be read: Not a map: 0x1. Retried");
    }
  }

  @Test
  void anEventThatMakesNoSenseFailsItsSubscriptionAndSaysSo() {
    ByteBuffer stream = ByteBuffer.allocate(1_000)
        .put(event("initial-response", "{}").toByteBuffer())
        .put(event("SubscribeToShardEvent", "{\"Records\":7}").toByteBuffer())
        .flip();
    try (AwsClients clients = AwsClients.create(answering(stream))) {
      CompletableFuture<StreamFailure> failed = new CompletableFuture<>();
      KinesisAsyncClient client = clients.subscriptions(TransportSize.of(1, 1 << 20, 1));
      ConsumerRegistration registration = new ConsumerRegistration(
          ENVIRONMENT, LOOP, client, StreamAddress.of(STREAM), ConsumerName.of("app"));
      Subscription subscription = new KinesisShardSubscriber(
              registration, consumer -> client, Runnable::run)
          .subscribe(
              new Registration("arn", 1), SHARD, ReadPosition.latest(), new FailureOnly(failed));
      subscription.request();
      StreamFailure failure = failed.orTimeout(60, TimeUnit.SECONDS).join();
      assertThat(failure.kind()).isEqualTo(StreamFailure.Kind.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("cannot be read: Not an array: 7. Retried");
    }
  }

  private static Message event(String type, String payload) {
    return new Message(
        Map.of(
            ":message-type", HeaderValue.fromString("event"),
            ":event-type", HeaderValue.fromString(type),
            ":content-type", HeaderValue.fromString("application/json")),
        payload.getBytes(UTF_8));
  }

  /** Hears of the failure and of nothing else. */
  private record FailureOnly(CompletableFuture<StreamFailure> failed) implements Listener {
    @Override
    public void opened() {}

    @Override
    public void received(SubscriptionEvent event) {
      throw new AssertionError("It cannot be read, and was: " + event);
    }

    @Override
    public void ended() {}

    @Override
    public void failed(StreamFailure failure) {
      failed.complete(failure);
    }
  }

  /** Replies with these bytes. */
  private record Answer(ByteBuffer body) implements SdkAsyncHttpClient {
    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
      request
          .responseHandler()
          .onHeaders(SdkHttpResponse.builder()
              .statusCode(200)
              .putHeader("Content-Type", "application/x-amz-cbor-1.1")
              .build());
      request.responseHandler().onStream(SdkPublisher.fromIterable(List.of(body.duplicate())));
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
  }

  private static Consumer<AwsClientBuilder<?, ?>> answering(ByteBuffer body) {
    return builder -> {
      AwsClientsTest.NOWHERE.accept(builder);
      if (builder instanceof KinesisAsyncClientBuilder kinesis) {
        kinesis.httpClientBuilder(defaults -> new Answer(body));
      }
    };
  }

  private static Consumer<AwsClientBuilder<?, ?>> with(ExecutionInterceptor interceptor) {
    return builder -> {
      cloud.clients().accept(builder);
      builder.overrideConfiguration(builder.overrideConfiguration().toBuilder()
          .addExecutionInterceptor(interceptor)
          .build());
    };
  }

  /** The SDK's reply to a request that wants the body for itself. */
  private static GetRecordsResponse asked(
      KinesisAsyncClient client, RawReplies.Slot slot, int limit) {
    String iterator = iterator(client);
    return client
        .getRecords(
            b -> b.overrideConfiguration(slot.asked()).shardIterator(iterator).limit(limit))
        .join();
  }

  private static KinesisShardReader reader(KinesisAsyncClient client) {
    return new KinesisShardReader(client, StreamAddress.of(STREAM), Runnable::run);
  }

  private static ReadReply read(KinesisAsyncClient client) {
    return reader(client).read(iterator(client), LIMIT).toCompletableFuture().join();
  }

  private static String iterator(KinesisAsyncClient client) {
    return reader(client)
        .openIterator(SHARD, ReadPosition.trimHorizon())
        .toCompletableFuture()
        .join();
  }
}
