package org.openkcl.kinesis;

import java.util.Optional;
import java.util.function.Consumer;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.retrieval.ShardReader;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** One stream's way to Kinesis: by the client that the worker has, or by one of its own. */
public final class StreamConnection {
  private final AwsClients clients;
  private final StreamAddress stream;
  private final KinesisAsyncClient client;

  /**
   * @param special what is special about a client of the stream's own; empty for the worker's
   */
  public StreamConnection(
      AwsClients clients,
      StreamAddress stream,
      Optional<Consumer<AwsClientBuilder<?, ?>>> special) {
    this.clients = clients;
    this.stream = stream;
    this.client = special.map(clients::kinesis).orElseGet(clients::kinesis);
  }

  /** Which shards the stream has. */
  public ShardCatalog catalog(Environment environment, EventLoop loop) {
    return new KinesisShardCatalog(environment, loop, client, stream);
  }

  /** The records of its shards. */
  public ShardReader reader(Environment environment) {
    return new KinesisShardReader(
        client, stream, task -> environment.runBlocking("openkcl-records", task));
  }

  /** Closes the client if it is the stream's own. */
  public void close() {
    clients.close(client);
  }
}
