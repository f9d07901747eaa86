package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.LocalCloud;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of {@code benchmarks/run}. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    description = "Runs workers in JVMs of their own on a local service and times them.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:all limits hold", "1:a limit is missed, or the run failed", "2:bad usage"})
final class BenchmarkMain implements Callable<Integer> {

  /** What can be run. */
  enum Name {
    START,
    FAILOVER,
    HANDOVER,
    PUSH,
    POLL,
    POLL_LATENCY,
    READ,
    FANOUT,
    IDLE_SHARDS,
    LOCAL;

    Scenario scenario(int seconds) {
      return switch (this) {
        case LOCAL -> throw new IllegalStateException("No workers take part in " + this);
        case START -> new StartScenario();
        case FAILOVER -> new FailoverScenario();
        case HANDOVER -> new HandoverScenario();
        case PUSH -> new PushScenario();
        case POLL -> new PollScenario(seconds);
        case READ -> new ReadScenario(seconds);
        case POLL_LATENCY -> new PollLatencyScenario(seconds);
        case FANOUT -> new FanOutScenario(seconds);
        case IDLE_SHARDS -> new IdleShardsScenario(seconds);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Parameters(paramLabel = "SCENARIO", description = "${COMPLETION-CANDIDATES}")
  private Name name = Name.START;

  @Option(
      names = "--shards",
      paramLabel = "N",
      split = ",",
      defaultValue = "4,64",
      description = "Shards of the stream, an even number; several run one after the other."
          + " Default: ${DEFAULT-VALUE}")
  private List<Integer> shards = List.of();

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each is run. Default: ${DEFAULT-VALUE}")
  private int repeat;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "How long to measure. Default: 300 for poll, 60 for poll-latency and idle-shards, 8 for read, and"
              + " for local after three times as long a warm-up")
  private @Nullable Integer seconds;

  @Option(names = "--json", paramLabel = "FILE", description = "Appends a line per metric.")
  private @Nullable Path json;

  @Option(names = "--verbose", description = "Shows every repeat, threads and single shards.")
  private boolean verbose;

  private BenchmarkMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchmarkMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (repeat < 1 || shards.stream().anyMatch(n -> n < 2 || n % 2 != 0)) {
      System.err.println("--repeat must be 1 or more and --shards even: got --repeat " + repeat
          + " --shards " + shards);
      return 2;
    }
    System.out.println(Conditions.describe());
    if (name == Name.LOCAL) {
      return new LocalThroughput(
                  repeat,
                  seconds(),
                  Path.of(System.getProperty("openkcl.target", "benchmarks/target")),
                  this::tell)
              .run()
          ? 0
          : 1;
    }
    boolean missed = false;
    try (LocalCloud cloud = scenario().cloud()) {
      for (int count : shards) {
        for (Result result : results(cloud, count)) {
          missed |= result.metric().isMissedBy(result.summary());
        }
      }
    }
    return missed ? 1 : 0;
  }

  private List<Result> results(LocalCloud cloud, int count)
      throws IOException, InterruptedException {
    System.out.printf("%n%s, %d shards, %d times%n", name, count, repeat);
    Map<Metric, List<Double>> values = new HashMap<>();
    for (int number = 0; number < repeat; number++) {
      Map<Metric, Double> measured = once(cloud, count, number);
      measured.forEach((metric, value) ->
          values.computeIfAbsent(metric, m -> new ArrayList<>()).add(value));
    }
    List<Result> results = scenario().metrics().stream()
        .map(metric -> new Result(
            name.toString(), count, metric, Summary.of(values.getOrDefault(metric, List.of()))))
        .toList();
    System.out.println(Result.header());
    results.forEach(result -> System.out.println(result.toRow()));
    for (Result result : results) {
      tell(result.toJson());
    }
    return results;
  }

  private Map<Metric, Double> once(LocalCloud cloud, int count, int number)
      throws InterruptedException {
    String stream = name + "-" + count + "-" + number;
    try (Run run = Run.begin(cloud, stream, number, count, notes())) {
      Map<Metric, Double> measured = scenario().measure(run);
      scenario()
          .metrics()
          .forEach(metric -> run.notes()
              .printf(Locale.ROOT, "  %d %s %.3f%n", number, metric.name(), measured.get(metric)));
      return measured;
    }
  }

  private int seconds() {
    Integer given = seconds;
    if (given != null) {
      return given;
    }
    return switch (name) {
      case POLL -> 300;
      case POLL_LATENCY, IDLE_SHARDS -> 60;
      case FANOUT -> 45;
      case START, FAILOVER, HANDOVER, PUSH, READ, LOCAL -> 8;
    };
  }

  private Scenario scenario() {
    return name.scenario(seconds());
  }

  private PrintStream notes() {
    return verbose ? System.out : new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
  }

  private void tell(String result) {
    System.out.println("RESULT " + result);
    if (json == null) {
      return;
    }
    try {
      Files.writeString(
          json,
          result + System.lineSeparator(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("The result cannot be written to " + json, e);
    }
  }
}
