package org.openkcl.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.local.LocalCloud;

/**
 * What a worker costs over the bare SDK: 1-KiB records from a service without limits, as fast as they
 * come, one read per shard under way. First a loop that does nothing but read, then a worker whose
 * processors do nothing, each in a JVM of its own and with the same client.
 */
final class ReadScenario implements Scenario {
  private static final Metric BARE = Metric.count("bareRecordsPerSecond", "rec/s");
  private static final Metric WORKER = Metric.count("workerRecordsPerSecond", "rec/s");
  private static final Metric LOSS = Metric.count("workerMissesPercent", "%").atMost(10);

  private static final int RECORD_BYTES = 1024;
  private static final long RECORDS_ABOUT = 4_000_000;
  private static final Duration WARM_UP = Duration.ofSeconds(6);
  private static final String HEAP = "-Xmx1g";

  private final int seconds;

  ReadScenario(int seconds) {
    this.seconds = seconds;
  }

  @Override
  public LocalCloud cloud() {
    return LocalCloud.builder().storedBytesMax(1L << 50).start();
  }

  @Override
  public List<Metric> metrics() {
    return List.of(BARE, WORKER, LOSS);
  }

  @Override
  public Samples measure(Run run) throws InterruptedException {
    fill(run);
    run.workers().start("bare", HEAP, BareLoopMain.class);
    double bare = recordsPerSecond(run, "bare");
    run.workers().kill("bare");
    run.workers().start("worker", HEAP, PollReaderMain.class, "1000", "unlimited");
    double worker = recordsPerSecond(run, "worker");
    return Samples.of(Map.of(BARE, bare, WORKER, worker, LOSS, 100 * (1 - worker / bare)));
  }

  /** All records share their bytes. */
  private static void fill(Run run) {
    byte[] data = new byte[RECORD_BYTES - 1];
    List<String> hashKeys = run.stream().hashKeys();
    for (long done = 0; done < RECORDS_ABOUT; done += 100L * hashKeys.size()) {
      run.cloud().changeStreams(streams -> {
        for (String hashKey : hashKeys) {
          for (int i = 0; i < 100; i++) {
            streams.put(run.stream().name(), "k", hashKey, data);
          }
        }
      });
    }
  }

  private double recordsPerSecond(Run run, String reader) throws InterruptedException {
    run.workers().await(reader + " reads", Run.PATIENCE, t -> records(t, reader) > 0);
    TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
    WorkerEvent before = last(run.workers().timeline(), reader);
    TimeUnit.SECONDS.sleep(seconds);
    WorkerEvent after = last(run.workers().timeline(), reader);
    double elapsed = (after.toMicros() - before.toMicros()) / 1e6;
    return (value(after) - value(before)) / elapsed;
  }

  private static double records(Timeline timeline, String reader) {
    return timeline.entries().stream().anyMatch(entry -> isRecords(entry, reader))
        ? value(last(timeline, reader))
        : 0;
  }

  private static WorkerEvent last(Timeline timeline, String reader) {
    return timeline.entries().stream()
        .filter(entry -> isRecords(entry, reader))
        .reduce((one, next) -> next)
        .orElseThrow()
        .event();
  }

  private static boolean isRecords(Timeline.Entry entry, String reader) {
    return entry.worker().equals(reader)
        && entry.is(WorkerEvent.Kind.FIGURE, PollReaderMain.RECORDS);
  }

  private static double value(WorkerEvent event) {
    return Double.parseDouble(event.items().get(0));
  }
}
