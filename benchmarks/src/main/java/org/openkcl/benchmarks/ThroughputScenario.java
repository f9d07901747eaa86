package org.openkcl.benchmarks;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.openkcl.benchmarks.probe.Detail;
import org.openkcl.benchmarks.probe.Probe;
import org.openkcl.benchmarks.probe.Vitals;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.PutEntry;

/**
 * One worker drains a stream that was filled before, from a service without limits, and is looked at
 * in three parts of as many records, the first of them as it has just started. Time and processor
 * time are counted from a part's first record to its last. Each shard is checkpointed once a second. OpenKCL's
 * own limits on reads are lifted, and both wait 200 ms between reads at most when there is nothing.
 */
final class ThroughputScenario implements Scenario {
  private static final Metric RATE = Metric.rate("recordsPerSecond", "rec/s").ratioAtLeast(1.5);
  private static final Metric CPU = Metric.count("cpuSecondsPerMillion", "s").ratioAtLeast(2);
  private static final Metric RESIDENT = Metric.count("residentMib", "MiB");
  private static final Metric BARE_RATE = Metric.rate("bareLoopRecordsPerSecond", "rec/s");
  private static final Metric BARE_CPU = Metric.count("bareLoopCpuSecondsPerMillion", "s");

  private static final int PARTS = 3;
  private static final int RECORD_BYTES = 1_024;
  private static final int USER_RECORD_BYTES = 100;
  private static final int USER_RECORDS = 100;
  private static final int PUT_AT_ONCE = 500;
  private static final double MIB_KIB = 1024;

  private static final String HEAP = "-Xmx1g";

  /** How records come, and what they are. */
  enum Way {
    POLLING(1_000_000, 1),
    FAN_OUT(1_000_000, 1),
    /** By polling; a hundred of 100 bytes in each record of the stream. */
    AGGREGATED(6_000_000, USER_RECORDS);

    private final long userRecords;
    private final int perRecord;

    Way(long userRecords, int perRecord) {
      this.userRecords = userRecords;
      this.perRecord = perRecord;
    }
  }

  private final Way way;

  ThroughputScenario(Way way) {
    this.way = way;
  }

  @Override
  public LocalCloud cloud() {
    return WarmService.start();
  }

  @Override
  public List<Library> libraries() {
    return BOTH;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(RATE, CPU, RESIDENT, BARE_RATE, BARE_CPU);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    long records = fill(run);
    long part = records * way.perRecord / PARTS;
    Samples samples = new Samples();
    WorkerOptions options = WorkerOptions.defaults()
        .with(WorkerOption.DETAIL, Detail.COUNTS)
        .with(WorkerOption.CHECKPOINT_MILLIS, 1_000)
        .with(WorkerOption.EXPECTED, part)
        .with(WorkerOption.UNLIMITED, true)
        .with(WorkerOption.IDLE_MILLIS, 200)
        .with(WorkerOption.FAN_OUT, way == Way.FAN_OUT)
        .with(WorkerOption.QUICK_START, true);
    run.workers().start("a", HEAP, options);
    Timeline end =
        run.workers().await("the worker has read all", Run.PATIENCE, t -> drained(t, "a") == PARTS);
    for (int number = 0; number < PARTS; number++) {
      tell(end, "a", number, part, RATE, CPU, samples);
    }
    samples.add(RESIDENT, run.askVitals("a", 1).lastFigure("a", Vitals.RESIDENT) / MIB_KIB);
    run.workers().writeProfile("a");
    run.workers().kill("a");
    if (way == Way.POLLING && run.library() == Library.OPENKCL) {
      run.workers().start("bare", HEAP, BareLoopMain.class, Long.toString(part));
      Timeline floor = run.workers()
          .await("the bare loop has read all", Run.PATIENCE, t -> drained(t, "bare") == PARTS);
      for (int number = 0; number < PARTS; number++) {
        tell(floor, "bare", number, part, BARE_RATE, BARE_CPU, samples);
      }
    }
    return samples;
  }

  private static void tell(
      Timeline end,
      String worker,
      int number,
      long records,
      Metric rate,
      Metric cpu,
      Samples samples) {
    WorkerEvent first = end.all(worker, WorkerEvent.Kind.FIRST_RECORD).get(number);
    WorkerEvent last = end.figures(worker, Probe.DRAINED).get(number);
    double seconds = (last.toMicros() - first.fromMicros()) / 1e6;
    double spent =
        (Double.parseDouble(last.items().get(0)) - Double.parseDouble(first.subject())) / 1e6;
    samples.add(rate, records / seconds).add(cpu, spent / records * 1e6);
  }

  private static long drained(Timeline timeline, String worker) {
    return timeline.figures(worker, Probe.DRAINED).size();
  }

  /**
   * The same on every shard, all with the same bytes.
   *
   * @return how many records there are in the stream
   */
  private long fill(Run run) {
    List<String> hashKeys = run.stream().hashKeys();
    long puts = PARTS * way.userRecords / way.perRecord / hashKeys.size() / PUT_AT_ONCE;
    for (String hashKey : hashKeys) {
      byte[] data = way == Way.AGGREGATED ? aggregate(hashKey) : new byte[RECORD_BYTES - 1];
      List<PutEntry> entries = Collections.nCopies(PUT_AT_ONCE, new PutEntry("k", hashKey, data));
      for (long i = 0; i < puts; i++) {
        run.cloud().changeStreams(streams -> streams.putAll(run.stream().name(), entries));
      }
    }
    return puts * PUT_AT_ONCE * hashKeys.size();
  }

  private static byte[] aggregate(String hashKey) {
    Aggregate aggregate = new Aggregate(hashKey);
    for (int i = 0; i < USER_RECORDS; i++) {
      String key = String.format(Locale.ROOT, "key-%04d", i);
      aggregate.add(key, new byte[USER_RECORD_BYTES - key.length()]);
    }
    return aggregate.toBytes();
  }
}
