package org.openkcl.kinesis;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.openkcl.retrieval.TransportSize;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.HttpStatusCode;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The clients of one worker on few threads: one network thread for DynamoDB, one per four
 * processors (at least one) for Kinesis, and one for timers. The SDK's defaults would start more
 * than 30.
 *
 * <p>Replies are completed on the network threads, so what is chained to them must be short and
 * must not block: OpenKCL only hands them to its event loop.
 *
 * <table>
 * <caption>Time-outs and attempts</caption>
 * <tr><th>service</th><th>whole call</th><th>one attempt</th><th>attempts</th></tr>
 * <tr><td>Kinesis</td><td>30 s</td><td>10 s</td><td>2, throttles and time-outs 1</td></tr>
 * <tr><td>DynamoDB</td><td>10 s</td><td>5 s</td><td>2</td></tr>
 * <tr><td>others</td><td>as asked</td><td>as asked</td><td>1</td></tr>
 * </table>
 *
 * Attempts are few because the callers retry by their own rules, which know what a delay costs.
 * Subscriptions have clients of their own on the same threads, made when they are needed.
 *
 * <p>Thread-safe. Its threads are daemons: a forgotten {@link #close} does not keep a JVM alive.
 */
public final class AwsClients implements AutoCloseable {
  private static final int MAX_ATTEMPTS = 2;
  private static final int MAX_KINESIS_STREAMS = 1_000;
  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration CONNECTION_LIMIT = Duration.ofSeconds(5);
  private static final int HTTP2_WINDOW_BYTES = 8 * 1024 * 1024;

  /** Silence of a subscription is noticed by its rules, which know whether one is to be expected. */
  private static final Duration SUBSCRIPTION_SILENCE = Duration.ofMinutes(10);

  private static final Duration SUBSCRIPTION_PING = Duration.ofSeconds(20);

  /**
   * A group per client, small, because the SDK's connection pool has a race between threads of a
   * group: with more than one, about every tenth refused connection is noticed only when {@link
   * #CONNECTION_LIMIT} ends.
   */
  private final SdkEventLoopGroup kinesisThreads;

  private final int kinesisThreadCount;

  private final SdkEventLoopGroup dynamoDbThreads;
  private final ScheduledExecutorService timers;
  private final Set<KinesisAsyncClient> others = ConcurrentHashMap.newKeySet();
  private final Set<SdkAutoCloseable> otherServices = ConcurrentHashMap.newKeySet();
  private final Set<SdkEventLoopGroup> otherThreads = ConcurrentHashMap.newKeySet();
  private final KinesisAsyncClient kinesis;
  private final DynamoDbAsyncClient dynamoDb;
  private final Consumer<AwsClientBuilder<?, ?>> customizer;
  private final Map<TransportSize, KinesisAsyncClient> subscriptions = new ConcurrentHashMap<>();

  private AwsClients(Consumer<AwsClientBuilder<?, ?>> customizer) {
    this.customizer = customizer;
    kinesisThreadCount = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
    kinesisThreads = newGroup("openkcl-kinesis-io", kinesisThreadCount);
    dynamoDbThreads = newGroup("openkcl-dynamodb-io", 1);
    timers = newTimers();
    try {
      kinesis = buildKinesis(builder -> {});
      dynamoDb = buildDynamoDb();
    } catch (RuntimeException | Error failure) {
      stopThreads();
      throw failure;
    }
  }

  /**
   * Clients for the region and credentials that the SDK's default chains find.
   *
   * @throws software.amazon.awssdk.core.exception.SdkClientException when no region is configured
   */
  public static AwsClients create() {
    return create(builder -> {});
  }

  /**
   * Clients that differ from the default in what {@code customizer} sets.
   *
   * @param customizer applied last to the builder of each client, to set endpoint, region or
   *     credentials. An override configuration that it sets replaces the one with the time-outs
   *     above and with it the shared timer thread.
   */
  public static AwsClients create(Consumer<AwsClientBuilder<?, ?>> customizer) {
    return new AwsClients(customizer);
  }

  public KinesisAsyncClient kinesis() {
    return kinesis;
  }

  /**
   * A client for subscriptions, whose connections are sized for them. Streams of one size share it.
   * It has no time-outs for whole calls and does not retry.
   */
  public KinesisAsyncClient subscriptions(TransportSize size) {
    return subscriptions.computeIfAbsent(size, each -> buildSubscriptions(each, plain -> {}));
  }

  /**
   * Another client for subscriptions, of a stream that has clients of its own.
   *
   * @param special applied after what all clients have in common
   */
  public KinesisAsyncClient subscriptions(
      TransportSize size, Consumer<AwsClientBuilder<?, ?>> special) {
    KinesisAsyncClient client = buildSubscriptions(size, special);
    others.add(client);
    return client;
  }

  /** How many threads serve Kinesis' connections. */
  public int kinesisThreads() {
    return kinesisThreadCount;
  }

  /**
   * Another client on the same threads, for streams of another region, or under another role.
   *
   * @param special applied after what all clients have in common
   */
  public KinesisAsyncClient kinesis(Consumer<AwsClientBuilder<?, ?>> special) {
    KinesisAsyncClient client = buildKinesis(special);
    others.add(client);
    return client;
  }

  /** Closes a client that was made for a stream; others stay as they are. */
  public void close(KinesisAsyncClient client) {
    if (others.remove(client)) {
      client.close();
    }
  }

  public DynamoDbAsyncClient dynamoDb() {
    return dynamoDb;
  }

  /** The thread of DynamoDB's connections, for short work that belongs to requests. */
  public Executor dynamoDbThread() {
    return dynamoDbThreads.eventLoopGroup();
  }

  /**
   * A client of another service, on one thread of its own, which is closed with these. It does not
   * retry.
   *
   * @param threads what its thread is called
   * @param wholeCall how long a call may take
   */
  public <
          B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>,
          C extends SdkAutoCloseable>
      C another(String threads, B builder, Duration wholeCall) {
    SdkEventLoopGroup group = newGroup(threads, 1);
    otherThreads.add(group);
    builder
        .httpClientBuilder(NettyNioAsyncHttpClient.builder()
            .eventLoopGroup(group)
            .connectionTimeout(CONNECTION_TIMEOUT))
        .overrideConfiguration(overrides(wholeCall, wholeCall, AwsRetryStrategy.doNotRetry()));
    C client = build(builder);
    otherServices.add(client);
    return client;
  }

  /** Closes the clients and stops their threads without waiting for requests under way. */
  @Override
  public void close() {
    subscriptions.values().forEach(KinesisAsyncClient::close);
    others.forEach(KinesisAsyncClient::close);
    otherServices.forEach(SdkAutoCloseable::close);
    kinesis.close();
    dynamoDb.close();
    stopThreads();
  }

  private KinesisAsyncClient buildKinesis(Consumer<AwsClientBuilder<?, ?>> special) {
    NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder()
        .eventLoopGroup(kinesisThreads)
        .maxConcurrency(MAX_KINESIS_STREAMS)
        .connectionTimeout(CONNECTION_TIMEOUT)
        .connectionAcquisitionTimeout(CONNECTION_LIMIT)
        .http2Configuration(http2 -> http2.initialWindowSize(HTTP2_WINDOW_BYTES));
    return buildReader(
        KinesisAsyncClient.builder()
            .httpClientBuilder(http)
            .overrideConfiguration(
                overrides(Duration.ofSeconds(30), Duration.ofSeconds(10), kinesisRetries())),
        special);
  }

  /** A client whose records need not be made by the SDK. */
  private KinesisAsyncClient buildReader(
      KinesisAsyncClientBuilder plain, Consumer<AwsClientBuilder<?, ?>> special) {
    RawReplies rawReplies = new RawReplies();
    KinesisAsyncClient client = build(plain, builder -> {
      special.accept(builder);
      builder.overrideConfiguration(builder.overrideConfiguration().toBuilder()
          .addExecutionInterceptor(rawReplies)
          .build());
    });
    rawReplies.beginUnlessContentIsWanted(
        client.serviceClientConfiguration().overrideConfiguration().executionInterceptors());
    return client;
  }

  private DynamoDbAsyncClient buildDynamoDb() {
    NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder()
        .eventLoopGroup(dynamoDbThreads)
        .connectionTimeout(CONNECTION_TIMEOUT);
    return build(DynamoDbAsyncClient.builder()
        .httpClientBuilder(http)
        .overrideConfiguration(overrides(
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(MAX_ATTEMPTS)
                .build())));
  }

  /** Attempts are the reader's: one by the client would begin at the old position again. */
  private KinesisAsyncClient buildSubscriptions(
      TransportSize size, Consumer<AwsClientBuilder<?, ?>> special) {
    NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder()
        .eventLoopGroup(kinesisThreads)
        .maxConcurrency(Integer.MAX_VALUE)
        .connectionTimeout(CONNECTION_TIMEOUT)
        .connectionAcquisitionTimeout(CONNECTION_LIMIT)
        .readTimeout(SUBSCRIPTION_SILENCE)
        .http2Configuration(http2 -> http2
            .maxStreams((long) size.streamsPerConnection())
            .initialWindowSize(size.windowBytes())
            .healthCheckPingPeriod(SUBSCRIPTION_PING));
    return buildReader(
        KinesisAsyncClient.builder()
            .httpClientBuilder(http)
            .overrideConfiguration(ClientOverrideConfiguration.builder()
                .retryStrategy(AwsRetryStrategy.doNotRetry())
                .scheduledExecutorService(timers)
                .build()),
        special);
  }

  private <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> C build(B builder) {
    return build(builder, plain -> {});
  }

  private <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> C build(
      B builder, Consumer<AwsClientBuilder<?, ?>> special) {
    builder.asyncConfiguration(async -> async.advancedOption(
        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    customizer.accept(builder);
    special.accept(builder);
    builder.overrideConfiguration(completed(builder.overrideConfiguration()));
    return builder.build();
  }

  /**
   * With what belongs to all clients, whatever the user sets. The user agent says whose requests
   * they are: named on each request instead, it would cost a good part of a read without records.
   */
  private static ClientOverrideConfiguration completed(ClientOverrideConfiguration set) {
    ClientOverrideConfiguration.Builder all = set.toBuilder();
    String suffix = set.advancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX)
        .map(users -> users + " " + UserAgent.NAME)
        .orElse(UserAgent.NAME);
    all.putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, suffix);
    return all.build();
  }

  /**
   * Broken connections and faults of the service are worth a second attempt at once, and so is a
   * refusal for the machine's clock, which the SDK corrects by the service's. Throttles are not:
   * readers slow down at the first, so they must hear of it. Nor are replies that do not come in
   * time: Kinesis has counted them, and would refuse the shard's next read for seconds.
   */
  private static RetryStrategy kinesisRetries() {
    return DefaultRetryStrategy.standardStrategyBuilder()
        .useClientDefaults(false)
        .maxAttempts(MAX_ATTEMPTS)
        .retryOnExceptionOrCauseInstanceOf(IOException.class)
        .retryOnException(thrown -> thrown instanceof AwsServiceException answer
            && (isFault(answer) || answer.isClockSkewException()))
        .build();
  }

  private static boolean isFault(AwsServiceException answer) {
    return answer.statusCode() >= HttpStatusCode.INTERNAL_SERVER_ERROR
        && !answer.isThrottlingException();
  }

  private ClientOverrideConfiguration overrides(
      Duration wholeCall, Duration oneAttempt, RetryStrategy retries) {
    return ClientOverrideConfiguration.builder()
        .apiCallTimeout(wholeCall)
        .apiCallAttemptTimeout(oneAttempt)
        .retryStrategy(retries)
        .scheduledExecutorService(timers)
        .build();
  }

  private static SdkEventLoopGroup newGroup(String name, int threads) {
    return SdkEventLoopGroup.builder()
        .numberOfThreads(threads)
        .threadFactory(daemons(name))
        .build();
  }

  private static ScheduledExecutorService newTimers() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, daemons("openkcl-aws-timer"));
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private void stopThreads() {
    kinesisThreads.eventLoopGroup().shutdownGracefully(0, 1, TimeUnit.SECONDS);
    dynamoDbThreads.eventLoopGroup().shutdownGracefully(0, 1, TimeUnit.SECONDS);
    otherThreads.forEach(
        group -> group.eventLoopGroup().shutdownGracefully(0, 1, TimeUnit.SECONDS));
    timers.shutdownNow();
  }
}
