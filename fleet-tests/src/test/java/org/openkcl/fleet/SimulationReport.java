package org.openkcl.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.openkcl.shard.ShardMachine;
import org.openkcl.testkit.Fleet;
import org.openkcl.testkit.Happening;
import org.openkcl.testkit.Happenings;

/**
 * What many simulated runs came to. Each JVM's runs are added to those that are in {@code
 * target/simulation} already, so that a long run can be made in parts; {@code report.md} there is
 * about all of them. May be fed by several threads.
 */
final class SimulationReport {
  private static final Path FOLDER = Path.of("target", "simulation");
  private static final String PART = ".part";
  private static final int WORST = 5;

  private final Queue<Run> runs = new ConcurrentLinkedQueue<>();
  private final long startNanos = System.nanoTime();

  /** One seed's run. */
  private record Run(
      long seed,
      Duration virtual,
      Duration calming,
      long events,
      long records,
      long duplicates,
      Happenings happenings) {}

  void add(Fleet fleet, Duration calming) {
    runs.add(new Run(
        fleet.seed(),
        fleet.now(),
        calming,
        fleet.events(),
        fleet.records(),
        fleet.duplicates(),
        fleet.happenings()));
  }

  int runs() {
    return runs.size();
  }

  long visits(ShardMachine.Row row) {
    return runs.stream()
        .mapToLong(run -> run.happenings().transitions().getOrDefault(row, 0L))
        .sum();
  }

  /** Adds this JVM's part and writes the report about all parts. */
  void write() throws IOException {
    if (runs.isEmpty()) {
      return;
    }
    Files.createDirectories(FOLDER);
    long first = runs.stream().mapToLong(Run::seed).min().orElseThrow();
    Files.write(FOLDER.resolve("%08d%s".formatted(first, PART)), part());
    Files.writeString(FOLDER.resolve("report.md"), report(sums()));
  }

  /** Figures to be summed up, and the worst runs, a line each. */
  private List<String> part() {
    Map<String, Long> figures = new TreeMap<>();
    figures.put("seeds", (long) runs.size());
    figures.put("wall seconds", Duration.ofNanos(System.nanoTime() - startNanos).toSeconds());
    Happenings all = new Happenings();
    for (Run run : runs) {
      figures.merge("virtual minutes", run.virtual().toMinutes(), Long::sum);
      figures.merge("events", run.events(), Long::sum);
      figures.merge("records put", run.records(), Long::sum);
      figures.merge("records delivered again", run.duplicates(), Long::sum);
      all.add(run.happenings());
    }
    for (Happening what : Happening.values()) {
      figures.put("happening " + what, all.count(what));
    }
    for (ShardMachine.Row row : ShardMachine.rows()) {
      figures.put("transition " + name(row), all.transitions().getOrDefault(row, 0L));
    }
    List<String> lines = new ArrayList<>();
    figures.forEach((name, figure) -> lines.add(name + "\t" + figure));
    runs.stream()
        .sorted(Comparator.comparing(Run::calming).reversed())
        .limit(WORST)
        .forEach(run -> lines.add("worst " + run.seed() + "\t" + run.calming().toMillis()));
    return lines;
  }

  private static String name(ShardMachine.Row row) {
    return "%s | %s | %s | %s".formatted(row.from(), row.event(), row.when(), row.to());
  }

  private static Map<String, Long> sums() throws IOException {
    Map<String, Long> sums = new TreeMap<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      files.filter(file -> file.toString().endsWith(PART)).sorted().forEach(file -> {
        try {
          for (String line : Files.readAllLines(file)) {
            int tab = line.lastIndexOf('\t');
            sums.merge(line.substring(0, tab), Long.parseLong(line.substring(tab + 1)), Long::sum);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
    return sums;
  }

  private static String report(Map<String, Long> sums) {
    StringBuilder text = new StringBuilder();
    text.append("| | |\n|---|---|\n");
    sums.forEach((name, figure) -> {
      if (!name.contains("transition ") && !name.startsWith("worst ")) {
        text.append(String.format(Locale.ROOT, "| %s | %,d |%n", name, figure));
      }
    });
    text.append("\n## Transitions of the shard machine\n\n");
    text.append("| from | event | when | to | visits |\n|---|---|---|---|---|\n");
    sums.forEach((name, figure) -> {
      if (name.startsWith("transition ")) {
        text.append(String.format(
            Locale.ROOT, "| %s | %,d |%n", name.substring("transition ".length()), figure));
      }
    });
    text.append("\n## The seeds that took longest to calm down\n\n");
    text.append("| seed | virtual seconds |\n|---|---|\n");
    sums.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("worst "))
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(WORST)
        .forEach(entry -> text.append(String.format(
            Locale.ROOT,
            "| %s | %.1f |%n",
            entry.getKey().substring("worst ".length()),
            entry.getValue() / 1e3)));
    return text.toString();
  }
}
