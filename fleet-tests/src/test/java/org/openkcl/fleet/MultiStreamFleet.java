package org.openkcl.fleet;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.openkcl.InitialPosition;
import org.openkcl.RecreatedStream;
import org.openkcl.WorkerSnapshot;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Lease;
import org.openkcl.leases.fleet.FleetSettings;
import org.openkcl.leases.memory.InMemoryLeaseTable;
import org.openkcl.leases.memory.SimulatedLeaseTable;
import org.openkcl.leases.memory.TableFaults;
import org.openkcl.lineage.FormerStreams;
import org.openkcl.local.model.ListShardsQuery;
import org.openkcl.local.model.LocalStreams;
import org.openkcl.local.model.PutEntry;
import org.openkcl.local.model.PutResult;
import org.openkcl.local.model.ShardFilter;
import org.openkcl.local.model.ShardInfo;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShardRecordProcessorFactory;
import org.openkcl.processor.StreamIdentifier;
import org.openkcl.retrieval.MemoryBudget;
import org.openkcl.retrieval.PollSettings;
import org.openkcl.retrieval.PollingRecordSources;
import org.openkcl.retrieval.RecordOpening;
import org.openkcl.retrieval.UserRecordSources;
import org.openkcl.testkit.SimulatedShardCatalog;
import org.openkcl.testkit.SimulatedShardReader;
import org.openkcl.testkit.StreamFaults;
import org.openkcl.worker.StreamSource;
import org.openkcl.worker.StreamSupply;
import org.openkcl.worker.Worker;
import org.openkcl.worker.WorkerPorts;
import org.openkcl.worker.WorkerSettings;

/**
 * Production workers that read several streams in a simulated world, and what became of every record
 * that was put. One seed is one exact run.
 */
final class MultiStreamFleet implements AutoCloseable {
  static final Duration FAILOVER = Duration.ofSeconds(10);
  private static final Duration TRACKING = Duration.ofSeconds(10);

  final Simulation world;
  final SplittableRandom chance;
  final InMemoryLeaseTable table = new InMemoryLeaseTable("application");
  final LocalStreams streams;
  final Map<String, Member> members = new TreeMap<>();
  final List<String> wanted = new ArrayList<>();
  RecreatedStream recreated = RecreatedStream.STOP;
  FormerStreams.Rule deletion = FormerStreams.Rule.KEEP;
  StreamFaults streamFaults = StreamFaults.NONE;
  TableFaults tableFaults = TableFaults.NONE;
  private final Map<String, Fate> fates = new HashMap<>(); // by stream and sequence number
  private String broken = "";

  /** What became of a record. */
  private static final class Fate {
    private final String stream;
    private int deliveries;

    Fate(String stream) {
      this.stream = stream;
    }
  }

  MultiStreamFleet(long seed) {
    world = new Simulation(seed);
    chance = world.chance().split();
    streams = new LocalStreams(world);
    world.afterEachEvent(() -> {
      if (!broken.isEmpty()) {
        throw new AssertionError("Seed " + seed + ": " + broken);
      }
    });
  }

  /** Creates a stream and wants it. */
  void create(String stream, int shards) {
    streams.createStream(stream, shards);
    want(stream);
  }

  void want(String stream) {
    if (!wanted.contains(stream)) {
      wanted.add(stream);
    }
  }

  void put(String stream, int records) {
    List<PutEntry> entries = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      BigInteger hashKey = BigInteger.valueOf(chance.nextInt(1 << 30)).shiftLeft(98);
      entries.add(new PutEntry("key", hashKey.toString(), new byte[] {1}));
    }
    for (PutResult result : streams.putAll(stream, entries)) {
      fates.put(stream + "/" + result.sequenceNumber(), new Fate(stream));
    }
  }

  void split(String stream) {
    List<ShardInfo> open = streams
        .listShards(ListShardsQuery.of(stream).with(ShardFilter.of(ShardFilter.Type.AT_LATEST)))
        .shards();
    ShardInfo shard = open.get(chance.nextInt(open.size()));
    BigInteger start = shard.hashKeyRange().start();
    BigInteger half = shard.hashKeyRange().end().subtract(start).shiftRight(1);
    streams.split(stream, shard.shardId(), start.add(half).add(BigInteger.ONE));
  }

  Member start(String id) {
    Member member = new Member(id, wanted);
    members.put(id, member);
    member.worker.start();
    return member;
  }

  void runFor(Duration duration) {
    world.runFor(duration);
  }

  /** How many records of a stream were put and are not delivered. */
  long undelivered(String stream) {
    return fates.values().stream()
        .filter(fate -> fate.stream.equals(stream) && fate.deliveries == 0)
        .count();
  }

  /** Forgets what was put to a stream and not delivered: it is deleted. */
  void forget(String stream) {
    fates.values().removeIf(fate -> fate.stream.equals(stream));
  }

  long duplicates() {
    return fates.values().stream()
        .mapToLong(fate -> Math.max(0, fate.deliveries - 1))
        .sum();
  }

  void runUntilDelivered(Duration limit, String... names) {
    boolean done = world.runUntil(
        () -> List.of(names).stream().allMatch(name -> undelivered(name) == 0), limit);
    if (!done) {
      throw new AssertionError("Not delivered within " + limit + ": "
          + List.of(names).stream()
              .map(name -> name + ": " + undelivered(name))
              .collect(Collectors.joining(", "))
          + "\n" + picture());
    }
  }

  /** The streams that have leases, by identifier, with the number of unfinished ones. */
  Map<String, Long> leasedStreams() {
    return table.rows().values().stream()
        .filter(lease -> !lease.isFinished())
        .collect(Collectors.groupingBy(
            lease -> Objects.requireNonNull(lease.shard().streamShard()).streamIdentifier(),
            TreeMap::new,
            Collectors.counting()));
  }

  List<Lease> leasesOf(String stream) {
    return table.rows().values().stream()
        .filter(lease -> lease.key().value().contains(":" + stream + ":"))
        .toList();
  }

  String picture() {
    return members.values().stream()
            .map(member -> member.worker.snapshot().toString())
            .collect(Collectors.joining("\n"))
        + "\n"
        + table.rows().values().stream().map(Lease::toString).collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    world.close();
  }

  private void delivered(StreamIdentifier stream, String sequenceNumber) {
    Fate fate = fates.get(stream.streamName() + "/" + sequenceNumber);
    if (fate != null) { // else of a stream that was deleted
      fate.deliveries++;
    }
  }

  /** One worker, which may want other streams than the rest for a while. */
  final class Member {
    final SimulatedEnvironment process;
    final Worker worker;
    List<String> wants;
    private final EventLoop loop;
    private final Map<String, StreamSource> sources = new HashMap<>();

    Member(String id, List<String> wants) {
      this.wants = wants;
      process = world.newProcess(id);
      loop = process.newEventLoop(id);
      SimulatedLeaseTable leases = new SimulatedLeaseTable(world, table, () -> tableFaults);
      worker = new Worker(
          new WorkerPorts(process, loop, leases, new Supply(), new Processors()),
          new WorkerSettings(FleetSettings.of(id, FAILOVER), WorkerSettings.Timing.DEFAULT, 256));
    }

    WorkerSnapshot snapshot() {
      return worker.snapshot();
    }

    private StreamSource source(String name) {
      MemoryBudget budget = new MemoryBudget(64L << 20);
      return new StreamSource(
          name,
          null,
          new StreamSource.Reading(InitialPosition.trimHorizon(), recreated),
          new SimulatedShardCatalog(world, streams, name, () -> streamFaults),
          new UserRecordSources(
              new PollingRecordSources(
                  process,
                  loop,
                  new SimulatedShardReader(world, streams, name, () -> streamFaults),
                  PollSettings.DEFAULT,
                  budget),
              new RecordOpening(process, loop, budget, RecordOpening.Settings.DEFAULT)),
          () -> sources.remove(name));
    }

    private final class Supply implements StreamSupply {
      @Override
      public boolean several() {
        return true;
      }

      @Override
      public Duration interval() {
        return TRACKING;
      }

      @Override
      public CompletionStage<Wanted> wanted() {
        return CompletableFuture.completedFuture(new Wanted(
            wants.stream()
                .map(name -> sources.computeIfAbsent(name, Member.this::source))
                .toList(),
            deletion));
      }
    }

    private final class Processors implements ShardRecordProcessorFactory {
      @Override
      public ShardRecordProcessor shardRecordProcessor() {
        throw new IllegalStateException("Asked without the stream");
      }

      @Override
      public ShardRecordProcessor shardRecordProcessor(StreamIdentifier stream) {
        return new OrderedProcessor(stream);
      }
    }

    private final class OrderedProcessor implements ShardRecordProcessor {
      private final StreamIdentifier stream;
      private BigInteger last = BigInteger.ZERO;

      OrderedProcessor(StreamIdentifier stream) {
        this.stream = stream;
      }

      @Override
      public void processRecords(ProcessRecordsInput input) throws Exception {
        input.records().forEach(record -> {
          BigInteger number = new BigInteger(record.sequenceNumber());
          if (number.compareTo(last) <= 0) {
            broken = "Out of order in " + stream + ": " + number + " after " + last;
          }
          last = number;
          delivered(stream, record.sequenceNumber());
        });
        input.checkpointer().checkpoint();
      }
    }
  }
}
