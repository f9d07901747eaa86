package org.openkcl.samples.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.LocalCloud;
import org.openkcl.samples.demo.proof.Flight;
import org.openkcl.samples.demo.proof.FlightFile;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The demo's command line. */
@Command(
    name = "kcl demo",
    sortOptions = false,
    description = {
      "Runs a fleet of workers on a stream inside this process, with no account and no network:"
          + " 20,000 flights, three worker processes, a split, a merge, a worker that joins and"
          + " stops, one that is killed. Then proves that every record was processed in order.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every record was processed, in order, and the totals are right",
      "1:they were not, or the run failed; the reasons are printed",
      "2:the command line is wrong"
    })
final class DemoMain implements Callable<Integer> {
  private static final String STREAM = "flights";
  private static final int SHARDS = 4;
  private static final int COLUMNS = 80;

  @Option(names = "--json", description = "Print the result as one JSON object, last on stdout.")
  private boolean json;

  @Option(
      names = "--sabotage",
      paramLabel = "HOW",
      converter = SabotageConverter.class,
      description =
          "Make a worker misbehave, to see the proof fail: skip (drop records), reorder (swap two),"
              + " early-child (read a child shard before its parent's end).")
  private Sabotage sabotage = Sabotage.NONE;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "46",
      description = "How long records are put; the acts follow suit (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = {
        "Flights to put instead of the sample:",
        "CSV, plain or .gz, with the header " + Flight.HEADER + "."
      })
  private @Nullable Path data;

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

  private DemoMain() {}

  /** Runs the demo and exits with its code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    System.exit(new CommandLine(new DemoMain())
        .setParameterExceptionHandler((e, ignored) -> refuse(e.getMessage()))
        .execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seconds < 10 || seconds > 3600) {
      return refuse("--seconds must be between 10 and 3600: got " + seconds);
    }
    List<Flight> flights;
    WorkDir directory;
    try {
      flights = FlightFile.read(Optional.ofNullable(data));
      directory = WorkDir.prepare(workDir, "kcl-demo-");
    } catch (IOException e) {
      return refuse(
          e instanceof NoSuchFileException ? "There is no file " + e.getMessage() : e.getMessage());
    }
    directory.takeLog(verbose);

    Outcome outcome = outcome(flights, directory.path());
    boolean ok = outcome.verdict().ok();
    people().print(outcome.text());
    people().flush();
    directory.leave(!ok || verbose);
    if (json) {
      System.out.println(outcome.json());
    }
    return ok ? 0 : 1;
  }

  private Outcome outcome(List<Flight> flights, Path directory) throws InterruptedException {
    try {
      return perform(flights, directory);
    } catch (IOException | RuntimeException e) {
      LoggerFactory.getLogger(DemoMain.class).error("The demo failed", e);
      return Outcome.failed("The demo failed: " + e);
    }
  }

  private Outcome perform(List<Flight> flights, Path directory)
      throws IOException, InterruptedException {
    try (Screen screen = screen(flights.size())) {
      screen.event(Duration.ZERO, "Kinesis and DynamoDB start inside this process");
      try (LocalCloud cloud = LocalCloud.start()) {
        FlightStream stream = new FlightStream(cloud.kinesis(), STREAM);
        stream.create(SHARDS);
        List<String> workerArguments = List.of(
            "--stream",
            STREAM,
            "--kinesis",
            cloud.kinesisEndpoint().toString(),
            "--dynamo",
            cloud.dynamoDbEndpoint().toString());
        return new Director(
                new Director.Settings(
                    flights, Duration.ofSeconds(seconds), sabotage, directory, workerArguments),
                stream,
                screen)
            .run();
      }
    }
  }

  private Screen screen(int records) {
    return new Screen(
        System.err,
        Boolean.getBoolean("demo.terminal"),
        Integer.getInteger("demo.columns", COLUMNS),
        records);
  }

  /** Where people read: not where the JSON goes. */
  private PrintStream people() {
    return json ? System.err : System.out;
  }

  private static int refuse(@Nullable String reason) {
    System.err.println(reason + "\nTry: kcl demo --help");
    return CommandLine.ExitCode.USAGE;
  }

  /** Reads the names that people write. */
  static final class SabotageConverter implements ITypeConverter<Sabotage> {
    @Override
    public Sabotage convert(String value) {
      for (Sabotage sabotage : Sabotage.values()) {
        if (sabotage.toString().equals(value)) {
          return sabotage;
        }
      }
      throw new TypeConversionException(
          "expected skip, reorder or early-child: got '" + value + "'");
    }
  }
}
