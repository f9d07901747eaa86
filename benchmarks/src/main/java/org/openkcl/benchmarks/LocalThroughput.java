package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.http.Protocol;

/**
 * How many 1-KiB records a second kcl-local takes and gives, limits off, from a client in a JVM of
 * its own; and kinesalite beside it in the same run, from the same client over HTTP/1.1 and JSON.
 */
final class LocalThroughput {
  private static final int SHARDS = 4;
  private static final int REQUESTS_UNDER_WAY = 4;
  private static final int KINESALITE_FACTOR = 8;

  /** What is measured, and what was promised. */
  enum Flow {
    PUTS(50_000),
    READS(120_000);

    private final double least;

    Flow(double least) {
      this.least = least;
    }

    String metric() {
      return name().toLowerCase(Locale.ROOT) + "PerSecond";
    }
  }

  private final int repeat;
  private final int seconds;
  private final Path target;
  private final Consumer<String> json;

  /**
   * A benchmark.
   *
   * @param seconds how long each flow is measured each time, when both sides have warmed up
   * @param target where to install kinesalite
   * @param json takes a line per result
   */
  LocalThroughput(int repeat, int seconds, Path target, Consumer<String> json) {
    this.repeat = repeat;
    this.seconds = seconds;
    this.target = target;
    this.json = json;
  }

  /** Runs it and tells the figures; false when one is below what was promised. */
  boolean run() throws IOException, InterruptedException {
    Optional<Kinesalite> kinesalite = Kinesalite.install(target);
    if (kinesalite.isEmpty()) {
      System.out.println("npm is missing or cannot fetch kinesalite: nothing to compare with");
    }
    List<Map<Flow, Double>> ours = new ArrayList<>();
    List<Map<Flow, Double>> theirs = new ArrayList<>();
    for (int i = 0; i < repeat; i++) {
      ours.add(measure(java("-Xmx5g", ServiceMain.class).start(), Protocol.HTTP2, "ours", i));
      if (kinesalite.isPresent()) {
        theirs.add(measure(kinesalite.get().start(), Protocol.HTTP1_1, "theirs", i));
      }
    }
    System.out.printf(
        "%n  %-16s %10s %10s %12s %8s%n", "", "median", "worst", "kinesalite", "ratio");
    boolean held = true;
    for (Flow flow : Flow.values()) {
      held &= tell(flow, values(ours, flow), values(theirs, flow));
    }
    return held;
  }

  private Map<Flow, Double> measure(Process service, Protocol protocol, String whose, int number)
      throws IOException, InterruptedException {
    Map<Flow, Double> figures = new EnumMap<>(Flow.class);
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    try {
      Process client = java(
              "-Xmx2g",
              LoadMain.class,
              Kinesalite.endpointOf(service),
              protocol.name(),
              Integer.toString(SHARDS),
              Integer.toString(seconds),
              Integer.toString(REQUESTS_UNDER_WAY),
              Long.toString(service.pid()))
          .start();
      try (BufferedReader lines = client.inputReader(UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String[] parts = line.split(" ");
          figures.put(Flow.valueOf(parts[0].toUpperCase(Locale.ROOT)), Double.valueOf(parts[1]));
          System.out.printf(
              "  %d %-7s %-5s %8s/s, CPU a record %s us service + %s us client%n",
              number, whose, parts[0], parts[1], parts[2], parts[3]);
        }
      }
      if (client.waitFor() != 0 || figures.size() < Flow.values().length) {
        throw new IllegalStateException("The client failed; see its output above");
      }
    } finally {
      service.toHandle().destroyForcibly();
    }
    System.out.printf(
        Locale.ROOT, "  %d %-7s load of the machine before: %.1f%n", number, whose, load);
    return figures;
  }

  private boolean tell(Flow flow, List<Double> ours, List<Double> theirs) {
    double median = median(ours);
    double worst = ours.stream().min(Double::compare).orElseThrow();
    Double other = theirs.isEmpty() ? null : median(theirs);
    boolean held = median >= flow.least && (other == null || median >= KINESALITE_FACTOR * other);
    System.out.printf(
        Locale.ROOT,
        "  %-16s %10.0f %10.0f %12s %8s  at least %.0f and %dx %s%n",
        flow.metric(),
        median,
        worst,
        other == null ? "" : String.format(Locale.ROOT, "%.0f", other),
        other == null ? "" : String.format(Locale.ROOT, "%.1f", median / other),
        flow.least,
        KINESALITE_FACTOR,
        held ? "ok" : "MISSED");
    json.accept(String.format(
        Locale.ROOT,
        "{\"scenario\":\"local\",\"shards\":%d,\"metric\":\"%s\",\"unit\":\"records/s\","
            + "\"openkcl\":%.0f,\"worst\":%.0f,\"kinesalite\":%s,\"ratio\":%s}",
        SHARDS,
        flow.metric(),
        median,
        worst,
        other == null ? "null" : String.format(Locale.ROOT, "%.0f", other),
        other == null ? "null" : String.format(Locale.ROOT, "%.2f", median / other)));
    return held;
  }

  private static List<Double> values(List<Map<Flow, Double>> figures, Flow flow) {
    return figures.stream().map(one -> one.getOrDefault(flow, 0.0)).toList();
  }

  private static double median(List<Double> values) {
    return Summary.of(values).median();
  }

  private static ProcessBuilder java(String heap, Class<?> main, String... args) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        heap,
        "-Daws.cborEnabled=" + !List.of(args).contains(Protocol.HTTP1_1.name()),
        "-cp",
        System.getProperty("java.class.path"),
        main.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
