package org.openkcl.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.ServiceLimits;

/**
 * How close polling comes to the 2 MiB a second that a shard gives, and how often it is refused for
 * asking too soon: one worker, far behind on all shards, with the service's limits on reads. Records
 * have 32 KiB. A few seconds pass before the measurement.
 */
final class PollScenario implements Scenario {
  private static final Metric SLOWEST =
      Metric.count("slowestShardMissesPercent", "%").atMost(5);
  private static final Metric ALL = Metric.count("allShardsMissPercent", "%");
  private static final Metric REFUSED = Metric.count("refusedPercent", "%").atMost(1);
  private static final Metric CALLS = Metric.count("callsPerShardSecond", "calls");

  private static final long MIB = 1024 * 1024;
  private static final int BYTES_PER_SECOND = (int) (2 * MIB);
  private static final int RECORD_BYTES = 32 * 1024;

  /** A reply has up to 10 MiB, five seconds' worth: the first must be past. */
  private static final Duration WARM_UP = Duration.ofSeconds(15);

  private final int seconds;

  PollScenario(int seconds) {
    this.seconds = seconds;
  }

  @Override
  public LocalCloud cloud() {
    long free = Long.MAX_VALUE;
    return LocalCloud.builder()
        .limits(new ServiceLimits(5, 2 * MIB, free, free, 2 * MIB, false))
        .storedBytesMax(1L << 50)
        .start();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(SLOWEST, ALL, REFUSED, CALLS);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    fill(run);
    run.workers().start("a", Workers.HEAP, PollReaderMain.class, "1000");
    run.workers()
        .await("all shards are read", Run.PATIENCE, t -> bytesByShard(t).size() == run.shards());
    TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
    Timeline before = run.workers().timeline();
    long begin = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    Timeline after = run.workers().timeline();
    double elapsed = (System.nanoTime() - begin) / 1e9;
    Map<String, Long> read = bytesByShard(after);
    bytesByShard(before).forEach((shard, bytes) -> read.merge(shard, -bytes, Long::sum));
    double whole = elapsed * BYTES_PER_SECOND;
    double slowest = read.values().stream().mapToLong(bytes -> bytes).min().orElse(0);
    double all = read.values().stream().mapToLong(bytes -> bytes).sum();
    double calls = last(after, PollReaderMain.CALLS) - last(before, PollReaderMain.CALLS);
    double refused = last(after, PollReaderMain.REFUSED) - last(before, PollReaderMain.REFUSED);
    read.forEach((shard, bytes) -> run.notes().printf("  %s %.3f%n", shard, bytes / whole));
    return Samples.of(Map.of(
        SLOWEST,
        100 * (1 - slowest / whole),
        ALL,
        100 * (1 - all / whole / run.shards()),
        REFUSED,
        100 * refused / calls,
        CALLS,
        calls / elapsed / run.shards()));
  }

  /** More than can be read in the time; all records share their bytes. */
  private void fill(Run run) {
    byte[] data = new byte[RECORD_BYTES - 1];
    long records = (long) ((seconds + 60) * (double) BYTES_PER_SECOND * 1.1 / RECORD_BYTES);
    List<String> hashKeys = new ArrayList<>(run.stream().hashKeys());
    for (int done = 0; done < records; done += 500) {
      run.cloud().changeStreams(streams -> {
        for (String hashKey : hashKeys) {
          for (int i = 0; i < 500; i++) {
            streams.put(run.stream().name(), "k", hashKey, data);
          }
        }
      });
    }
  }

  private static Map<String, Long> bytesByShard(Timeline timeline) {
    Map<String, Long> bytes = new TreeMap<>();
    for (Timeline.Entry entry : timeline.entries()) {
      if (entry.event().kind() == WorkerEvent.Kind.FIGURE
          && entry.event().subject().startsWith("shardId-")) {
        long value = Long.parseLong(entry.event().items().get(0));
        if (value > 0) {
          bytes.put(entry.event().subject(), value);
        }
      }
    }
    return bytes;
  }

  private static double last(Timeline timeline, String figure) {
    double last = 0;
    for (Timeline.Entry entry : timeline.entries()) {
      if (entry.is(WorkerEvent.Kind.FIGURE, figure)) {
        last = Double.parseDouble(entry.event().items().get(0));
      }
    }
    return last;
  }
}
