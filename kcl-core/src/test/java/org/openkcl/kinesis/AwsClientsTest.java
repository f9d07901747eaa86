package org.openkcl.kinesis;

import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkGlobalTime;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;

class AwsClientsTest {
  /** Nothing listens on the discard port of the loopback interface. */
  static final Consumer<AwsClientBuilder<?, ?>> NOWHERE = builder -> builder
      .endpointOverride(URI.create("http://127.0.0.1:9"))
      .region(Region.US_EAST_1)
      .credentialsProvider(
          StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));

  @Test
  void bothClientsTogetherUseFewThreadsAndNoneAreLeftAfterClosing() throws Exception {
    Set<Thread> before = threads();
    long closedNanos;
    try (AwsClients clients = AwsClients.create(NOWHERE)) {
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> clients.kinesis().listStreams().join())
            .isInstanceOf(CompletionException.class)
            .hasCauseInstanceOf(SdkException.class);
        assertThatThrownBy(() -> clients.dynamoDb().listTables().join())
            .isInstanceOf(CompletionException.class)
            .hasCauseInstanceOf(SdkException.class);
      }
      Set<Thread> started = threads();
      started.removeAll(before);
      assertThat(started).hasSizeLessThanOrEqualTo(5);
      assertThat(started).allMatch(Thread::isDaemon);
      closedNanos = System.nanoTime();
    }
    assertThat(System.nanoTime() - closedNanos).isLessThan(2_000_000_000L);
    for (Thread thread : threads()) {
      if (!before.contains(thread)) {
        thread.join(5_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  @Test
  void whatTheUserSetsWins() {
    try (AwsClients clients = AwsClients.create(NOWHERE)) {
      assertThat(clients.kinesis().serviceClientConfiguration().endpointOverride())
          .contains(URI.create("http://127.0.0.1:9"));
      assertThat(clients.dynamoDb().serviceClientConfiguration().region())
          .isEqualTo(Region.US_EAST_1);
    }
  }

  @Test
  void aRefusalForTheMachinesClockIsMendedByASecondAttempt() {
    ServiceAnHourAhead service = new ServiceAnHourAhead();
    try (AwsClients clients = AwsClients.create(builder -> {
      NOWHERE.accept(builder);
      if (builder instanceof KinesisAsyncClientBuilder kinesis) {
        kinesis.httpClientBuilder(defaults -> service);
      }
    })) {
      clients.kinesis().listStreams().join();
      assertThat(service.requests).hasValue(2);
      clients.kinesis().listStreams().join();
      assertThat(service.requests).as("the clock stays corrected").hasValue(3);
    } finally {
      SdkGlobalTime.setGlobalTimeOffset(0); // where the SDK keeps the correction for other clients
    }
  }

  @Test
  void requestsSayWhoseTheyAreBesideWhatTheUserSays() {
    List<String> userAgents = new ArrayList<>();
    ExecutionInterceptor listening = new ExecutionInterceptor() {
      @Override
      public void beforeTransmission(
          Context.BeforeTransmission context, ExecutionAttributes attributes) {
        context.httpRequest().firstMatchingHeader("User-Agent").ifPresent(userAgents::add);
      }
    };
    try (AwsClients clients = AwsClients.create(builder -> {
      NOWHERE.accept(builder);
      builder.overrideConfiguration(set -> set.retryStrategy(AwsRetryStrategy.doNotRetry())
          .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "flights/7")
          .addExecutionInterceptor(listening));
    })) {
      assertThatThrownBy(() -> clients.kinesis().listStreams().join())
          .hasCauseInstanceOf(SdkException.class);
      assertThatThrownBy(() -> clients.dynamoDb().listTables().join())
          .hasCauseInstanceOf(SdkException.class);
    }
    assertThat(userAgents)
        .hasSize(2)
        .allSatisfy(each -> assertThat(each).contains(" flights/7 " + UserAgent.NAME));
  }

  /** Refuses the first request for its time, as Kinesis does past five minutes. */
  private static final class ServiceAnHourAhead implements SdkAsyncHttpClient {
    private final AtomicInteger requests = new AtomicInteger();

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
      SdkHttpResponse.Builder reply = SdkHttpResponse.builder()
          .statusCode(200)
          .putHeader("Date", RFC_1123_DATE_TIME.format(ZonedDateTime.now(UTC).plusHours(1)));
      if (requests.incrementAndGet() == 1) {
        reply.statusCode(400).putHeader("x-amzn-ErrorType", "InvalidSignatureException");
      }
      request.responseHandler().onHeaders(reply.build());
      request.responseHandler().onStream(SdkPublisher.fromIterable(List.<ByteBuffer>of()));
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
  }

  private static Set<Thread> threads() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }
}
