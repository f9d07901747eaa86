package org.openkcl;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.kinesis.AwsClients;
import org.openkcl.kinesis.StreamAddress;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.WorkerCapacity;
import org.openkcl.leases.fleet.FleetSettings;
import org.openkcl.metering.Metering;
import org.openkcl.metering.Meters;
import org.openkcl.metrics.MetricsSettings;
import org.openkcl.processor.RecordDecoder;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShardRecordProcessorFactory;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.MemoryBudget;
import org.openkcl.retrieval.PollSettings;
import org.openkcl.retrieval.ReadLimits;
import org.openkcl.retrieval.RecordOpening;
import org.openkcl.worker.Worker;
import org.openkcl.worker.WorkerPorts;
import org.openkcl.worker.WorkerSettings;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;

/**
 * Describes a {@link Scheduler}. Application name, stream, initial position and processor must be
 * given; the rest has defaults. Setting anything twice is an error.
 */
public final class SchedulerBuilder {
  private static final int DEFAULT_MAX_CALLS = 256;

  private final Set<String> given = new HashSet<>();
  private @Nullable String applicationName;
  private StreamSettings streams = StreamSettings.NONE;
  private @Nullable ShardRecordProcessorFactory processors;
  private @Nullable String workerId;
  private @Nullable String tableName;
  private LeaseTableSettings leaseTable = LeaseTableSettings.DEFAULT;
  private Consumer<AwsClientBuilder<?, ?>> clients = builder -> {};
  private Duration failoverTime = Duration.ofSeconds(10);
  private Duration foreignFailoverTime = Duration.ofMinutes(2);
  private Duration drainTimeout = Duration.ofSeconds(30);
  private Duration startTimeout = Duration.ofSeconds(30);
  private Retrieval retrieval = Retrieval.polling();
  private PollSettings polling = PollSettings.DEFAULT;
  private Balancing balancing = Balancing.DEFAULT;
  private double workerWeight = WorkerCapacity.EQUAL.weight();
  private int maxLeases = WorkerCapacity.EQUAL.maxLeases();
  private Aggregation aggregation = Aggregation.DEFAULT;
  private @Nullable RecordDecoder recordDecoder;
  private int maxConcurrentCalls = DEFAULT_MAX_CALLS;
  private WorkerSettings.Handling handling = WorkerSettings.Handling.DEFAULT;
  private MetricsSettings metrics = MetricsSettings.DEFAULT;
  private long memoryBudgetBytes = Runtime.getRuntime().maxMemory() / 4;

  SchedulerBuilder() {}

  /** The application: workers with the same name share the stream, and the lease table has it. */
  public SchedulerBuilder applicationName(String name) {
    once("applicationName");
    if (name.isBlank()) {
      throw new IllegalArgumentException("applicationName must not be blank: got '" + name + "'");
    }
    applicationName = name;
    return this;
  }

  /** The stream's name, in the clients' region and account. */
  public SchedulerBuilder streamName(String name) {
    once("stream");
    streams = streams.withSingle(StreamConfig.of(StreamAddress.of(name).name()));
    return this;
  }

  /** The stream's ARN, as an alternative to its name. */
  public SchedulerBuilder streamArn(String arn) {
    once("stream");
    streams = streams.withSingle(StreamConfig.of(arn));
    return this;
  }

  /**
   * Several streams, as an alternative to one by its name or ARN. Their leases bear their names, so
   * this cannot be changed for an application that has read one stream, nor back.
   *
   * @param several one or more, none of them twice
   */
  public SchedulerBuilder streams(StreamConfig... several) {
    once("stream");
    streams = streams.withSeveral(List.of(several));
    return this;
  }

  /** Several streams, which may change; the tracker is asked every minute. See {@link #streams}. */
  public SchedulerBuilder streamTracker(MultiStreamTracker tracker) {
    return streamTracker(tracker, StreamSettings.TRACKING_INTERVAL);
  }

  /**
   * Several streams, which may change.
   *
   * @param interval how often the tracker is asked. Default 1 min, as in Amazon's library
   */
  public SchedulerBuilder streamTracker(MultiStreamTracker tracker, Duration interval) {
    once("stream");
    streams = streams.with(tracker, positive("streamTracker's interval", interval));
    return this;
  }

  /** What is done about a stream that was deleted and created again. Default {@code STOP}. */
  public SchedulerBuilder recreatedStreams(RecreatedStream policy) {
    once("recreatedStreams");
    streams = streams.with(policy);
    return this;
  }

  /**
   * Where a new application begins, and every new stream of several that does not say it itself.
   * Must be chosen: with LATEST everything before the first start is skipped, with TRIM_HORIZON up
   * to a year is read. Shards that have a checkpoint go on there.
   */
  public SchedulerBuilder initialPosition(InitialPosition position) {
    once("initialPosition");
    streams = streams.with(position);
    return this;
  }

  /** Makes one processor per shard; called on the thread that user code runs on. */
  public SchedulerBuilder processor(ShardRecordProcessorFactory factory) {
    once("processor");
    processors = factory;
    return this;
  }

  /** Makes one processor per shard, given the stream that the shard belongs to. */
  public SchedulerBuilder processor(Function<StreamIdentifier, ShardRecordProcessor> factory) {
    once("processor");
    processors = new ShardRecordProcessorFactory() {
      @Override
      public ShardRecordProcessor shardRecordProcessor() {
        throw new IllegalStateException("Ask with the stream's identifier");
      }

      @Override
      public ShardRecordProcessor shardRecordProcessor(StreamIdentifier identifier) {
        return factory.apply(identifier);
      }
    };
    return this;
  }

  /** Unique among the application's workers. Default: host name and a random id. */
  public SchedulerBuilder workerId(String id) {
    once("workerId");
    workerId = id;
    return this;
  }

  /** The lease table's name. Default: the application's name, as in Amazon's library. */
  public SchedulerBuilder leaseTableName(String name) {
    once("leaseTableName");
    tableName = name;
    return this;
  }

  /** How the lease table is created and what is beside it. Default {@link LeaseTableSettings#DEFAULT}. */
  public SchedulerBuilder leaseTable(LeaseTableSettings settings) {
    once("leaseTable");
    leaseTable = settings;
    return this;
  }

  /**
   * Sets endpoint, region or credentials on the builder of each AWS client. Default: nothing, so
   * that the SDK's own chains decide.
   *
   * <p>Interceptors see replies to GetRecords without their records, which are read before the SDK
   * makes objects of them. As soon as one that is set here has {@code modifyResponse} or {@code
   * modifyAsyncHttpResponseContent}, the SDK makes them, the interceptor may change them, and reading
   * costs about twice the processor time.
   */
  public SchedulerBuilder clients(Consumer<AwsClientBuilder<?, ?>> customizer) {
    once("clients");
    clients = customizer;
    return this;
  }

  /**
   * How long a worker may stand still before others take its shards; 1 s or more, the same on every
   * worker. Default 10 s: long enough for garbage collections, and a third of it is the renewal
   * interval that every lease costs writes for.
   */
  public SchedulerBuilder failoverTime(Duration time) {
    once("failoverTime");
    failoverTime = time;
    return this;
  }

  /**
   * How long a worker of Amazon's library may stand still before its shards are taken, as long as
   * none of ours has seen it renew; 1 s to 1 h, not below {@code failoverTimeMillis} there. Default 2
   * min, since that setting is not in the table: a worker that starts after Amazon's fleet has been
   * stopped as a whole waits that long.
   */
  public SchedulerBuilder foreignFailoverTime(Duration time) {
    once("foreignFailoverTime");
    foreignFailoverTime = time;
    return this;
  }

  /**
   * By polling or by enhanced fan-out. Default polling: it costs nothing extra and needs no
   * registration; fan-out is for those who need records sooner, or share a stream with many.
   */
  public SchedulerBuilder retrieval(Retrieval way) {
    once("retrieval");
    retrieval = way;
    return this;
  }

  /**
   * From one read of a shard to the next while it is caught up; 200 ms to 1 min. Default 1 s: a
   * fifth of what the service allows per shard, so that five applications can share a stream.
   */
  public SchedulerBuilder idleTimeBetweenReads(Duration time) {
    once("idleTimeBetweenReads");
    polling = polling.withIdleInterval(time);
    return this;
  }

  /**
   * How much this worker may read of each shard by polling. Default 5 reads and 2 MiB a second, the
   * service's limits. Lower, it leaves a part to other applications that poll the stream from the
   * start, without being refused first; higher is of use with services that have no limits, such as
   * kcl-local.
   *
   * @param readsPerSecond more than 0
   * @param bytesPerSecond 64 KiB or more
   */
  public SchedulerBuilder readLimits(double readsPerSecond, long bytesPerSecond) {
    once("readLimits");
    polling = polling.withLimits(new ReadLimits(readsPerSecond, bytesPerSecond));
    return this;
  }

  /** The most records of one batch; 1 to 10,000. Default 10,000, the service's limit. */
  public SchedulerBuilder maxRecords(int records) {
    once("maxRecords");
    polling = polling.withMaxRecords(records);
    return this;
  }

  /** What is done with aggregates of many user records. Default {@link Aggregation#DEFAULT}. */
  public SchedulerBuilder aggregation(Aggregation settings) {
    once("aggregation");
    aggregation = settings;
    return this;
  }

  /**
   * Decodes each user record before the processor is given it, for example with a schema registry.
   * Thread-safe. Default: nothing is decoded.
   */
  public SchedulerBuilder recordDecoder(RecordDecoder decoder) {
    once("recordDecoder");
    recordDecoder = decoder;
    return this;
  }

  /** How shards are shared out. The same on every worker. Default {@link Balancing#DEFAULT}. */
  public SchedulerBuilder balancing(Balancing settings) {
    once("balancing");
    balancing = settings;
    return this;
  }

  /**
   * How much this worker should do, compared with the others; 0.01 to 100. Default 1: as much as any
   * other. Give a machine twice as large 2.
   */
  public SchedulerBuilder workerWeight(double weight) {
    once("workerWeight");
    workerWeight = weight;
    return this;
  }

  /**
   * How many shards this worker may be given; 1 or more. Default no limit: when every worker has as
   * many as it may have, the remaining shards are read by nobody, and the log says so.
   */
  public SchedulerBuilder maxLeases(int leases) {
    once("maxLeases");
    maxLeases = leases;
    return this;
  }

  /** How long processors may take to end when the worker stops. Default 30 s. */
  public SchedulerBuilder drainTimeout(Duration time) {
    once("drainTimeout");
    drainTimeout = positive("drainTimeout", time);
    return this;
  }

  /**
   * How long {@code start()} tries on after failures that may pass, such as an endpoint that cannot
   * be reached. Default 30 s.
   */
  public SchedulerBuilder startTimeout(Duration time) {
    once("startTimeout");
    startTimeout = positive("startTimeout", time);
    return this;
  }

  /**
   * How many calls into processors may be under way at once; 1 or more. Default 256: a cap on
   * threads for JVMs without virtual ones.
   */
  public SchedulerBuilder maxConcurrentCalls(int calls) {
    once("maxConcurrentCalls");
    if (calls < 1) {
      throw new IllegalArgumentException("maxConcurrentCalls must be 1 or more: got " + calls);
    }
    maxConcurrentCalls = calls;
    return this;
  }

  /**
   * What records that are fetched and not yet processed may take, for all shards together, in
   * bytes; 1 or more. Default a quarter of the heap.
   */
  public SchedulerBuilder memoryBudgetBytes(long bytes) {
    once("memoryBudgetBytes");
    memoryBudgetBytes = bytes;
    return this;
  }

  /**
   * What happens when processors throw, for each of their calls. Default {@link
   * FailurePolicies#DEFAULT}: the same call again, without end, so that nothing is ever skipped.
   */
  public SchedulerBuilder failurePolicies(FailurePolicies policies) {
    once("failurePolicies");
    handling = handling.with(policies);
    return this;
  }

  /**
   * After how long in user code a call is abandoned: its thread is interrupted, its checkpoints are
   * refused, and the shard goes to another worker; this one does not call a processor for it before
   * the call has returned. Must be longer than any legitimate call. Default never: a call of ten
   * minutes may be right. It is reported after 1 min either way.
   */
  public SchedulerBuilder stuckTimeout(Duration time) {
    once("stuckTimeout");
    handling = handling.with(positive("stuckTimeout", time), handling.stallTimeout());
    return this;
  }

  /** How much this worker delivers, over all its shards. Default {@link DeliveryLimit#NONE}. */
  public SchedulerBuilder workerLimit(DeliveryLimit limit) {
    once("workerLimit");
    handling = handling.with(limit, handling.shardLimit());
    return this;
  }

  /** How much this worker delivers of each shard. Default {@link DeliveryLimit#NONE}. */
  public SchedulerBuilder shardLimit(DeliveryLimit limit) {
    once("shardLimit");
    handling = handling.with(handling.workerLimit(), limit);
    return this;
  }

  /** When the library checkpoints by itself. Default never: processors checkpoint. */
  public SchedulerBuilder autoCheckpoint(AutoCheckpoint settings) {
    once("autoCheckpoint");
    handling = handling.with(settings);
    return this;
  }

  /**
   * What is measured, and where it goes: to CloudWatch, to log lines, to a Dropwizard registry.
   * Default: nothing is measured.
   */
  public SchedulerBuilder metrics(MetricsSettings settings) {
    once("metrics");
    metrics = settings;
    return this;
  }

  /** Adds somebody who hears what happens. May be called repeatedly. Default only the log. */
  public SchedulerBuilder listener(ConsumerListener listener) {
    handling = handling.with(listener);
    return this;
  }

  /**
   * Fails as {@link #build()} would because of a setting, and starts nothing: neither threads nor
   * clients, so that what {@link #clients} sets is not looked at.
   *
   * @throws IllegalStateException when something that must be given was not
   * @throws IllegalArgumentException when settings do not fit each other
   */
  public void check() {
    requireThatAllFits();
    WorkerSettings unused = workerSettings(workerId != null ? workerId : "of build()");
  }

  /**
   * Builds the scheduler; nothing is asked of AWS before {@link Scheduler#start()}.
   *
   * @throws IllegalStateException when something that must be given was not
   * @throws IllegalArgumentException when settings do not fit each other
   */
  public Scheduler build() {
    requireThatAllFits();
    String application = required(applicationName, "applicationName");
    ShardRecordProcessorFactory factory = required(processors, "processor");
    MemoryBudget budget = new MemoryBudget(memoryBudgetBytes);
    Environment environment = Environment.system();
    String id = workerId != null ? workerId : hostName() + ":" + environment.newId();
    WorkerSettings settings = workerSettings(id);
    AwsClients aws = AwsClients.create(clients);
    EventLoop loop = environment.newEventLoop("openkcl-" + application);
    RecordOpening opening = new RecordOpening(environment, loop, budget, openingSettings());
    StreamWiring wiring = new StreamWiring(
        environment, loop, aws, new StreamWiring.Reading(application, polling, budget, opening));
    ConfiguredStreams supply = new ConfiguredStreams(
        new ConfiguredStreams.Parts(environment, loop, wiring, retrieval), streams);
    LeaseTable table = leaseTable.tables(
        loop,
        aws,
        application,
        tableName != null ? tableName : application,
        failoverTime.dividedBy(2));
    MetricsOutput output = MetricsOutput.of(metrics, environment, loop, aws, application);
    Meters meters =
        Meters.of(metrics, output, environment, application, settings.fleet().workerId());
    Worker worker = new Worker(
        new WorkerPorts(environment, loop, table, supply, factory),
        settings,
        new Metering(meters, budget));
    return new Scheduler(
        new SchedulerParts(environment, loop, aws, worker, opening, wiring, output, drainTimeout));
  }

  private void requireThatAllFits() {
    String application = required(applicationName, "applicationName");
    streams.check();
    required(processors, "processor");
    requireThatRetrievalFits(application);
    MemoryBudget unused = new MemoryBudget(memoryBudgetBytes);
  }

  private WorkerSettings workerSettings(String id) {
    return new WorkerSettings(
        FleetSettings.of(id, failoverTime)
            .withForeignFailoverLimit(foreignFailoverTime)
            .with(balancing.settings(), new WorkerCapacity(workerWeight, maxLeases)),
        WorkerSettings.Timing.DEFAULT.with(startTimeout, drainTimeout),
        maxConcurrentCalls,
        // A shard that is caught up is silent for an idle interval.
        handling.with(
            handling.stuckTimeout(), handling.stallTimeout().plus(polling.idleInterval())));
  }

  /** Taking apart needs the CPU only; decoders may block. */
  private RecordOpening.Settings openingSettings() {
    int atOnce = recordDecoder == null
        ? Math.max(2, Runtime.getRuntime().availableProcessors())
        : maxConcurrentCalls;
    return new RecordOpening.Settings(aggregation.rules(), recordDecoder, atOnce);
  }

  private void requireThatRetrievalFits(String application) {
    for (String setting : List.of("idleTimeBetweenReads", "readLimits")) {
      if (!retrieval.polls() && given.contains(setting)) {
        throw new IllegalStateException(
            "%s is a setting of polling: got retrieval=%s. Leave it out, or add fallingBackToPolling() to the retrieval."
                .formatted(setting, retrieval));
      }
    }
    if (retrieval.subscribes()) {
      retrieval.consumer(application); // must be a name that Kinesis takes
    }
  }

  private void once(String setting) {
    if (!given.add(setting)) {
      throw new IllegalStateException(setting + " was already set. Set it once.");
    }
  }

  private static <T> T required(@Nullable T value, String setting) {
    if (value == null) {
      throw new IllegalStateException(
          setting + " must be set: call ." + setting + "(...) before build()");
    }
    return value;
  }

  private static Duration positive(String setting, Duration time) {
    if (time.isZero() || time.isNegative()) {
      throw new IllegalArgumentException(setting + " must be positive: got " + time);
    }
    return time;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "worker";
    }
  }
}
