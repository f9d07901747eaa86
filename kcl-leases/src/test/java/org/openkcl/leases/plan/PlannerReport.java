package org.openkcl.leases.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.openkcl.leases.plan.Scenario.Event;
import org.openkcl.leases.plan.Scenario.Kind;
import org.openkcl.leases.plan.Scenario.Skew;
import org.openkcl.leases.plan.SimulatedLoadFleet.Decider;
import org.openkcl.leases.plan.SimulatedLoadFleet.Score;

/**
 * Writes docs/reports/planner.md: OpenKCL's planner beside Amazon's two deciders on the same
 * simulated fleets. No part of the build; run it with
 *
 * <pre>mvn -B verify -pl kcl-leases -am -Dtest=PlannerReport -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class PlannerReport {
  private static final long SEED = 42;
  private static final Path REPORT = Path.of("../docs/reports/planner.md");

  /** A decider, made anew for every run. */
  private record Candidate(String name, Supplier<Decider> decider) {}

  private static final List<Candidate> CANDIDATES = List.of(
      new Candidate("OpenKCL, throughput", () -> new OwnDecider(PlanSettings.DEFAULT)),
      new Candidate(
          "OpenKCL, count", () -> new OwnDecider(PlanSettings.DEFAULT.with(Objective.COUNT))),
      new Candidate("Amazon 3.x, CPU", () -> new AmazonByVariance(true)),
      new Candidate("Amazon 3.x, throughput", () -> new AmazonByVariance(false)),
      new Candidate("Amazon 2.x, count", AmazonByCount::new));

  private static final Event[] LIFE = {
    new Event(60, Kind.JOIN, 1),
    new Event(100, Kind.CRASH, 1),
    new Event(140, Kind.SHIFT, 0),
    new Event(190, Kind.LEAVE, 1)
  };

  static final List<Scenario> SCENARIOS = List.of(
      new Scenario("quiet", 4, 64, 240, Skew.EVEN).with(0, 0.2),
      new Scenario("small, uneven", 3, 24, 240, Skew.UNEVEN, LIFE),
      new Scenario("a hot shard", 8, 128, 240, Skew.HOT, LIFE),
      new Scenario("zipf", 20, 400, 240, Skew.ZIPF, LIFE),
      new Scenario("a day, peaks wander", 12, 240, 1_440, Skew.UNEVEN).with(0.6, 0.3),
      new Scenario("very noisy", 12, 240, 240, Skew.UNEVEN, LIFE).with(0, 0.8),
      new Scenario(
          "doubled, then halved",
          50,
          1_000,
          240,
          Skew.UNEVEN,
          new Event(60, Kind.JOIN, 50),
          new Event(150, Kind.LEAVE, 50)),
      new Scenario(
          "large, zipf",
          300,
          10_000,
          120,
          Skew.ZIPF,
          new Event(30, Kind.JOIN, 10),
          new Event(60, Kind.CRASH, 10),
          new Event(80, Kind.SHIFT, 0)));

  @Test
  void write() throws IOException {
    StringBuilder report = new StringBuilder(head());
    for (Scenario scenario : SCENARIOS) {
      report.append("\n### ").append(describe(scenario)).append("\n\n").append(tableHead());
      for (Candidate candidate : CANDIDATES) {
        long began = System.nanoTime();
        Score score =
            new SimulatedLoadFleet(scenario, SEED).run(candidate.decider().get());
        String row = row(candidate.name(), score);
        System.out.printf(
            "%s: %s took %d ms%n",
            scenario.name(), row.strip(), (System.nanoTime() - began) / 1_000_000);
        report.append(row);
      }
    }
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, report, StandardCharsets.UTF_8);
  }

  private static String head() throws IOException {
    return """
        # How the planner compares

        Commit %s, %s. Written by `PlannerReport` (how: see [balancing](../balancing.md#figures)); seed %d. Everything here is simulated: no Kinesis, no DynamoDB, no real worker. Amazon's deciders are restatements of their described rules, not Amazon's code.

        Every decider sees the same load. A shard's load has a mean (100 KiB/s over all shards), drifts by about 15 %%, and is measured every 3.3 s with noise and Amazon's moving average. A handover takes 5 s for everybody; a dead worker's leases may be taken after 10 s. Amazon's 3.x has a leader that never dies and machines alike, whose CPU is 5 %% at rest and 50 %% at the mean load, measured within 3 points. OpenKCL runs with its default settings.

        - **busiest / mean**: the busiest worker's true load over the mean, averaged over the whole run, and its 99th percentile.
        - **over the best**: the same over what no plan can better: 1, or the hottest shard alone.
        - **moves / h**: handovers between living workers; taking free leases is not counted.
        - **settled**: seconds from the start or an event until all shards are read and the busiest worker is within a quarter of the best; mean and longest. A fleet that never settled counts until the next event.
        - **unread**: shard-minutes without a living reader.
        """.formatted(commit(), LocalDate.now(ZoneOffset.UTC), SEED);
  }

  private static String describe(Scenario scenario) {
    List<String> parts = new ArrayList<>();
    parts.add(scenario.workers() + " workers");
    parts.add(scenario.leases() + " leases");
    parts.add(scenario.skew().name().toLowerCase(Locale.ROOT));
    if (scenario.diurnal() > 0) {
      parts.add("swings by " + Math.round(100 * scenario.diurnal()) + " % over the day");
    }
    parts.add("noise " + Math.round(100 * scenario.noise()) + " %");
    parts.add(scenario.minutes() / 60 + " h");
    for (Event event : scenario.events()) {
      parts.add((event.count() > 0 ? event.count() + " " : "")
          + event.kind().name().toLowerCase(Locale.ROOT)
          + " at " + event.atMinute() + " min");
    }
    String name = scenario.name();
    return Character.toUpperCase(name.charAt(0)) + name.substring(1) + ": "
        + String.join(", ", parts);
  }

  private static String tableHead() {
    return """
        | | busiest / mean | p99 | over the best | moves / h | settled, s | longest, s | unread |
        |---|---|---|---|---|---|---|---|
        """;
  }

  private static String row(String name, Score score) {
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f | %.1f | %.0f | %.0f | %.0f |%n",
        name,
        score.meanPeak(),
        score.peak(0.99),
        score.meanExcess(),
        score.movesPerHour(),
        score.meanSettling(),
        score.longestSettling(),
        score.unreadLeaseMinutes());
  }

  private static String commit() throws IOException {
    Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").start();
    return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
