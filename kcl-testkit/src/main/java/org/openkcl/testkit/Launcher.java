package org.openkcl.testkit;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.openkcl.InitialPosition;
import org.openkcl.RecreatedStream;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseTable;
import org.openkcl.leases.LeaseWriter;
import org.openkcl.leases.fleet.FleetSettings;
import org.openkcl.leases.memory.InMemoryLeaseTable;
import org.openkcl.leases.memory.SimulatedLeaseTable;
import org.openkcl.leases.memory.TableFaults;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShardRecordProcessorFactory;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.FanOutRecordSources;
import org.openkcl.retrieval.FanOutSettings;
import org.openkcl.retrieval.MemoryBudget;
import org.openkcl.retrieval.PollSettings;
import org.openkcl.retrieval.PollingRecordSources;
import org.openkcl.retrieval.RecordOpening;
import org.openkcl.retrieval.RecordSources;
import org.openkcl.retrieval.ShardReader;
import org.openkcl.retrieval.ShardSubscriber;
import org.openkcl.retrieval.UserRecordSources;
import org.openkcl.worker.StreamSource;
import org.openkcl.worker.StreamSupply;
import org.openkcl.worker.Worker;
import org.openkcl.worker.WorkerPorts;
import org.openkcl.worker.WorkerSettings;

/** Makes the fleet's workers: production code, connected to the simulated world. */
final class Launcher {
  private static final TableFaults TABLE_CUT_OFF = new TableFaults(Duration.ofMillis(10), 0, 1, 0);
  private static final StreamFaults STREAM_CUT_OFF =
      new StreamFaults(Duration.ofMillis(10), 0, 1, 0, 0);

  private final Simulation world;
  private final InMemoryLeaseTable table;
  private final LocalStreams streams;
  private final Happenings happenings;
  private final Set<String> cutOff = new HashSet<>();

  // What Fleet's methods set.
  Duration failoverTime = Duration.ofSeconds(10);
  Duration scanInterval = FleetSettings.of("any", failoverTime).scanInterval();
  InitialPosition initialPosition = InitialPosition.trimHorizon();
  PollSettings polling = PollSettings.DEFAULT;
  boolean fanOut;
  WorkerSettings.Timing timing = WorkerSettings.Timing.DEFAULT;
  int maxConcurrentCalls = 256;
  long memoryBudgetBytes = 64L << 20;
  Faults faults = Faults.NONE;
  UnaryOperator<ShardReader> readers = reader -> reader;
  UnaryOperator<LeaseTable> tables = shared -> shared;
  Function<SimulatedEnvironment, ShardRecordProcessor> processors = this::habitualProcessor;

  Launcher(
      Simulation world, InMemoryLeaseTable table, LocalStreams streams, Happenings happenings) {
    this.world = world;
    this.table = table;
    this.streams = streams;
    this.happenings = happenings;
  }

  private ShardRecordProcessor habitualProcessor(SimulatedEnvironment process) {
    return new HabitualProcessor(
        process,
        () -> faults.processors(),
        () -> world.schedule(Duration.ZERO, process::crash),
        happenings::note);
  }

  /** Lets nothing come from or go to a process. */
  void cutOff(SimulatedWorker worker) {
    cutOff.add(worker.processName());
  }

  void reconnect(SimulatedWorker worker) {
    cutOff.remove(worker.processName());
  }

  void reconnectAll() {
    cutOff.clear();
  }

  /** The process that holds a lease; null while the lease waits for one. */
  static @Nullable String processOf(Lease lease) {
    String writer = LeaseWriter.processOnly(lease.ownership().writer());
    return writer == null
        ? null
        : writer.substring(writer.lastIndexOf('/') + 1, writer.lastIndexOf('-'));
  }

  FleetSettings fleetSettings(String id) {
    FleetSettings usual = FleetSettings.of(id, failoverTime);
    return new FleetSettings(
        id,
        failoverTime,
        scanInterval,
        usual.readUnitsPerSecond(),
        usual.foreignFailoverLimit(),
        usual.planning(),
        usual.capacity());
  }

  SimulatedWorker launch(String id, Invariants invariants) {
    SimulatedEnvironment process = world.newProcess(id);
    EventLoop loop = process.newEventLoop(id);
    WorkerPorts ports = new WorkerPorts(
        process,
        loop,
        tables.apply(new SimulatedLeaseTable(
            world,
            table,
            () -> tableFaultsOf(process),
            () -> happenings.note(Happening.TABLE_FAULT))),
        StreamSupply.single(stream(process, loop)),
        observed(id, process, invariants));
    Worker worker =
        new Worker(ports, new WorkerSettings(fleetSettings(id), timing, maxConcurrentCalls));
    worker.onTransition(happenings::note);
    return new SimulatedWorker(world, id, process, worker);
  }

  private StreamSource stream(SimulatedEnvironment process, EventLoop loop) {
    String name = StreamHistory.NAME;
    MemoryBudget budget = new MemoryBudget(memoryBudgetBytes);
    Runnable onFault = () -> happenings.note(Happening.STREAM_FAULT);
    return new StreamSource(
        name,
        StreamIdentifier.singleStreamInstance(name),
        new StreamSource.Reading(initialPosition, RecreatedStream.STOP),
        new SimulatedShardCatalog(world, streams, name, () -> streamFaultsOf(process), onFault),
        new UserRecordSources(
            sources(process, loop, budget, onFault),
            new RecordOpening(process, loop, budget, RecordOpening.Settings.DEFAULT)),
        () -> {});
  }

  private RecordSources sources(
      SimulatedEnvironment process, EventLoop loop, MemoryBudget budget, Runnable onFault) {
    String name = StreamHistory.NAME;
    if (fanOut) {
      ShardSubscriber subscriber = new SimulatedShardSubscriber(
          world, streams, name, () -> streamFaultsOf(process), onFault);
      FanOutSettings settings = FanOutSettings.DEFAULT.withMaxRecords(polling.maxRecords());
      return new FanOutRecordSources(process, loop, subscriber, settings, budget);
    }
    ShardReader reader = readers.apply(
        new SimulatedShardReader(world, streams, name, () -> streamFaultsOf(process), onFault));
    return new PollingRecordSources(process, loop, reader, polling, budget);
  }

  private ShardRecordProcessorFactory observed(
      String id, SimulatedEnvironment process, Invariants invariants) {
    Map<String, String> callsUnderWay = new HashMap<>();
    return () -> new ObservedProcessor(
        processors.apply(process), invariants, id, process.name(), callsUnderWay);
  }

  private TableFaults tableFaultsOf(SimulatedEnvironment process) {
    return cutOff.contains(process.name()) ? TABLE_CUT_OFF : faults.table();
  }

  private StreamFaults streamFaultsOf(SimulatedEnvironment process) {
    return cutOff.contains(process.name()) ? STREAM_CUT_OFF : faults.stream();
  }
}
