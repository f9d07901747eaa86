package org.openkcl.multilang;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openkcl.multilang.conformance.Conformance;
import org.openkcl.multilang.conformance.Result;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a child in any language. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = {
      "Checks whether a processor keeps to the protocol: starts it once per rule and plays the"
          + " daemon's part. Write -- before the command.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the processor keeps to every rule that concerns it",
      "1:it does not; the output says which",
      "2:the command line is wrong"
    })
final class ConformanceCommand implements Callable<Integer> {
  private static final List<String> ANY_DATA =
      List.of("1,2001-01-01,one,SFO,SEA,7", "2,2001-01-01,two,ORD,JFK,-3");

  @Spec
  private @Nullable CommandSpec spec;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long the processor may take for each answer (${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Records that the processor understands, one a line; else lines of CSV.")
  private @Nullable Path data;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only the rules that have this text in them.")
  private String only = "";

  @Parameters(
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The processor and its arguments.")
  private List<String> command = List.of();

  @Override
  public Integer call() throws InterruptedException {
    Duration patience = Duration.ofMillis(Math.round(seconds * 1000));
    if (patience.isNegative() || patience.isZero()) {
      throw wrong("--timeout must be more than 0: got " + seconds);
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    boolean good = new Conformance(command, patience, records())
        .run(rule -> rule.contains(only), result -> {
          out.println(line(result));
          out.flush();
        });
    out.println(
        good ? "It keeps to the protocol." : "It does not keep to the protocol; see FAILED.");
    return good ? 0 : 1;
  }

  private static String line(Result result) {
    String detail = result.detail().isEmpty() ? "" : "\n      " + result.detail();
    return switch (result.outcome()) {
      case OK -> "ok      " + result.check();
      case FAILED -> "FAILED  " + result.check() + detail;
      case SKIPPED -> "skipped " + result.check() + detail;
    };
  }

  private List<String> records() {
    if (data == null) {
      return ANY_DATA;
    }
    try {
      List<String> lines =
          Files.readAllLines(data).stream().filter(line -> !line.isEmpty()).toList();
      if (lines.isEmpty()) {
        throw wrong("--data must name a file with at least one line: " + data + " has none");
      }
      return lines;
    } catch (IOException unreadable) {
      throw wrong("--data must name a file that can be read: " + unreadable);
    }
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
