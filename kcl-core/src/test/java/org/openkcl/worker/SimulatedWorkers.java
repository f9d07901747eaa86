package org.openkcl.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.openkcl.ConsumerEvent;
import org.openkcl.InitialPosition;
import org.openkcl.RecreatedStream;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.fleet.FleetSettings;
import org.openkcl.leases.memory.InMemoryLeaseTable;
import org.openkcl.leases.memory.SimulatedLeaseTable;
import org.openkcl.leases.memory.TableFaults;
import org.openkcl.metering.Metering;
import org.openkcl.metering.Meters;
import org.openkcl.metrics.MetricsSettings;
import org.openkcl.metrics.StatisticBuffer;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.MemoryBudget;
import org.openkcl.retrieval.PollSettings;
import org.openkcl.retrieval.PollingRecordSources;
import org.openkcl.retrieval.RecordOpening;
import org.openkcl.retrieval.UserRecordSources;
import org.openkcl.shard.ShardMachine;

/**
 * Production workers on virtual time, with a stream and a lease table in memory, and what was heard
 * of them.
 */
final class SimulatedWorkers implements AutoCloseable {
  static final StreamIdentifier STREAM = StreamIdentifier.singleStreamInstance("stream");

  final Simulation world;
  final StreamInMemory stream;
  final InMemoryLeaseTable table = new InMemoryLeaseTable("application");
  final List<ConsumerEvent> events = new ArrayList<>();
  final Map<ShardMachine.Row, Integer> visits = new HashMap<>();

  /** Sequence numbers whose {@code processRecords} has returned, in order. */
  final List<String> processed = new ArrayList<>();

  private final Map<String, Worker> workers = new TreeMap<>();
  private final Map<String, SimulatedEnvironment> processes = new TreeMap<>();
  private TableFaults faults = TableFaults.NONE;
  private UnaryOperator<WorkerSettings.Handling> handling = given -> given;
  private PollSettings polling = PollSettings.DEFAULT.withMaxRecords(5);
  private int maxConcurrentCalls = 16;
  private MetricsSettings metrics = MetricsSettings.DEFAULT;

  /** What is published of all workers together. */
  final StatisticBuffer statistics = new StatisticBuffer(10_000);

  SimulatedWorkers(long seed, int shards) {
    world = new Simulation(seed);
    stream = new StreamInMemory(world, shards);
  }

  /** How workers that are started from now on handle batches and failures. */
  SimulatedWorkers handling(UnaryOperator<WorkerSettings.Handling> settings) {
    handling = settings;
    return this;
  }

  /** What is measured of workers that are started from now on. */
  SimulatedWorkers metrics(MetricsSettings settings) {
    metrics = settings;
    return this;
  }

  SimulatedWorkers maxConcurrentCalls(int most) {
    maxConcurrentCalls = most;
    return this;
  }

  SimulatedWorkers maxRecords(int most) {
    polling = polling.withMaxRecords(most);
    return this;
  }

  void tableFaults(TableFaults now) {
    faults = now;
  }

  /** Starts a worker whose processors are made by {@code processors}. */
  Worker start(String id, Function<SimulatedEnvironment, ShardRecordProcessor> processors) {
    SimulatedEnvironment process = world.newProcess(id);
    EventLoop loop = process.newEventLoop(id);
    MemoryBudget budget = new MemoryBudget(64L << 20);
    WorkerPorts ports = new WorkerPorts(
        process,
        loop,
        new SimulatedLeaseTable(world, table, () -> faults),
        StreamSupply.single(new StreamSource(
            STREAM.toString(),
            STREAM,
            new StreamSource.Reading(InitialPosition.trimHorizon(), RecreatedStream.STOP),
            stream,
            new UserRecordSources(
                new PollingRecordSources(process, loop, stream, polling, budget),
                new RecordOpening(process, loop, budget, RecordOpening.Settings.DEFAULT)),
            () -> {})),
        () -> processors.apply(process));
    WorkerSettings settings = new WorkerSettings(
        FleetSettings.of(id, Duration.ofSeconds(10)),
        WorkerSettings.Timing.DEFAULT,
        maxConcurrentCalls,
        handling.apply(WorkerSettings.Handling.DEFAULT.with(events::add)));
    Meters meters = Meters.of(metrics, statistics, process, "application", id);
    Worker worker = new Worker(ports, settings, new Metering(meters, budget));
    worker.onTransition(row -> visits.merge(row, 1, Integer::sum));
    workers.put(id, worker);
    processes.put(id, process);
    worker.start();
    return worker;
  }

  Worker worker(String id) {
    Worker worker = workers.get(id);
    if (worker == null) {
      throw new IllegalArgumentException("No worker " + id);
    }
    return worker;
  }

  void stopAllBut(String id) {
    workers.forEach((other, worker) -> {
      if (!other.equals(id)) {
        worker.stop();
      }
    });
  }

  SimulatedEnvironment process(String id) {
    SimulatedEnvironment process = processes.get(id);
    if (process == null) {
      throw new IllegalArgumentException("No worker " + id);
    }
    return process;
  }

  void runFor(Duration time) {
    world.runFor(time);
  }

  /** Fails when the condition does not hold within so many seconds of virtual time. */
  void runUntil(String what, long seconds, BooleanSupplier condition) {
    if (!world.runUntil(condition, Duration.ofSeconds(seconds))) {
      throw new AssertionError("Not " + what + " within " + seconds + " s. Events: " + events);
    }
  }

  void runUntilProcessed(long seconds) {
    runUntil(
        "everything processed",
        seconds,
        () -> new TreeSet<>(processed).equals(new TreeSet<>(stream.all())));
  }

  /** The checkpoint of a shard in the table; empty when it has no lease. */
  String checkpoint(int shard) {
    var lease = table.rows().get(new LeaseKey(StreamInMemory.idOf(shard)));
    return lease == null ? "" : lease.checkpoint().sequenceNumber();
  }

  /** Who owns a shard by the table; null for nobody. */
  @Nullable
  String owner(int shard) {
    var lease = table.rows().get(new LeaseKey(StreamInMemory.idOf(shard)));
    return lease == null ? null : lease.owner();
  }

  <E extends ConsumerEvent> List<E> heard(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  void remember(List<KinesisClientRecord> records) {
    records.forEach(record -> processed.add(record.sequenceNumber()));
  }

  @Override
  public void close() {
    world.close();
  }
}
