package org.openkcl.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openkcl.benchmarks.LatencyScenario.Pace;
import org.openkcl.benchmarks.ThroughputScenario.Way;
import org.openkcl.local.LocalCloud;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of {@code benchmarks/run}. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    description = "Runs workers in JVMs of their own on a local service and times them: OpenKCL's,"
        + " and in most scenarios those of Amazon KCL 3.5.1 in turn with them.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:all limits hold", "1:a limit is missed, or the run failed", "2:bad usage"})
final class BenchmarkMain implements Callable<Integer> {

  /** What can be run, and with what unless told otherwise. */
  enum Name {
    START(64, 2, 0),
    FOOTPRINT(4, 1, 0),
    THROUGHPUT(16, 1, 0),
    THROUGHPUT_FAN_OUT(16, 1, 0),
    THROUGHPUT_AGGREGATED(16, 1, 0),
    LATENCY(4, 1, 60),
    LATENCY_200(4, 1, 60),
    LATENCY_FAN_OUT(4, 1, 60),
    IDLE(256, 1, 60),
    FAILOVER(12, 1, 0),
    DEPLOY(16, 1, 0),
    REBALANCE(16, 1, 150),
    RESHARD(8, 1, 0),
    PUSH(4, 5, 0),
    POLL(4, 1, 300),
    READ(16, 3, 8),
    IDLE_SHARDS(1_000, 1, 60),
    MULTILANG(4, 3, 0),
    MULTILANG_NODE(4, 1, 0),
    LOCAL(4, 3, 8);

    private final int shards;
    private final int repeat;
    private final int seconds;

    Name(int shards, int repeat, int seconds) {
      this.shards = shards;
      this.repeat = repeat;
      this.seconds = seconds;
    }

    Scenario scenario(int length) {
      return switch (this) {
        case START -> new StartScenario();
        case FOOTPRINT -> new FootprintScenario();
        case THROUGHPUT -> new ThroughputScenario(Way.POLLING);
        case THROUGHPUT_FAN_OUT -> new ThroughputScenario(Way.FAN_OUT);
        case THROUGHPUT_AGGREGATED -> new ThroughputScenario(Way.AGGREGATED);
        case LATENCY -> new LatencyScenario(Pace.POLLING_1000, length);
        case LATENCY_200 -> new LatencyScenario(Pace.POLLING_200, length);
        case LATENCY_FAN_OUT -> new LatencyScenario(Pace.FAN_OUT, length);
        case IDLE -> new IdleScenario(length);
        case FAILOVER -> new FailoverScenario();
        case DEPLOY -> new DeployScenario();
        case REBALANCE -> new RebalanceScenario(length);
        case RESHARD -> new ReshardScenario();
        case PUSH -> new PushScenario();
        case POLL -> new PollScenario(length);
        case READ -> new ReadScenario(length);
        case IDLE_SHARDS -> new IdleShardsScenario(length);
        case MULTILANG, MULTILANG_NODE, LOCAL ->
          throw new IllegalStateException("No workers take part in " + this);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Parameters(
      paramLabel = "SCENARIO",
      arity = "0..*",
      description = "${COMPLETION-CANDIDATES}. Default: all that compare")
  private List<Name> names = List.copyOf(EnumSet.range(Name.START, Name.RESHARD));

  @Option(
      names = "--shards",
      paramLabel = "N",
      split = ",",
      description = "Shards of the stream, an even number; several run one after the other."
          + " Default: each scenario's own")
  private @Nullable List<Integer> shards;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "How often each is run. Default: each scenario's own")
  private @Nullable Integer repeat;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long to measure, where a scenario does not end by itself. Default: each"
          + " scenario's own")
  private @Nullable Integer seconds;

  @Option(
      names = "--libraries",
      paramLabel = "NAME",
      split = ",",
      description =
          "Whose workers: ${COMPLETION-CANDIDATES}. Default: all that a scenario compares")
  private @Nullable Set<Library> libraries;

  @Option(names = "--json", paramLabel = "FILE", description = "Appends a line per metric.")
  private @Nullable Path json;

  @Option(
      names = "--profile",
      description = "Has workers recorded by the JVM's flight recorder, which costs some of their"
          + " speed; throughput and idle write *.jfr beside the workers' logs.")
  private boolean profile;

  @Option(names = "--verbose", description = "Shows every repeat, threads and single shards.")
  private boolean verbose;

  private boolean failed;

  private BenchmarkMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchmarkMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if ((repeat != null && repeat < 1)
        || (shards != null && shards.stream().anyMatch(n -> n < 2 || n % 2 != 0))) {
      System.err.println("--repeat must be 1 or more and --shards even: got --repeat " + repeat
          + " --shards " + shards);
      return 2;
    }
    System.out.println(Conditions.describe());
    boolean missed = false;
    for (Name name : names) {
      missed |= switch (name) {
        case LOCAL -> localMisses();
        case MULTILANG -> pipeMisses(name, PipeChild.ECHO);
        case MULTILANG_NODE -> pipeMisses(name, PipeChild.NODE);
        default -> misses(name);
      };
    }
    return missed || failed ? 1 : 0;
  }

  private boolean localMisses() throws IOException, InterruptedException {
    return !new LocalThroughput(
            repeat(Name.LOCAL),
            seconds(Name.LOCAL),
            Path.of(System.getProperty("openkcl.target", "benchmarks/target")),
            this::tell)
        .run();
  }

  private boolean pipeMisses(Name name, PipeChild child) throws IOException, InterruptedException {
    List<Integer> counts = shards == null ? List.of(name.shards) : shards;
    return !new PipeComparison(name.toString(), child, counts, repeat(name), this::tell).run();
  }

  private boolean misses(Name name) throws InterruptedException {
    boolean missed = false;
    Scenario scenario = name.scenario(seconds(name));
    try (LocalCloud cloud = scenario.cloud()) {
      for (int count : shards == null ? List.of(name.shards) : shards) {
        for (Result result : results(name, scenario, cloud, count)) {
          missed |= result.isMissed();
        }
      }
    }
    return missed;
  }

  private List<Result> results(Name name, Scenario scenario, LocalCloud cloud, int count)
      throws InterruptedException {
    System.out.printf("%n%s, %d shards, %d times%n", name, count, repeat(name));
    Map<Library, Samples> measured = new EnumMap<>(Library.class);
    for (int number = 0; number < repeat(name); number++) {
      for (Library library : scenario.libraries()) {
        if (libraries == null || libraries.contains(library)) {
          measured
              .computeIfAbsent(library, unknown -> new Samples())
              .addAll(once(name, scenario, cloud, count, library, number));
        }
      }
    }
    List<Result> results = scenario.metrics().stream()
        .map(metric -> new Result(name.toString(), count, metric, summaries(measured, metric)))
        .filter(result -> !result.summaries().isEmpty())
        .toList();
    System.out.println(Result.header());
    results.forEach(result -> System.out.println(result.toRow()));
    results.forEach(result -> tell(result.toJson()));
    return results;
  }

  private static Map<Library, Summary> summaries(Map<Library, Samples> measured, Metric metric) {
    Map<Library, Summary> summaries = new EnumMap<>(Library.class);
    measured.forEach((library, samples) -> {
      if (!samples.of(metric).isEmpty()) {
        summaries.put(library, Summary.of(samples.of(metric)));
      }
    });
    return summaries;
  }

  private Samples once(
      Name name, Scenario scenario, LocalCloud cloud, int count, Library library, int number)
      throws InterruptedException {
    String stream = name + "-" + count + "-" + library + "-" + number;
    long begin = System.nanoTime();
    try (Run run = Run.begin(cloud, stream, number, count, library, profile, notes())) {
      Samples samples = scenario.measure(run);
      for (Metric metric : scenario.metrics()) {
        run.notes()
            .println(
                "  " + number + " " + library + " " + metric.name() + " " + samples.of(metric));
      }
      System.out.printf(
          "  %d %s took %d s%n",
          number, library, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
      return samples;
    } catch (IllegalStateException failure) {
      // The others' results are kept; this one's metrics are left out.
      System.out.printf(
          "  %d %s FAILED after %d s: %s%n",
          number,
          library,
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin),
          failure.getMessage());
      failed = true;
      return new Samples();
    }
  }

  private int repeat(Name name) {
    return repeat == null ? name.repeat : repeat;
  }

  private int seconds(Name name) {
    return seconds == null ? name.seconds : seconds;
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
