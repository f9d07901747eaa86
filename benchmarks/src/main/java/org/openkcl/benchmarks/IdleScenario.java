package org.openkcl.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openkcl.benchmarks.probe.Stamp;
import org.openkcl.benchmarks.probe.Vitals;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;

/**
 * One worker on shards that nobody writes to: what it takes of the machine and asks of AWS. Requests
 * are counted in the worker by the SDK, attempt by attempt.
 */
final class IdleScenario implements Scenario {
  private static final Metric CPU = Metric.count("cpuSecondsPerMinute", "s").ratioAtLeast(3);
  private static final Metric THREADS = Metric.count("threads", "threads").ratioAtLeast(10);
  private static final Metric HEAP = Metric.count("heapAfterGcMib", "MiB");
  private static final Metric RESIDENT = Metric.count("residentMib", "MiB");
  private static final Metric KINESIS = Metric.count("kinesisPerMinute", "requests");
  private static final Metric WRITES =
      Metric.count("dynamoDbWritesPerMinute", "requests").ratioAtLeast(1);
  private static final Metric READS = Metric.count("dynamoDbReadsPerMinute", "requests");
  private static final Metric UNITS = Metric.count("dynamoDbReadUnitsPerMinute", "units");

  /** The default of Amazon's library, for both. */
  private static final int IDLE_MILLIS = 1_500;

  /**
   * How old a worker is before it is measured. A young JVM compiles, and one library has begun its
   * shards long before the other: age makes them equal.
   */
  private static final Duration AGE = Duration.ofMinutes(2);

  /** And for so long it has had all shards. */
  private static final Duration SETTLED = Duration.ofSeconds(20);

  private static final Set<String> READING =
      Set.of("GetItem", "Scan", "Query", "BatchGetItem", "TransactGetItems");
  private static final Set<String> WRITING =
      Set.of("UpdateItem", "PutItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems");
  private static final double MIB = 1024 * 1024;
  private static final double MIB_KIB = 1024;

  private final int seconds;

  IdleScenario(int seconds) {
    this.seconds = seconds;
  }

  @Override
  public List<Library> libraries() {
    return ALL;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(CPU, THREADS, HEAP, RESIDENT, KINESIS, WRITES, READS, UNITS);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    run.beginAll(
        "a",
        "-Xmx1g",
        WorkerOptions.defaults()
            .with(WorkerOption.IDLE_MILLIS, IDLE_MILLIS)
            .with(WorkerOption.QUICK_START, true));
    TimeUnit.MILLISECONDS.sleep(Math.max(SETTLED.toMillis(), untilAgeMillis(run)));
    Timeline before = run.askVitals("a", 1);
    TimeUnit.SECONDS.sleep(seconds);
    Timeline after = run.askVitals("a", 2);
    run.workers().writeProfile("a");
    double minutes = (after.figures("a", Vitals.CPU_BEFORE).get(1).toMicros()
            - before.figures("a", Vitals.CPU_AFTER).get(0).toMicros())
        / 60e6;
    double cpuMicros =
        after.lastFigure("a", Vitals.CPU_BEFORE) - before.lastFigure("a", Vitals.CPU_AFTER);
    run.notes().println("  before " + requests(before));
    run.notes().println("  after  " + requests(after));
    run.notes().println("  threads " + last(after, Vitals.THREAD_NAMES).items());
    return new Samples()
        .add(CPU, cpuMicros / 1e6 / minutes)
        .add(THREADS, after.lastFigure("a", Vitals.THREADS))
        .add(HEAP, after.lastFigure("a", Vitals.HEAP) / MIB)
        .add(RESIDENT, after.lastFigure("a", Vitals.RESIDENT) / MIB_KIB)
        .add(KINESIS, (kinesis(after) - kinesis(before)) / minutes)
        .add(WRITES, (dynamoDb(after, WRITING) - dynamoDb(before, WRITING)) / minutes)
        .add(READS, (dynamoDb(after, READING) - dynamoDb(before, READING)) / minutes)
        .add(
            UNITS,
            (after.lastFigure("a", Vitals.READ_UNITS) - before.lastFigure("a", Vitals.READ_UNITS))
                / minutes);
  }

  private static long untilAgeMillis(Run run) {
    WorkerEvent starting =
        run.workers().timeline().first("a", WorkerEvent.Kind.STARTING).orElseThrow();
    return AGE.toMillis() - (Stamp.nowMicros() - starting.toMicros()) / 1_000;
  }

  private static double kinesis(Timeline timeline) {
    return requests(timeline).stream()
        .filter(counted -> counted.startsWith("Kinesis."))
        .mapToLong(IdleScenario::count)
        .sum();
  }

  private static double dynamoDb(Timeline timeline, Set<String> operations) {
    return requests(timeline).stream()
        .filter(counted -> counted.startsWith("DynamoDb."))
        .filter(counted ->
            operations.contains(counted.substring(counted.indexOf('.') + 1, counted.indexOf('='))))
        .mapToLong(IdleScenario::count)
        .sum();
  }

  private static long count(String counted) {
    return Long.parseLong(counted.substring(counted.indexOf('=') + 1));
  }

  private static List<String> requests(Timeline timeline) {
    return last(timeline, Vitals.REQUESTS).items();
  }

  private static WorkerEvent last(Timeline timeline, String figure) {
    List<WorkerEvent> all = timeline.figures("a", figure);
    return all.get(all.size() - 1);
  }
}
