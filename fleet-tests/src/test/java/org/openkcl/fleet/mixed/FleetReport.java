package org.openkcl.fleet.mixed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Everything that is known about a fleet when a scenario fails, for somebody who was not there. */
final class FleetReport {
  private static final int FINDINGS_SHOWN = 30;
  private static final int LOG_LINES = 12;

  private final Story story;
  private final List<String> lines = new ArrayList<>();

  private FleetReport(String why, Story story) {
    this.story = story;
    lines.add(why);
  }

  static FleetReport of(
      String why,
      Story story,
      DeliveryVerdict verdict,
      TableWatch table,
      List<WorkerProcess> workers) {
    FleetReport report = new FleetReport(why, story);
    report.section("What happened", story.lines());
    report.section("Leases now", List.of(table.shares()));
    report.section("Leaders", report.changes(table.leaderChanges()));
    report.verdict(verdict);
    report.section("Owners of each lease", report.changes(table.owners(OwnerHistory::changes)));
    report.section("Who delivered each shard", report.reigns(verdict));
    workers.forEach(report::worker);
    return report;
  }

  String text() {
    return String.join("\n", lines);
  }

  private void section(String title, List<String> content) {
    lines.add("");
    lines.add("== " + title);
    lines.addAll(content.isEmpty() ? List.of("(nothing)") : content);
  }

  private void verdict(DeliveryVerdict verdict) {
    section(
        "Records",
        List.of(String.format(
            Locale.ROOT,
            "put %d, delivered %d, delivered again %d; %d handovers, the longest %.1f s",
            verdict.put(),
            verdict.delivered(),
            verdict.repeated(),
            verdict.handovers().size(),
            verdict.longestGapSeconds())));
    List<String> findings =
        verdict.findings().stream().limit(FINDINGS_SHOWN).map(Finding::toString).toList();
    section(
        "Broken rules (" + verdict.findings().size()
            + "; while the producer runs, its last records are still on their way)",
        findings);
  }

  private List<String> changes(Map<String, List<OwnerChange>> byKey) {
    List<String> text = new ArrayList<>();
    byKey.forEach((key, changes) -> {
      StringBuilder line = new StringBuilder(key).append(':');
      changes.forEach(change -> line.append(story.at(change.micros()))
          .append(' ')
          .append(change.described())
          .append(';'));
      text.add(line.toString());
    });
    return text;
  }

  private List<String> reigns(DeliveryVerdict verdict) {
    List<String> text = new ArrayList<>();
    for (Reign reign : verdict.reigns()) {
      String line = String.format(
          Locale.ROOT,
          "%s:%s to%s %s: %d records%s",
          reign.shard(),
          story.at(reign.fromMicros()),
          story.at(reign.toMicros()),
          reign.worker(),
          reign.records(),
          reign.repeated() == 0 ? "" : ", " + reign.repeated() + " of them again");
      text.add(line);
    }
    return text;
  }

  private void worker(WorkerProcess worker) {
    section(
        worker.worker() + " (" + worker.library().version() + "), " + worker.end() + ", log "
            + worker.log().toAbsolutePath(),
        Workers.lastLines(worker, LOG_LINES));
  }
}
