package org.openkcl.local;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.dynamodb.DynamoDbLocal;
import org.openkcl.local.http.AdminHandler;
import org.openkcl.local.http.FaultsResource;
import org.openkcl.local.http.GuardedFaults;
import org.openkcl.local.http.GuardedStreams;
import org.openkcl.local.http.KinesisHandler;
import org.openkcl.local.http.LoopbackCertificate;
import org.openkcl.local.http.LoopbackServer;
import org.openkcl.local.http.Signatures;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.LocalStreamsSettings;
import org.openkcl.local.model.ServiceDelays;
import org.openkcl.local.model.ServiceLimits;
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

  private LocalCloud(
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
  public static Builder builder() {
    return new Builder();
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
   * @throws IllegalStateException without {@link Builder#tls}
   */
  public URI kinesisTlsEndpoint() {
    return requiredTls().kinesis();
  }

  /**
   * The certificate at {@link #kinesisTlsEndpoint} as a PEM text, for programs that are to trust it:
   * {@code AWS_CA_BUNDLE}, {@code NODE_EXTRA_CA_CERTS}.
   *
   * @throws IllegalStateException without {@link Builder#tls}
   */
  public String certificatePem() {
    return requiredTls().certificate().pem();
  }

  /**
   * Trusts the certificate at {@link #kinesisTlsEndpoint} and nothing else: {@code
   * NettyNioAsyncHttpClient.builder().tlsTrustManagersProvider(cloud::trustManagers)}.
   *
   * @throws IllegalStateException without {@link Builder#tls}
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

  /** What a cloud starts with. */
  public static final class Builder {
    private int kinesisPort;
    private int dynamoDbPort;
    private int cloudWatchPort;
    private @Nullable Path dataFolder;
    private boolean waitForDisk;
    private int metricDataPointsMax = CloudWatchIntake.dataPointsMaxDefault();
    private InstantSource clock = InstantSource.system();
    private LocalStreamsSettings settings = LocalStreamsSettings.defaults();
    private @Nullable LocalCredentials credentials;
    private boolean tls;

    private Builder() {}

    /** The port of Kinesis. By default, and with 0, any free one. */
    public Builder kinesisPort(int port) {
      kinesisPort = checkedPort("kinesisPort", port);
      return this;
    }

    /** The port of DynamoDB. By default, and with 0, any free one. */
    public Builder dynamoDbPort(int port) {
      dynamoDbPort = checkedPort("dynamoDbPort", port);
      return this;
    }

    /** The port of the CloudWatch intake. By default, and with 0, any free one. */
    public Builder cloudWatchPort(int port) {
      cloudWatchPort = checkedPort("cloudWatchPort", port);
      return this;
    }

    /**
     * How many data points published to CloudWatch to hold at most; by default a million, or as many
     * as an eighth of the heap holds. More are refused with {@code LimitExceededFault}.
     */
    public Builder metricDataPointsMax(int count) {
      metricDataPointsMax = count;
      return this;
    }

    /**
     * Keeps streams and tables in a folder, where the next cloud finds them; by default they are in
     * memory. What was acknowledged survives the end of the process, however it ends. Published
     * metrics are not kept. One cloud at a time can have a folder, of the version that wrote it.
     */
    public Builder dataFolder(Path folder) {
      dataFolder = folder;
      return this;
    }

    /**
     * Whether changes to streams are acknowledged only once they are on the disk, so that they
     * survive the end of the machine too; by default not. Means something with {@link #dataFolder}
     * only.
     */
    public Builder waitForDisk(boolean wait) {
      waitForDisk = wait;
      return this;
    }

    /**
     * The clock that stamps records and lets records and iterators expire; by default the system's.
     * Several threads read it. DynamoDB Local always goes by the system's.
     */
    public Builder clock(InstantSource newClock) {
      clock = newClock;
      return this;
    }

    /**
     * How many bytes of records to hold at most, each counted with its payload, its partition key
     * and 200 bytes; by default a quarter of the heap. Puts beyond it are refused with {@code
     * LimitExceededException}.
     */
    public Builder storedBytesMax(long bytes) {
      settings = settings.withStoredBytesMax(bytes);
      return this;
    }

    /**
     * How much shards carry and how often operations may be called; by default {@link
     * ServiceLimits#none()}, so that tests are quick. {@link ServiceLimits#service()} for AWS's.
     */
    public Builder limits(ServiceLimits limits) {
      settings = settings.withLimits(limits);
      return this;
    }

    /**
     * How long changes of streams take by the cloud's clock; by default {@link
     * ServiceDelays#none()}.
     */
    public Builder delays(ServiceDelays delays) {
      settings = settings.withDelays(delays);
      return this;
    }

    /** The service's {@linkplain #limits limits} and {@linkplain #delays delays}. */
    public Builder realistic() {
      return limits(ServiceLimits.service()).delays(ServiceDelays.service());
    }

    /**
     * The key pair that every request to Kinesis must be signed with, within five minutes of the
     * cloud's clock; by default signatures are not looked at. {@link LocalCloud#clients} and the
     * cloud's own clients get it.
     */
    public Builder credentials(String accessKeyId, String secretAccessKey) {
      credentials = new LocalCredentials(accessKeyId, secretAccessKey);
      return this;
    }

    /**
     * Serves Kinesis over TLS too, on the same port, with a certificate of its own for {@code
     * localhost}, 127.0.0.1 and ::1 that is made anew at each start. {@link LocalCloud#kinesis} then
     * uses TLS; for other clients see {@link LocalCloud#trustManagers}.
     */
    public Builder tls() {
      tls = true;
      return this;
    }

    /**
     * Starts the cloud.
     *
     * @throws IllegalStateException when a port is taken, when the data folder cannot be used, or on a kind of machine for which there is
     *     no native library of SQLite
     */
    public LocalCloud start() {
      GuardedFaults faults = new GuardedFaults();
      Storage storage = dataFolder == null
          ? Storage.inMemory(clock, settings, faults.gate())
          : Storage.in(dataFolder, waitForDisk, clock, settings, faults.gate());
      Deque<AutoCloseable> started = new ArrayDeque<>();
      started.push(storage);
      try {
        DynamoDbLocal dynamoDb = DynamoDbLocal.start(dynamoDbPort, storage.tables());
        started.push(dynamoDb);
        CloudWatchIntake cloudWatch =
            CloudWatchIntake.start(cloudWatchPort, clock, metricDataPointsMax);
        started.push(cloudWatch);
        Handler handler = new Handler.Sequence(
            new AdminHandler(Map.of("faults", new FaultsResource(faults))),
            new KinesisHandler(storage.streams(), faults, clock, signatures()));
        LoopbackCertificate certificate = tls ? LoopbackCertificate.make(Instant.now()) : null;
        LoopbackServer kinesis =
            LoopbackServer.start("kinesis-local", kinesisPort, handler, certificate);
        return new LocalCloud(
            storage, faults, kinesis, dynamoDb, cloudWatch, credentials, certificate);
      } catch (IllegalStateException failure) {
        started.forEach(Builder::close);
        throw failure;
      }
    }

    private static void close(AutoCloseable started) {
      try {
        started.close();
      } catch (Exception failure) {
        throw new IllegalStateException("Stopping what had started failed", failure);
      }
    }

    private Signatures signatures() {
      return credentials == null ? Signatures.unchecked() : credentials.signatures(clock);
    }

    private static int checkedPort(String name, int port) {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException(name + " must be within 0 to 65535: got " + port);
      }
      return port;
    }
  }
}
