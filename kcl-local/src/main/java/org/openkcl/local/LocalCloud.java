package org.openkcl.local;

import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.dynamodb.DynamoDbLocal;
import org.openkcl.local.http.GuardedFaults;
import org.openkcl.local.http.GuardedStreams;
import org.openkcl.local.http.LoopbackCertificate;
import org.openkcl.local.http.LoopbackServer;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.StreamNames;
import org.openkcl.local.model.metrics.LocalMetrics;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * Kinesis Data Streams, DynamoDB and an intake for CloudWatch metrics in this JVM, in memory, reachable from this machine only.
 *
 * <pre>{@code
 * try (LocalCloud cloud = LocalCloud.start()) {
 *   cloud.kinesis().createStream(b -> b.streamName("orders").shardCount(2)).join();
 * }
 * }</pre>
 *
 * <p>Kinesis follows the <a
 * href="https://docs.aws.amazon.com/kinesis/latest/APIReference/Welcome.html">Kinesis API
 * reference</a>; DynamoDB is Amazon's DynamoDB Local. Any number of clouds can run at once; they share
 * nothing. Thread-safe.
 */
public final class LocalCloud implements AutoCloseable {
  private final Storage storage;
  private final GuardedStreams streams;
  private final Faults faults;
  private final LoopbackServer kinesisServer;
  private final DynamoDbLocal dynamoDbLocal;
  private final CloudWatchIntake cloudWatch;
  private final Consumer<AwsClientBuilder<?, ?>> clients;
  private final @Nullable LocalTls tls;
  private final OwnClients ownClients;

  LocalCloud(
      Storage storage,
      GuardedFaults faults,
      LoopbackServer kinesisServer,
      DynamoDbLocal dynamoDbLocal,
      CloudWatchIntake cloudWatch,
      @Nullable LocalCredentials credentials,
      @Nullable LoopbackCertificate certificate) {
    this.storage = storage;
    this.streams = storage.streams();
    this.faults = new Faults(faults);
    this.kinesisServer = kinesisServer;
    this.dynamoDbLocal = dynamoDbLocal;
    this.cloudWatch = cloudWatch;
    Consumer<AwsClientBuilder<?, ?>> addressed =
        clientsFor(kinesisServer.endpoint(), dynamoDbLocal.endpoint(), cloudWatch.endpoint());
    this.clients = credentials == null ? addressed : addressed.andThen(credentials);
    URI tlsEndpoint = URI.create("https://" + kinesisServer.endpoint().getAuthority());
    this.tls = certificate == null ? null : new LocalTls(tlsEndpoint, certificate);
    this.ownClients = new OwnClients(clients, tls);
  }

  /** Starts a cloud on free ports, with the system clock. */
  public static LocalCloud start() {
    return builder().start();
  }

  /** For ports, a clock or a size of one's own. */
  public static LocalCloudBuilder builder() {
    return new LocalCloudBuilder();
  }

  /**
   * Points AWS clients at a cloud that runs in another process on this machine: region, dummy
   * credentials, and the endpoint of the client's service.
   *
   * @return to be applied to the builder of any Kinesis or DynamoDB client, synchronous or not; it
   *     throws {@code IllegalArgumentException} for other services
   */
  public static Consumer<AwsClientBuilder<?, ?>> clientsFor(URI kinesis, URI dynamoDb) {
    return new LocalClients(kinesis, dynamoDb, null);
  }

  /** As {@link #clientsFor(URI, URI)}, for clients of CloudWatch too. */
  public static Consumer<AwsClientBuilder<?, ?>> clientsFor(
      URI kinesis, URI dynamoDb, URI cloudWatch) {
    return new LocalClients(kinesis, dynamoDb, cloudWatch);
  }

  /** {@code http://127.0.0.1:PORT} */
  public URI kinesisEndpoint() {
    return kinesisServer.endpoint();
  }

  /**
   * {@code https://127.0.0.1:PORT}, with the port of {@link #kinesisEndpoint}.
   *
   * @throws IllegalStateException without {@link LocalCloudBuilder#tls}
   */
  public URI kinesisTlsEndpoint() {
    return requiredTls().kinesis();
  }

  /**
   * The certificate at {@link #kinesisTlsEndpoint} as a PEM text, for programs that are to trust it:
   * {@code AWS_CA_BUNDLE}, {@code NODE_EXTRA_CA_CERTS}.
   *
   * @throws IllegalStateException without {@link LocalCloudBuilder#tls}
   */
  public String certificatePem() {
    return requiredTls().certificate().pem();
  }

  /**
   * Trusts the certificate at {@link #kinesisTlsEndpoint} and nothing else: {@code
   * NettyNioAsyncHttpClient.builder().tlsTrustManagersProvider(cloud::trustManagers)}.
   *
   * @throws IllegalStateException without {@link LocalCloudBuilder#tls}
   */
  public TrustManager[] trustManagers() {
    return requiredTls().trustManagers();
  }

  private LocalTls requiredTls() {
    if (tls == null) {
      throw new IllegalStateException("This LocalCloud has no TLS: start it with builder().tls()");
    }
    return tls;
  }

  /** {@code http://127.0.0.1:PORT} */
  public URI dynamoDbEndpoint() {
    return dynamoDbLocal.endpoint();
  }

  /** {@code http://127.0.0.1:PORT} */
  public URI cloudWatchEndpoint() {
    return cloudWatch.endpoint();
  }

  /** {@code us-east-1} */
  public String region() {
    return StreamNames.REGION;
  }

  /** Points AWS clients at this cloud; see {@link #clientsFor}. */
  public Consumer<AwsClientBuilder<?, ?>> clients() {
    return clients;
  }

  /** The cloud's own client, made on first use and closed with the cloud. Share it freely. */
  public KinesisAsyncClient kinesis() {
    return ownClients.kinesis();
  }

  /** The cloud's own client, made on first use and closed with the cloud. Share it freely. */
  public DynamoDbAsyncClient dynamoDb() {
    return ownClients.dynamoDb();
  }

  /**
   * Asks the streams directly, without HTTP: {@code cloud.streams(s -> s.describe("orders"))}.
   *
   * <p>The question runs on the calling thread while all requests wait, so it sees and makes changes
   * all at once. Keep it short, do not wait in it, and do not let the {@link LocalStreams} out of
   * it; the values it returns are immutable and may go anywhere.
   */
  public <T> T streams(Function<LocalStreams, T> question) {
    return streams.ask(question);
  }

  /** Changes the streams directly; as {@link #streams}, for what returns nothing. */
  public void changeStreams(Consumer<LocalStreams> change) {
    streams.tell(change);
  }

  /** What is to go wrong with requests to Kinesis; nothing, until something is added. */
  public Faults faults() {
    return faults;
  }

  /** The keys for server-side encryption: create, disable, deny. */
  public LocalKeys keys() {
    return new LocalKeys(streams);
  }

  /**
   * Asks what was published to CloudWatch: {@code cloud.metrics(m -> m.dataPoints("orders-app"))}. As
   * with {@link #streams}, requests wait meanwhile, and what is returned may go anywhere.
   */
  public <T> T metrics(Function<LocalMetrics, T> question) {
    return cloudWatch.ask(question);
  }

  /** Stops all services and closes the two clients; streams and tables in memory are gone. */
  @Override
  public void close() {
    ownClients.close();
    kinesisServer.close();
    cloudWatch.close();
    dynamoDbLocal.close();
    storage.close();
  }
}
