package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.local.LocalCloud;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.ReadPosition;
import org.openkcl.retrieval.ReadReply;
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

/** Which way records come, with the SDK's client as it is over the wire. */
class RawRepliesTest {
  private static final String STREAM = "raw";
  private static final String SHARD = "shardId-000000000000";
  private static final int LARGE = 40_000;
  private static final int LIMIT = 1_000;

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
    Consumer<AwsClientBuilder<?, ?>> nonsense = builder -> {
      AwsClientsTest.NOWHERE.accept(builder);
      if (builder instanceof KinesisAsyncClientBuilder kinesis) {
        kinesis.httpClientBuilder(defaults -> new Nonsense());
      }
    };
    try (AwsClients clients = AwsClients.create(nonsense)) {
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

  /** Replies with a number. */
  private static final class Nonsense implements SdkAsyncHttpClient {
    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
      request
          .responseHandler()
          .onHeaders(SdkHttpResponse.builder()
              .statusCode(200)
              .putHeader("Content-Type", "application/x-amz-cbor-1.1")
              .build());
      request
          .responseHandler()
          .onStream(SdkPublisher.fromIterable(List.of(ByteBuffer.wrap(new byte[] {1}))));
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
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
