package org.openkcl.samples.demo;

import java.util.List;
import java.util.Locale;
import org.openkcl.samples.demo.proof.Verdict;

/**
 * What a soak came to.
 *
 * @param reshards splits and merges that were done
 * @param kills workers that were killed
 */
record SoakOutcome(Verdict verdict, int reshards, int kills) {

  /** Of a soak that came to nothing. */
  static SoakOutcome failed(String reason) {
    return new SoakOutcome(new Verdict(0, 0, 0, 0, 0, 0, List.of(reason)), 0, 0);
  }

  boolean ok() {
    return verdict.ok();
  }

  /** One JSON object. */
  String json() {
    return "{\"ok\":" + ok() + "," + figures("\"%s\":%d", ",") + "}";
  }

  /** The same for people, on one line. */
  String line() {
    return "ok=" + ok() + " " + figures("%s=%d", " ");
  }

  /** What is wrong, a line each; empty if nothing is. */
  String reasons() {
    StringBuilder text = new StringBuilder();
    if (!ok()) {
      text.append("\nFAILED:\n");
      verdict.reasons().forEach(reason -> text.append("  - ").append(reason).append('\n'));
    }
    return text.toString();
  }

  private String figures(String format, String between) {
    return String.join(
        between,
        figure(format, "records", verdict.records()),
        figure(format, "lost", verdict.lost()),
        figure(format, "outOfOrder", verdict.outOfOrder()),
        figure(format, "childBeforeParent", verdict.childBeforeParent()),
        figure(format, "duplicates", verdict.duplicates()),
        figure(format, "reshards", reshards),
        figure(format, "kills", kills));
  }

  private static String figure(String format, String name, long value) {
    return String.format(Locale.ROOT, format, name, value);
  }
}
