package org.openkcl.fleet.mixed;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs scenarios of a {@link MixedFleet} and leaves a section of the report for each, in {@code
 * target/mixed-fleets/NAME.md}, whether it succeeds or not.
 */
final class Scenario {
  private static final Path REPORTS = Path.of("target", "mixed-fleets");

  private Scenario() {}

  /** What is done with a fleet. */
  interface Play {
    void with(MixedFleet fleet) throws InterruptedException;
  }

  /** @param name also of the stream; {@code -Dopenkcl.scenario=REGEX} leaves others out */
  static void play(String name, Pace pace, int shards, Play play) throws Exception {
    Assumptions.assumeTrue(name.matches(System.getProperty("openkcl.scenario", ".*")));
    try (MixedFleet fleet = MixedFleet.start(name, pace, shards)) {
      try {
        play.with(fleet);
        write(fleet.finish());
      } catch (AssertionError failure) {
        write(fleet.outcome(firstLine(failure)));
        throw failure;
      }
    }
  }

  private static String firstLine(AssertionError failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("?");
  }

  private static void write(Outcome outcome) throws Exception {
    Files.createDirectories(REPORTS);
    Files.writeString(
        REPORTS.resolve(outcome.scenario() + ".md"), section(outcome), StandardCharsets.UTF_8);
  }

  private static String section(Outcome outcome) {
    DeliveryVerdict verdict = outcome.verdict();
    List<String> lines = new ArrayList<>();
    lines.add("## " + outcome.scenario() + (outcome.good() ? "" : ": FAILED"));
    lines.add("");
    if (!outcome.good()) {
      lines.add(outcome.failure());
      lines.add("");
    }
    lines.add(String.format(
        Locale.ROOT,
        "%.0f s; %d records put, %d lost, %d delivered again; order and lineage: %d violations;"
            + " %d handovers, the longest dark for %.1f s.",
        outcome.seconds(),
        verdict.put(),
        verdict.put() - verdict.delivered(),
        verdict.repeated(),
        verdict.findings().size(),
        verdict.handovers().size(),
        verdict.longestGapSeconds()));
    lines.add("");
    lines.add("```");
    lines.addAll(outcome.story());
    lines.add("```\n");
    return String.join("\n", lines);
  }
}
