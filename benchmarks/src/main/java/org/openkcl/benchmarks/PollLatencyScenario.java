package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a record takes from its put into the streams to processRecords, by polling every second
 * and caught up: 20 records a second on each shard, evenly in time. The first third is warm-up.
 */
final class PollLatencyScenario implements Scenario {
  private static final int IDLE_MILLIS = 1_000;
  private static final int RECORDS_PER_SHARD_SECOND = 20;

  private static final Metric P50 =
      Metric.count("pollP50Millis", "ms").atMost(IDLE_MILLIS / 2.0 + 20);
  private static final Metric P99 = Metric.count("pollP99Millis", "ms").atMost(IDLE_MILLIS + 50);
  private static final Metric MISSING = Metric.count("missing", "records").atMost(0);

  private final int seconds;

  PollLatencyScenario(int seconds) {
    this.seconds = seconds;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(P50, P99, MISSING);
  }

  @Override
  public Map<Metric, Double> measure(Run run) throws InterruptedException {
    run.workers().start("a", Workers.HEAP, PollReaderMain.class, Integer.toString(IDLE_MILLIS));
    run.stream().putOnEveryShard();
    run.workers().await("all shards are read", Run.PATIENCE, t -> shardsRead(t) == run.shards());
    long records = (long) seconds * RECORDS_PER_SHARD_SECOND * run.shards();
    put(run, records);
    TimeUnit.MILLISECONDS.sleep(3 * IDLE_MILLIS);
    List<Double> millis = run.workers().timeline().entries().stream()
        .filter(entry -> entry.is(WorkerEvent.Kind.FIGURE, PollReaderMain.DELAYS))
        .flatMap(entry -> entry.event().items().stream())
        .map(micros -> Double.parseDouble(micros) / 1e3)
        .toList();
    double[] sorted = millis.stream()
        .skip(millis.size() / 3)
        .mapToDouble(delay -> delay)
        .sorted()
        .toArray();
    return Map.of(
        P50, at(sorted, 0.5),
        P99, at(sorted, 0.99),
        MISSING, (double) (records - millis.size()));
  }

  private static long shardsRead(Timeline timeline) {
    return timeline.entries().stream()
        .filter(entry -> entry.event().kind() == WorkerEvent.Kind.FIGURE
            && entry.event().subject().startsWith("shardId-")
            && !entry.event().items().get(0).equals("0"))
        .map(entry -> entry.event().subject())
        .distinct()
        .count();
  }

  private static void put(Run run, long records) {
    List<String> hashKeys = run.stream().hashKeys();
    long interval = TimeUnit.SECONDS.toNanos(1) / RECORDS_PER_SHARD_SECOND / run.shards();
    long begin = System.nanoTime();
    for (int number = 0; number < records; number++) {
      long due = begin + number * interval;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      String hashKey = hashKeys.get(number % hashKeys.size());
      byte[] data = String.format(Locale.ROOT, "%016d", Stamp.nowMicros()).getBytes(US_ASCII);
      run.cloud().changeStreams(streams -> streams.put(run.stream().name(), "k", hashKey, data));
    }
  }

  private static double at(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  }
}
