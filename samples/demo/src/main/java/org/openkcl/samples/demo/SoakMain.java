package org.openkcl.samples.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.ServiceDelays;
import org.openkcl.samples.demo.proof.Flight;
import org.openkcl.samples.demo.proof.FlightFile;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The soak's command line. */
@Command(
    name = "kcl soak",
    sortOptions = false,
    description = {
      "Puts records on a stream of 4 shards inside this process, splits and merges shards at random,"
          + " kills a worker process every 10 s and starts another. Then proves that every record"
          + " was processed, each key's in order, parents before children.",
      ""
    },
    footerHeading = "%nThe last line:%n",
    footer = {
      "ok, records put, lost, outOfOrder (in a shard or a key), childBeforeParent (shards begun",
      "before their parents had ended), duplicates (after a kill the records since the last",
      "checkpoint come again: allowed, counted), reshards, kills."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing was lost or out of order",
      "1:something was, or the run failed; the reasons are printed",
      "2:the command line is wrong"
    })
final class SoakMain implements Callable<Integer> {
  private static final String STREAM = "flights";
  private static final int SHARDS = 4;
  private static final int COLUMNS = 80;
  private static final int MINUTES_MAX = 180;
  private static final int WORKERS_MAX = 16;
  private static final int RATE_MAX = 1_000;
  private static final Duration RESHARDING = Duration.ofMillis(500);

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "5",
      description = "How long records are put, 0.2 to 180 (default: ${DEFAULT-VALUE}).")
  private double minutes;

  @Option(
      names = "--workers",
      paramLabel = "W",
      defaultValue = "3",
      description = "Worker processes at a time, 1 to 16 (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Decides what is split, merged and killed (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "200",
      description = "Records put a second, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--reshards",
      paramLabel = "N",
      description = "Splits and merges (default: 12 a minute, so 60 in five minutes).")
  private @Nullable Integer reshards;

  @Option(names = "--json", description = "Print the result as one JSON object, last on stdout.")
  private boolean json;

  @Option(
      names = "--sabotage",
      paramLabel = "HOW",
      converter = DemoMain.SabotageConverter.class,
      description =
          "Make the first workers misbehave, to see the proof fail: skip, reorder, early-child.")
  private Sabotage sabotage = Sabotage.NONE;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description =
          "Where ledgers and logs go; must be empty or not exist. Without it they go to a temporary"
              + " directory, which is deleted after a success.")
  private @Nullable Path workDir;

  @Option(names = "--verbose", description = "Log in detail, and keep the ledgers and logs.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  private SoakMain() {}

  /** Runs the soak and exits with its code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    System.exit(new CommandLine(new SoakMain())
        .setParameterExceptionHandler((e, ignored) -> refuse(e.getMessage()))
        .execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<String> wrong = wrongOption();
    if (wrong.isPresent()) {
      return refuse(wrong.get());
    }
    WorkDir directory;
    try {
      directory = WorkDir.prepare(workDir, "kcl-soak-");
    } catch (IOException e) {
      return refuse(e.getMessage());
    }
    directory.takeLog(verbose);
    SoakOutcome outcome = outcome(directory.path());
    System.err.print(outcome.reasons());
    directory.leave(!outcome.ok() || verbose);
    System.out.println(json ? outcome.json() : outcome.line());
    return outcome.ok() ? 0 : 1;
  }

  private Optional<String> wrongOption() {
    if (!(minutes >= 0.2 && minutes <= MINUTES_MAX)) {
      return Optional.of("--minutes must be between 0.2 and 180: got " + minutes);
    }
    if (workers < 1 || workers > WORKERS_MAX) {
      return Optional.of("--workers must be between 1 and 16: got " + workers);
    }
    if (rate < 1 || rate > RATE_MAX) {
      return Optional.of("--rate must be between 1 and 1000: got " + rate);
    }
    if (reshards != null && (reshards < 0 || reshards > 60 * minutes)) {
      return Optional.of(
          "--reshards must be between 0 and 60 for each minute: got %d for %s minutes"
              .formatted(reshards, minutes));
    }
    return Optional.empty();
  }

  private SoakOutcome outcome(Path directory) throws InterruptedException {
    try {
      return perform(directory);
    } catch (IOException | RuntimeException e) {
      LoggerFactory.getLogger(SoakMain.class).error("The soak failed", e);
      return SoakOutcome.failed("The soak failed: " + e);
    }
  }

  private SoakOutcome perform(Path directory) throws IOException, InterruptedException {
    SoakPlan usual = SoakPlan.lasting(Duration.ofMillis((long) (minutes * 60_000)));
    SoakPlan plan = reshards == null ? usual : usual.withReshards(reshards);
    List<Flight> flights = flights((int) Math.max(1, minutes * 60 * rate));
    ServiceDelays delays = new ServiceDelays(
        Duration.ZERO, Duration.ZERO, RESHARDING, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    try (Screen screen = screen(flights.size())) {
      screen.event(Duration.ZERO, "Kinesis and DynamoDB start inside this process");
      try (LocalCloud cloud = LocalCloud.builder().delays(delays).start()) {
        FlightStream stream = new FlightStream(cloud.kinesis(), STREAM);
        stream.create(SHARDS);
        List<String> workerArguments = List.of(
            "--stream",
            STREAM,
            "--kinesis",
            cloud.kinesisEndpoint().toString(),
            "--dynamo",
            cloud.dynamoDbEndpoint().toString(),
            "--failover-seconds",
            "5");
        return new Soak(
                new Soak.Settings(
                    flights, plan, workers, seed, sabotage, directory, workerArguments),
                stream,
                screen)
            .run();
      }
    }
  }

  /** The sample's flights, again and again. */
  private static List<Flight> flights(int count) throws IOException {
    List<Flight> sample = FlightFile.read(Optional.empty());
    List<Flight> flights = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      flights.add(sample.get(i % sample.size()));
    }
    return flights;
  }

  private static Screen screen(int records) {
    return new Screen(
        System.err,
        Boolean.getBoolean("demo.terminal"),
        Integer.getInteger("demo.columns", COLUMNS),
        records);
  }

  private static int refuse(@Nullable String reason) {
    System.err.println(reason + "\nTry: kcl soak --help");
    return CommandLine.ExitCode.USAGE;
  }
}
