package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openkcl.benchmarks.probe.Detail;
import org.openkcl.benchmarks.probe.Probe;
import org.openkcl.benchmarks.probe.Stamp;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;

/**
 * How long a record takes from the moment when it was due to be put to {@code processRecords} of a
 * worker that has caught up: 20 records a second on each shard at even distances, whether or not
 * those before have arrived. The first third is warm-up. Each shard is checkpointed once a second.
 */
final class LatencyScenario implements Scenario {
  private static final int RECORDS_PER_SHARD_SECOND = 20;

  private static final Metric P50 = Metric.count("p50Millis", "ms");
  private static final Metric P999 = Metric.count("p999Millis", "ms");
  private static final Metric MISSING = Metric.count("missing", "records").atMost(0);

  /** How a worker learns of records. */
  enum Pace {
    POLLING_1000(1_000, false, 1.5),
    POLLING_200(200, false, 1.5),
    FAN_OUT(1_000, true, 2);

    private final int idleMillis;
    private final boolean fanOut;
    private final double leastRatio;

    Pace(int idleMillis, boolean fanOut, double leastRatio) {
      this.idleMillis = idleMillis;
      this.fanOut = fanOut;
      this.leastRatio = leastRatio;
    }
  }

  private final Pace pace;
  private final int seconds;
  private final Metric p99;

  LatencyScenario(Pace pace, int seconds) {
    this.pace = pace;
    this.seconds = seconds;
    this.p99 = Metric.count("p99Millis", "ms").ratioAtLeast(pace.leastRatio);
  }

  @Override
  public List<Library> libraries() {
    return BOTH;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(P50, p99, P999, MISSING);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    run.beginAll(
        "a",
        Workers.HEAP,
        WorkerOptions.defaults()
            .with(WorkerOption.DETAIL, Detail.DELAYS)
            .with(WorkerOption.CHECKPOINT_MILLIS, 1_000)
            .with(WorkerOption.IDLE_MILLIS, pace.idleMillis)
            .with(WorkerOption.FAN_OUT, pace.fanOut)
            .with(WorkerOption.QUICK_START, true));
    int records = seconds * RECORDS_PER_SHARD_SECOND * run.shards();
    put(run, records);
    TimeUnit.SECONDS.sleep(5);
    List<Double> millis = run.workers().timeline().figures("a", Probe.DELAYS).stream()
        .flatMap(event -> event.items().stream())
        .map(micros -> Double.parseDouble(micros) / 1e3)
        .toList();
    double[] sorted = millis.stream()
        .skip(millis.size() / 3)
        .mapToDouble(delay -> delay)
        .sorted()
        .toArray();
    return new Samples()
        .add(P50, at(sorted, 0.5))
        .add(p99, at(sorted, 0.99))
        .add(P999, at(sorted, 0.999))
        .add(MISSING, (double) records - millis.size());
  }

  /** Each record says when it was due, so that a late producer does not make consumers look fast. */
  private static void put(Run run, int records) {
    List<String> hashKeys = run.stream().hashKeys();
    long interval = TimeUnit.SECONDS.toNanos(1) / RECORDS_PER_SHARD_SECOND / run.shards();
    long begin = System.nanoTime();
    long beginMicros = Stamp.nowMicros();
    for (int number = 0; number < records; number++) {
      long due = number * interval;
      for (long left = begin + due - System.nanoTime();
          left > 0;
          left = begin + due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      String hashKey = hashKeys.get(number % hashKeys.size());
      byte[] data = String.format(
              Locale.ROOT,
              "%0" + Probe.STAMP_DIGITS + "d",
              beginMicros + TimeUnit.NANOSECONDS.toMicros(due))
          .getBytes(US_ASCII);
      run.cloud().changeStreams(streams -> streams.put(run.stream().name(), "k", hashKey, data));
    }
  }

  private static double at(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  }
}
