package org.openkcl.metrics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of docs/metrics.md: made of the declarations, and of the list of what is absent. */
final class MetricsPage {
  static final String REWRITE = "openkcl.rewriteMetrics";

  private static final Path PAGE = Path.of("../docs/metrics.md");
  private static final String BEGIN = "<!-- metrics: begin -->\n";
  private static final String END = "<!-- metrics: end -->\n";

  /** Metrics of Amazon's library that are not published, and why. */
  record Absent(String operation, List<String> names, String reason) {}

  private MetricsPage() {}

  static String wanted() {
    StringBuilder page = new StringBuilder();
    declared().forEach((operation, metrics) -> operation(page, operation, metrics));
    page.append("\n## What Amazon's library has and OpenKCL has not\n\n");
    page.append("| operation | metrics | why not |\n|---|---|---|\n");
    absent()
        .forEach(
            each -> row(page, each.operation(), String.join(", ", each.names()), each.reason()));
    return page.toString();
  }

  private static Map<String, List<ConsumerMetric>> declared() {
    return Arrays.stream(ConsumerMetric.values())
        .collect(Collectors.groupingBy(
            ConsumerMetric::operation, LinkedHashMap::new, Collectors.toList()));
  }

  private static void operation(
      StringBuilder page, String operation, List<ConsumerMetric> metrics) {
    page.append("\n## ").append(operation).append("\n\n");
    page.append(
        "| metric | unit | level | told apart by | in Amazon's | in the registry | meaning |\n");
    page.append("|---|---|---|---|---|---|---|\n");
    for (ConsumerMetric metric : metrics) {
      row(
          page,
          "`" + metric.cloudWatchName() + "`",
          metric.unit().cloudWatchName(),
          metric.level().name(),
          String.join(", ", metric.scope().dimensions()),
          kinship(metric),
          registry(metric),
          metric.meaning());
    }
  }

  private static String kinship(ConsumerMetric metric) {
    return switch (metric.kinship()) {
      case SAME -> "the same";
      case OWN_PACE -> "at its own pace";
      case OURS -> "no";
    };
  }

  private static String registry(ConsumerMetric metric) {
    String name = "`" + metric.registryName() + "`";
    return switch (metric.form()) {
      case COUNTER -> name + ", counter";
      case FAILURES -> name + ", counter of zeros";
      case TIMER -> name + ", timer";
      case AMOUNT -> name + ", histogram; with `.total`, counter";
      case GAUGE -> name + ", gauge";
      case NOWHERE -> "";
    };
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  static List<Absent> absent() {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(
        Objects.requireNonNull(MetricsPage.class.getResourceAsStream("/absent-metrics.txt")),
        StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(MetricsPage::parse)
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Absent parse(String line) {
    String[] parts = line.split(" \\| ", -1);
    return new Absent(parts[0], Stream.of(parts[1].split(", ")).toList(), parts[2]);
  }

  static String present() {
    String page = page();
    return page.substring(begin(page), page.indexOf(END));
  }

  static void rewrite(String tables) {
    String page = page();
    String rewritten = page.substring(0, begin(page)) + tables + page.substring(page.indexOf(END));
    try {
      Files.writeString(PAGE, rewritten);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int begin(String page) {
    return page.indexOf(BEGIN) + BEGIN.length();
  }

  private static String page() {
    try {
      return Files.readString(PAGE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
