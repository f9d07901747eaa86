package org.openkcl.benchmarks.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A worker process as the benchmark sees it: reports {@link WorkerEvent}s on standard output and
 * answers {@link Vitals#QUESTION} on standard input. Thread-safe.
 */
public final class Probe {
  /**
   * The figure that comes with the last expected record, and again with the last of as many more;
   * its value is the CPU time so far.
   */
  public static final String DRAINED = "drained";

  /** The figure of a batch whose records carry stamps: microseconds, one each. */
  public static final String DELAYS = "delays";

  /** How many digits a stamp has at the beginning of a record. */
  public static final int STAMP_DIGITS = 16;

  private final Detail detail;
  private final long checkpointMicros;
  private final long expected;
  private final Vitals vitals = new Vitals();
  private final AtomicBoolean first = new AtomicBoolean(true);
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  public Probe(WorkerOptions options) {
    detail = Detail.valueOf(options.text(WorkerOption.DETAIL));
    checkpointMicros = options.number(WorkerOption.CHECKPOINT_MILLIS) * 1_000;
    expected = options.number(WorkerOption.EXPECTED);
  }

  /** A shard that the worker begins. */
  public ShardProbe shard() {
    return new ShardProbe(this, checkpointMicros);
  }

  /** To be added to the clients whose requests are counted. */
  public RequestCounter requests() {
    return vitals.requests();
  }

  /** The library is about to be told to start. */
  public void starting() {
    report(WorkerEvent.Kind.STARTING, cpuMicros(), Stamp.nowMicros(), List.of());
  }

  /** The library says that the worker has started. */
  public void started() {
    report(WorkerEvent.Kind.STARTED, cpuMicros(), Stamp.nowMicros(), List.of());
  }

  /** It cannot start: the JVM ends. */
  public void cannotStart(Throwable failure) {
    System.err.println("The worker cannot start: " + failure);
    Runtime.getRuntime().halt(1);
  }

  /** Answers until standard input ends, as it does with the benchmark; then the JVM ends at once. */
  public void answer() throws IOException {
    BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      if (line.equals(Vitals.QUESTION)) {
        vitals.tell();
      }
    }
    Runtime.getRuntime().halt(2);
  }

  /** Reports something that ends now. */
  public static void report(
      WorkerEvent.Kind kind, String subject, long fromMicros, List<String> items) {
    WorkerEvent event = new WorkerEvent(kind, subject, fromMicros, Stamp.nowMicros(), items);
    System.out.println(event.toLine());
  }

  /** Reports a figure of this moment. */
  public static void figure(String name, Object value) {
    report(WorkerEvent.Kind.FIGURE, name, Stamp.nowMicros(), List.of(value.toString()));
  }

  /** The CPU time that this process has spent, all threads together. */
  public static String cpuMicros() {
    Duration spent = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    return Long.toString(spent.toNanos() / 1_000);
  }

  boolean reportsBatches() {
    return detail == Detail.IDS;
  }

  <R> void came(String shardId, long calledMicros, List<R> batch, Function<R, ByteBuffer> data) {
    if (first.compareAndSet(true, false)) {
      report(WorkerEvent.Kind.FIRST_RECORD, cpuMicros(), calledMicros, List.of());
    }
    switch (detail) {
      case IDS -> reportIds(shardId, calledMicros, batch, data);
      case DELAYS -> reportDelays(calledMicros, batch, data);
      case COUNTS -> weigh(batch, data);
    }
    long sum = records.addAndGet(batch.size());
    if (sum / expected > (sum - batch.size()) / expected) {
      first.set(true);
      figure(DRAINED, cpuMicros());
    }
  }

  private static <R> void reportIds(
      String shardId, long calledMicros, List<R> batch, Function<R, ByteBuffer> data) {
    List<String> ids = batch.stream()
        .map(record -> UTF_8.decode(data.apply(record).duplicate()).toString())
        .toList();
    report(WorkerEvent.Kind.RECORDS, shardId, calledMicros, ids);
  }

  private static <R> void reportDelays(
      long calledMicros, List<R> batch, Function<R, ByteBuffer> data) {
    List<String> delays = new ArrayList<>();
    for (R record : batch) {
      String text = UTF_8.decode(data.apply(record).duplicate()).toString();
      long put = Long.parseLong(text.substring(0, STAMP_DIGITS));
      delays.add(Long.toString(calledMicros - put));
    }
    report(WorkerEvent.Kind.FIGURE, DELAYS, calledMicros, delays);
  }

  private <R> void weigh(List<R> batch, Function<R, ByteBuffer> data) {
    long sum = 0;
    for (R record : batch) {
      sum += data.apply(record).remaining();
    }
    bytes.addAndGet(sum);
  }
}
