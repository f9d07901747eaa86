package org.openkcl.benchmarks;

import java.util.List;
import java.util.Locale;
import org.openkcl.benchmarks.probe.Detail;
import org.openkcl.benchmarks.probe.Probe;
import org.openkcl.benchmarks.probe.Vitals;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;
import org.openkcl.local.LocalCloud;

/**
 * One worker drains a stream that was filled at one stroke, from a service without limits; three
 * times in the same process, the first time as it has just started. Time and processor time are
 * counted from the first record to the last. Each shard is checkpointed once a second. OpenKCL's
 * own limits on reads are lifted, and both wait 200 ms between reads at most when there is nothing.
 */
final class ThroughputScenario implements Scenario {
  private static final Metric RATE = Metric.rate("recordsPerSecond", "rec/s").ratioAtLeast(1.5);
  private static final Metric CPU = Metric.count("cpuSecondsPerMillion", "s").ratioAtLeast(2);
  private static final Metric RESIDENT = Metric.count("residentMib", "MiB");
  private static final Metric BARE_RATE = Metric.rate("bareLoopRecordsPerSecond", "rec/s");
  private static final Metric BARE_CPU = Metric.count("bareLoopCpuSecondsPerMillion", "s");

  private static final int DRAINS = 3;
  private static final int RECORD_BYTES = 1_024;
  private static final int USER_RECORD_BYTES = 100;
  private static final int USER_RECORDS = 100;
  private static final int PUT_AT_ONCE = 100;
  private static final double MIB_KIB = 1024;

  private static final String HEAP = "-Xmx1g";

  /** How records come, and what they are. */
  enum Way {
    POLLING(3_000_000, 1),
    FAN_OUT(3_000_000, 1),
    /** By polling; a hundred of 100 bytes in each record of the stream. */
    AGGREGATED(12_000_000, USER_RECORDS);

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
    return LocalCloud.builder().storedBytesMax(1L << 50).start();
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
    Samples samples = new Samples();
    WorkerOptions options = WorkerOptions.defaults()
        .with(WorkerOption.DETAIL, Detail.COUNTS)
        .with(WorkerOption.CHECKPOINT_MILLIS, 1_000)
        .with(WorkerOption.EXPECTED, records(run) * way.perRecord)
        .with(WorkerOption.UNLIMITED, true)
        .with(WorkerOption.IDLE_MILLIS, 200)
        .with(WorkerOption.FAN_OUT, way == Way.FAN_OUT)
        .with(WorkerOption.QUICK_START, true);
    fill(run);
    run.workers().start("a", HEAP, options);
    drain(run, "a", RATE, CPU, samples);
    samples.add(RESIDENT, run.askVitals("a", 1).lastFigure("a", Vitals.RESIDENT) / MIB_KIB);
    run.workers().kill("a");
    if (way == Way.POLLING && run.library() == Library.OPENKCL) {
      run.workers().start("bare", HEAP, BareLoopMain.class, Long.toString(DRAINS * records(run)));
      Timeline end = run.workers()
          .await("the bare loop has read all", Run.PATIENCE, t -> drained(t, "bare") == 1);
      tell(end, "bare", 0, DRAINS * records(run), BARE_RATE, BARE_CPU, samples);
    }
    return samples;
  }

  private void drain(Run run, String worker, Metric rate, Metric cpu, Samples samples)
      throws InterruptedException {
    for (int number = 0; number < DRAINS; number++) {
      if (number > 0) {
        fill(run);
      }
      int wanted = number + 1;
      Timeline end = run.workers()
          .await(worker + " has read all", Run.PATIENCE, t -> drained(t, worker) == wanted);
      tell(end, worker, number, records(run) * way.perRecord, rate, cpu, samples);
    }
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

  /** Of the stream, per filling: the same number on every shard. */
  private long records(Run run) {
    long perShard = way.userRecords / way.perRecord / run.shards();
    return perShard / PUT_AT_ONCE * PUT_AT_ONCE * run.shards();
  }

  /** All records of a shard share their bytes. Readers wait until all are there. */
  private void fill(Run run) {
    List<String> hashKeys = run.stream().hashKeys();
    long perShard = records(run) / hashKeys.size();
    run.cloud().changeStreams(streams -> {
      for (String hashKey : hashKeys) {
        byte[] data = way == Way.AGGREGATED ? aggregate(hashKey) : new byte[RECORD_BYTES - 1];
        for (long i = 0; i < perShard; i++) {
          streams.put(run.stream().name(), "k", hashKey, data);
        }
      }
    });
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
