package org.openkcl.benchmarks.jmh;

import com.codahale.metrics.MetricRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openkcl.ProcessorCall;
import org.openkcl.StreamShard;
import org.openkcl.WorkerSnapshot;
import org.openkcl.environment.Environment;
import org.openkcl.leases.LeaseKey;
import org.openkcl.metering.Meters;
import org.openkcl.metering.ShardMeter;
import org.openkcl.metering.WorkerMeter;
import org.openkcl.metrics.MetricLevel;
import org.openkcl.metrics.MetricsSettings;
import org.openkcl.metrics.StatisticBuffer;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.StreamIdentifier;

/**
 * Times everything that is measured of one batch, from its read to its checkpoint, when nothing is
 * wanted, when everything is published, and when a registry has it as well. Batches of one record and
 * of 10,000: what does not differ between them is not paid by the record. One thread, as most values
 * come from the worker's event loop.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MetricsBenchmark {
  /** Who wants to know. */
  public enum Wanted {
    NONE,
    DETAILED,
    DETAILED_AND_REGISTRY
  }

  @Param
  Wanted wanted = Wanted.NONE;

  @Param({"1", "10000"})
  int records;

  private Environment environment = Environment.system();
  private ShardMeter meter = meter(environment, Wanted.NONE);
  private List<KinesisClientRecord> batch = List.of();

  /** A worker's meter of one shard. */
  @Setup
  public void setUp() {
    meter = meter(environment, wanted);
    KinesisClientRecord record = KinesisClientRecord.builder()
        .sequenceNumber("1")
        .approximateArrivalTimestamp(environment.now())
        .data(ByteBuffer.allocate(100))
        .partitionKey("key")
        .build();
    batch = IntStream.range(0, records).mapToObj(i -> record).toList();
  }

  @TearDown
  public void tearDown() {
    environment.close();
  }

  private static ShardMeter meter(Environment environment, Wanted wanted) {
    MetricsSettings.Builder settings = MetricsSettings.builder()
        .level(wanted == Wanted.NONE ? MetricLevel.NONE : MetricLevel.DETAILED);
    if (wanted == Wanted.DETAILED_AND_REGISTRY) {
      settings.registry(new MetricRegistry());
    }
    Meters meters = Meters.of(
        settings.build(), new StatisticBuffer(10_000), environment, "application", "worker");
    WorkerSnapshot nothing = new WorkerSnapshot(
        "worker",
        WorkerSnapshot.Phase.RUNNING,
        List.of(),
        List.of(),
        new WorkerSnapshot.Memory(0, 0),
        "");
    return new WorkerMeter(meters, environment, () -> nothing)
        .entered(
            new StreamShard(
                StreamIdentifier.multiStreamInstance("123456789012:stream:1"),
                "shardId-000000000000"),
            new LeaseKey("shardId-000000000000"));
  }

  /** Everything that is recorded of a batch that is read, processed and checkpointed. */
  @Benchmark
  public void batch() {
    meter.read(12_000_000);
    meter.behind(0);
    meter.delivering(batch);
    meter.callTook(ProcessorCall.PROCESS_RECORDS, 5_000_000);
    meter.checkpointed(true, 9_000_000);
    meter.batchEnded(true, 6_000_000);
    meter.batchIsDone(records, 100L * records);
  }
}
