package org.openkcl.kinesis;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.retrieval.ShardReader;
import org.openkcl.retrieval.ShardSubscriber;
import org.openkcl.retrieval.TransportSize;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * One stream's way to Kinesis: by the clients that the worker has, or by some of its own. Closed by
 * {@link #close()}; thread-safe.
 */
public final class StreamConnection {
  private final AwsClients clients;
  private final StreamAddress stream;
  private final Optional<Consumer<AwsClientBuilder<?, ?>>> special;
  private final KinesisAsyncClient client;
  private final Map<TransportSize, KinesisAsyncClient> ownSubscriptions = new ConcurrentHashMap<>();

  /**
   * @param special what is special about clients of the stream's own; empty for the worker's
   */
  public StreamConnection(
      AwsClients clients,
      StreamAddress stream,
      Optional<Consumer<AwsClientBuilder<?, ?>>> special) {
    this.clients = clients;
    this.stream = stream;
    this.special = special;
    this.client = special.map(clients::kinesis).orElseGet(clients::kinesis);
  }

  /** Which shards the stream has. */
  public ShardCatalog catalog(Environment environment, EventLoop loop) {
    return new KinesisShardCatalog(environment, loop, client, stream);
  }

  /** The records of its shards. */
  public ShardReader reader(Environment environment) {
    return new KinesisShardReader(client, stream, recordMaking(environment));
  }

  /** The consumer that an application is of this stream. */
  public ConsumerRegistration registration(
      Environment environment, EventLoop loop, ConsumerName name) {
    return new ConsumerRegistration(environment, loop, client, stream, name);
  }

  /**
   * The records of its shards, pushed to a consumer.
   *
   * @param budgetBytes what the subscriptions of the worker may keep in memory
   */
  public ShardSubscriber subscriber(
      Environment environment, ConsumerRegistration registration, long budgetBytes) {
    return new KinesisShardSubscriber(
        registration,
        consumer -> subscriptions(
            TransportSize.of(consumer.openShards(), budgetBytes, clients.kinesisThreads())),
        recordMaking(environment));
  }

  private static Executor recordMaking(Environment environment) {
    return task -> environment.runBlocking("openkcl-records", task);
  }

  private KinesisAsyncClient subscriptions(TransportSize size) {
    return special
        .map(
            own -> ownSubscriptions.computeIfAbsent(size, each -> clients.subscriptions(each, own)))
        .orElseGet(() -> clients.subscriptions(size));
  }

  /** Closes the clients that are the stream's own. */
  public void close() {
    clients.close(client);
    ownSubscriptions.values().forEach(clients::close);
  }
}
