package org.openkcl.local;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;

/**
 * The two clients that a cloud brings, made on first use. They share two daemon threads for I/O,
 * which, unlike the SDK's default threads, end without a grace period of two seconds.
 */
final class OwnClients implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int WINDOW_BYTES = 8 * 1024 * 1024;

  private final Consumer<AwsClientBuilder<?, ?>> addressed;
  private final @Nullable LocalTls tls;
  private @Nullable SdkEventLoopGroup threads;
  private @Nullable KinesisAsyncClient kinesis;
  private @Nullable DynamoDbAsyncClient dynamoDb;
  private boolean closed;

  OwnClients(Consumer<AwsClientBuilder<?, ?>> addressed, @Nullable LocalTls tls) {
    this.addressed = addressed;
    this.tls = tls;
  }

  synchronized KinesisAsyncClient kinesis() {
    if (kinesis == null) {
      NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder()
          .eventLoopGroup(threads())
          .http2Configuration(http2 -> http2.initialWindowSize(WINDOW_BYTES));
      KinesisAsyncClientBuilder builder =
          KinesisAsyncClient.builder().applyMutation(addressed::accept);
      if (tls != null) {
        http.tlsTrustManagersProvider(tls::trustManagers);
        builder.endpointOverride(tls.kinesis());
      }
      kinesis = builder.httpClientBuilder(http).build();
    }
    return kinesis;
  }

  synchronized DynamoDbAsyncClient dynamoDb() {
    if (dynamoDb == null) {
      dynamoDb = DynamoDbAsyncClient.builder()
          .applyMutation(addressed::accept)
          .httpClientBuilder(NettyNioAsyncHttpClient.builder().eventLoopGroup(threads()))
          .build();
    }
    return dynamoDb;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (kinesis != null) {
      kinesis.close();
    }
    if (dynamoDb != null) {
      dynamoDb.close();
    }
    if (threads != null) {
      Future<?> unused = threads.eventLoopGroup().shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private SdkEventLoopGroup threads() {
    if (closed) {
      throw new IllegalStateException("This LocalCloud is closed");
    }
    if (threads == null) {
      threads = SdkEventLoopGroup.builder()
          .numberOfThreads(THREADS)
          .threadFactory(OwnClients::daemon)
          .build();
    }
    return threads;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "local-cloud-client");
    thread.setDaemon(true);
    return thread;
  }
}
