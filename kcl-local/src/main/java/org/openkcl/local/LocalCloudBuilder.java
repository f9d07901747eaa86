package org.openkcl.local;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.dynamodb.DynamoDbLocal;
import org.openkcl.local.http.AdminHandler;
import org.openkcl.local.http.FaultsResource;
import org.openkcl.local.http.GuardedFaults;
import org.openkcl.local.http.KinesisHandler;
import org.openkcl.local.http.LoopbackCertificate;
import org.openkcl.local.http.LoopbackServer;
import org.openkcl.local.http.Signatures;
import org.openkcl.local.model.LocalStreamsSettings;
import org.openkcl.local.model.ServiceDelays;
import org.openkcl.local.model.ServiceLimits;

/** What a cloud starts with. */
public final class LocalCloudBuilder {
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

  LocalCloudBuilder() {}

  /** The port of Kinesis. By default, and with 0, any free one. */
  public LocalCloudBuilder kinesisPort(int port) {
    kinesisPort = checkedPort("kinesisPort", port);
    return this;
  }

  /** The port of DynamoDB. By default, and with 0, any free one. */
  public LocalCloudBuilder dynamoDbPort(int port) {
    dynamoDbPort = checkedPort("dynamoDbPort", port);
    return this;
  }

  /** The port of the CloudWatch intake. By default, and with 0, any free one. */
  public LocalCloudBuilder cloudWatchPort(int port) {
    cloudWatchPort = checkedPort("cloudWatchPort", port);
    return this;
  }

  /**
   * How many data points published to CloudWatch to hold at most; by default a million, or as many
   * as an eighth of the heap holds. More are refused with {@code LimitExceededFault}.
   */
  public LocalCloudBuilder metricDataPointsMax(int count) {
    metricDataPointsMax = count;
    return this;
  }

  /**
   * Keeps streams and tables in a folder, where the next cloud finds them; by default they are in
   * memory. What was acknowledged survives the end of the process, however it ends. Published
   * metrics are not kept. One cloud at a time can have a folder, of the version that wrote it.
   */
  public LocalCloudBuilder dataFolder(Path folder) {
    dataFolder = folder;
    return this;
  }

  /**
   * Whether changes to streams are acknowledged only once they are on the disk, so that they
   * survive the end of the machine too; by default not. Means something with {@link #dataFolder}
   * only.
   */
  public LocalCloudBuilder waitForDisk(boolean wait) {
    waitForDisk = wait;
    return this;
  }

  /**
   * The clock that stamps records and lets records and iterators expire; by default the system's.
   * Several threads read it. DynamoDB Local always goes by the system's.
   */
  public LocalCloudBuilder clock(InstantSource newClock) {
    clock = newClock;
    return this;
  }

  /**
   * How many bytes of records to hold at most, each counted with its payload, its partition key
   * and 200 bytes; by default a quarter of the heap. Puts beyond it are refused with {@code
   * LimitExceededException}.
   */
  public LocalCloudBuilder storedBytesMax(long bytes) {
    settings = settings.withStoredBytesMax(bytes);
    return this;
  }

  /**
   * How much shards carry and how often operations may be called; by default {@link
   * ServiceLimits#none()}, so that tests are quick. {@link ServiceLimits#service()} for AWS's.
   */
  public LocalCloudBuilder limits(ServiceLimits limits) {
    settings = settings.withLimits(limits);
    return this;
  }

  /**
   * How long changes of streams take by the cloud's clock; by default {@link
   * ServiceDelays#none()}.
   */
  public LocalCloudBuilder delays(ServiceDelays delays) {
    settings = settings.withDelays(delays);
    return this;
  }

  /** The service's {@linkplain #limits limits} and {@linkplain #delays delays}. */
  public LocalCloudBuilder realistic() {
    return limits(ServiceLimits.service()).delays(ServiceDelays.service());
  }

  /**
   * The key pair that every request to Kinesis must be signed with, within five minutes of the
   * cloud's clock; by default signatures are not looked at. {@link LocalCloud#clients} and the
   * cloud's own clients get it.
   */
  public LocalCloudBuilder credentials(String accessKeyId, String secretAccessKey) {
    credentials = new LocalCredentials(accessKeyId, secretAccessKey);
    return this;
  }

  /**
   * Serves Kinesis over TLS too, on the same port, with a certificate of its own for {@code
   * localhost}, 127.0.0.1 and ::1 that is made anew at each start. {@link LocalCloud#kinesis} then
   * uses TLS; for other clients see {@link LocalCloud#trustManagers}.
   */
  public LocalCloudBuilder tls() {
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
      started.forEach(LocalCloudBuilder::close);
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
