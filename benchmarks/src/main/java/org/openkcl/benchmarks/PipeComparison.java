package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openkcl.local.LocalCloud;

/**
 * OpenKCL's daemon for processors in other languages beside Amazon's: streams of 1-KiB records that
 * are there already, a service without limits that is warm, the same children, one daemon after the
 * other in turns. Records are counted where the children have got them. The daemons share the processors
 * with the service and with this program, which therefore do as little as they can meanwhile.
 */
final class PipeComparison {
  /** What was promised of the echo child. */
  private static final double LEAST_RATIO = 2;

  private static final long RECORDS = Long.getLong("openkcl.pipeRecords", 4_000_000);
  private static final byte[] DATA = line();
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration STEP = Duration.ofMillis(50);

  private final String scenario;
  private final PipeChild child;
  private final List<Integer> shards;
  private final int repeat;
  private final Consumer<String> json;
  private final Path folder;

  /**
   * A comparison.
   *
   * @param json takes a line per result
   */
  PipeComparison(
      String scenario, PipeChild child, List<Integer> shards, int repeat, Consumer<String> json) {
    this.scenario = scenario;
    this.child = child;
    this.shards = shards;
    this.repeat = repeat;
    this.json = json;
    this.folder = Path.of(
            System.getProperty("openkcl.target", "benchmarks/target"), "multilang-" + child)
        .toAbsolutePath();
  }

  /** 1 KiB with its partition key: a flight, as the sample for Node.js understands it. */
  private static byte[] line() {
    byte[] line = new byte[1023];
    Arrays.fill(line, (byte) '.');
    byte[] flight = "1,2001-01-01,one,SFO,SEA,7,".getBytes(UTF_8);
    System.arraycopy(flight, 0, line, 0, flight.length);
    return line;
  }

  /** Runs it and tells the figures; false when less was reached than promised. */
  boolean run() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    boolean held = true;
    try (LocalCloud cloud = WarmService.start()) {
      for (int count : shards) {
        held &= compare(cloud, count);
      }
    }
    return held;
  }

  private boolean compare(LocalCloud cloud, int count) throws InterruptedException {
    System.out.printf("%n%s, %d shards, %,d records, %d times%n", scenario, count, RECORDS, repeat);
    PipeFigures cold = measure(cloud, DaemonMaker.OPENKCL, count, "first");
    System.out.printf("  not counted, the service has not served a daemon yet: %s%n", cold);
    Map<DaemonMaker, List<PipeFigures>> figures = new EnumMap<>(DaemonMaker.class);
    for (int number = 0; number < repeat; number++) {
      List<DaemonMaker> turns = number % 2 == 0
          ? List.of(DaemonMaker.OPENKCL, DaemonMaker.AMAZON)
          : List.of(DaemonMaker.AMAZON, DaemonMaker.OPENKCL);
      for (DaemonMaker maker : turns) {
        PipeFigures measured = measure(cloud, maker, count, Integer.toString(number));
        System.out.printf(Locale.ROOT, "  %d %-8s %s%n", number, maker, measured);
        figures.computeIfAbsent(maker, none -> new ArrayList<>()).add(measured);
      }
    }
    return tell(count, figures);
  }

  private PipeFigures measure(LocalCloud cloud, DaemonMaker maker, int count, String turn)
      throws InterruptedException {
    String name = scenario + "-" + count + "-" + turn + "-" + maker;
    try (LocalStream stream = new LocalStream(cloud, name, count)) {
      long total = fill(cloud, stream);
      System.gc(); // else the service would do that while it serves
      try (PipeDaemon daemon = PipeDaemon.start(maker, child, cloud, name, folder)) {
        long first = await(daemon, 1);
        long firstNanos = System.nanoTime();
        double cpu = daemon.cpuSeconds();
        long half = await(daemon, total / 2);
        long halfNanos = System.nanoTime();
        await(daemon, total);
        long endNanos = System.nanoTime();
        return new PipeFigures(
            1e9 * (total - first) / (endNanos - firstNanos),
            1e9 * (total - half) / (endNanos - halfNanos),
            1e6 * (daemon.cpuSeconds() - cpu) / (total - first),
            daemon.peakMebibytes());
      }
    }
  }

  /** Puts the same number of records on every shard; all share their bytes. */
  private static long fill(LocalCloud cloud, LocalStream stream) {
    int each = Math.toIntExact(RECORDS / stream.hashKeys().size());
    for (String hashKey : stream.hashKeys()) {
      cloud.changeStreams(streams -> {
        for (int i = 0; i < each; i++) {
          streams.put(stream.name(), "k", hashKey, DATA);
        }
      });
    }
    return (long) each * stream.hashKeys().size();
  }

  /** Waits until that many records have got through; how many that were then. */
  private long await(PipeDaemon daemon, long records) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    long seen = daemon.records();
    while (seen < records) {
      if (!daemon.isAlive() || System.nanoTime() - end > 0) {
        throw new IllegalStateException("The daemon "
            + (daemon.isAlive() ? "has needed more than " + PATIENCE : "has ended")
            + ": " + seen + " of " + records + " records have got through. See " + folder);
      }
      TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
      seen = daemon.records();
    }
    return seen;
  }

  private boolean tell(int count, Map<DaemonMaker, List<PipeFigures>> figures) {
    System.out.printf("  %-22s %12s %12s %12s %7s%n", "", "OpenKCL", "worst", "Amazon", "ratio");
    boolean held = true;
    for (PipeFigures.Metric metric : PipeFigures.Metric.values()) {
      List<Double> ours = values(figures, DaemonMaker.OPENKCL, metric);
      double median = Summary.of(ours).median();
      double worst = ours.stream().reduce(metric::worse).orElseThrow();
      double amazon = Summary.of(values(figures, DaemonMaker.AMAZON, metric)).median();
      double ratio = metric.ratio(median, amazon);
      boolean promised = child == PipeChild.ECHO && metric == PipeFigures.Metric.RECORDS_PER_SECOND;
      held &= !promised || ratio >= LEAST_RATIO;
      System.out.printf(
          Locale.ROOT,
          "  %-22s %12.1f %12.1f %12.1f %7.2f %s%n",
          metric.label(),
          median,
          worst,
          amazon,
          ratio,
          promised ? "at least " + LEAST_RATIO + (held ? "  ok" : "  MISSED") : "");
      json.accept(String.format(
          Locale.ROOT,
          "{\"scenario\":\"%s\",\"shards\":%d,\"metric\":\"%s\",\"unit\":\"%s\",\"openkcl\":%.3f,"
              + "\"worst\":%.3f,\"amazon\":%.3f,\"ratio\":%.3f}",
          scenario,
          count,
          metric.label(),
          metric.unit(),
          median,
          worst,
          amazon,
          ratio));
    }
    return held;
  }

  private static List<Double> values(
      Map<DaemonMaker, List<PipeFigures>> figures, DaemonMaker maker, PipeFigures.Metric metric) {
    return figures.getOrDefault(maker, List.of()).stream()
        .map(one -> one.value(metric))
        .toList();
  }
}
