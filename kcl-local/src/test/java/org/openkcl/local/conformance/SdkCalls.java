package org.openkcl.local.conformance;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.KinesisRequest;
import software.amazon.awssdk.services.kinesis.model.KinesisResponse;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponse;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** Sends any request by the SDK's client, once, without retries. */
final class SdkCalls implements AutoCloseable {
  private static final String CBOR_ENABLED = "aws.cborEnabled";

  /** The two ways in which the SDK can speak. */
  enum Speech {
    CBOR_OVER_HTTP2,
    JSON_OVER_HTTP1
  }

  /** Daemons, so that nobody has to end them. */
  private static final SdkEventLoopGroup THREADS = SdkEventLoopGroup.builder()
      .numberOfThreads(1)
      .threadFactory(SdkCalls::daemon)
      .build();

  private final Speech speech;
  private final KinesisAsyncClient client;

  SdkCalls(LocalCloud cloud, Speech speech) {
    this.speech = speech;
    NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder()
        .eventLoopGroup(THREADS)
        .protocol(speech == Speech.CBOR_OVER_HTTP2 ? Protocol.HTTP2 : Protocol.HTTP1_1);
    client = spoken(() -> KinesisAsyncClient.builder()
        .applyMutation(cloud.clients()::accept)
        .httpClientBuilder(http)
        .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build());
  }

  /** Subscriptions need HTTP/2. */
  boolean canSend(String operation) {
    return speech == Speech.CBOR_OVER_HTTP2 || !operation.equals("SubscribeToShard");
  }

  KinesisResponse send(KinesisRequest request) throws Throwable {
    try {
      return spoken(() -> start(request)).get(30, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw failure.getCause();
    } catch (TimeoutException late) {
      throw new AssertionError("No reply within 30 s to " + request, late);
    }
  }

  private CompletableFuture<KinesisResponse> start(KinesisRequest request) {
    if (request instanceof SubscribeToShardRequest subscribe) {
      return subscribe(subscribe);
    }
    String operation = ModelledErrors.operation(request.getClass());
    Method method = Arrays.stream(KinesisAsyncClient.class.getMethods())
        .filter(each -> each.getName().equalsIgnoreCase(operation))
        .filter(each -> each.getParameterCount() == 1)
        .filter(each -> each.getParameterTypes()[0] == request.getClass())
        .findFirst()
        .orElseThrow();
    try {
      return ((CompletableFuture<?>) method.invoke(client, request))
          .thenApply(KinesisResponse.class::cast);
    } catch (IllegalAccessException | InvocationTargetException impossible) {
      throw new LinkageError("KinesisAsyncClient." + operation, impossible);
    }
  }

  /** Complete when the subscription is open or refused; an open one is cancelled again. */
  private CompletableFuture<KinesisResponse> subscribe(SubscribeToShardRequest request) {
    CompletableFuture<SubscribeToShardResponse> opened = new CompletableFuture<>();
    CompletableFuture<Void> ended = client.subscribeToShard(
        request,
        SubscribeToShardResponseHandler.builder()
            .onResponse(opened::complete)
            .subscriber(event -> {})
            .build());
    ended.whenComplete((nothing, failure) -> {
      if (failure != null) {
        opened.completeExceptionally(failure);
      }
    });
    return opened.thenApply(response -> {
      ended.cancel(true);
      return response;
    });
  }

  private <T> T spoken(Supplier<T> work) {
    String before = System.getProperty(CBOR_ENABLED);
    System.setProperty(CBOR_ENABLED, String.valueOf(speech == Speech.CBOR_OVER_HTTP2));
    try {
      return work.get();
    } finally {
      if (before == null) {
        System.clearProperty(CBOR_ENABLED);
      } else {
        System.setProperty(CBOR_ENABLED, before);
      }
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "conformance-client");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    client.close();
  }
}
