package org.openkcl.samples.demo;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.openkcl.samples.demo.proof.DelayStatistics;
import org.openkcl.samples.demo.proof.DelayStatistics.Ranked;
import org.openkcl.samples.demo.proof.Timings;
import org.openkcl.samples.demo.proof.Verdict;

/**
 * What a run came to.
 *
 * @param statistics by the workers' ledgers
 */
record Outcome(Verdict verdict, Timings timings, DelayStatistics statistics) {
  private static final int AIRPORTS = 10;
  private static final long FLIGHTS_MIN = 100;

  /** Of a run that came to nothing. */
  static Outcome failed(String reason) {
    return new Outcome(
        new Verdict(0, 0, 0, 0, 0, 0, List.of(reason)),
        new Timings(
            OptionalDouble.empty(), OptionalDouble.empty(), OptionalLong.empty(), List.of()),
        DelayStatistics.of(Stream.empty()));
  }

  /** One JSON object; figures that could not be measured are null. */
  String json() {
    return String.format(
        Locale.ROOT,
        "{\"ok\":%b,\"records\":%d,\"delivered\":%d,\"duplicates\":%d,\"lost\":%d,"
            + "\"outOfOrder\":%d,\"firstRecordSeconds\":%s,\"takeoverSeconds\":%s,"
            + "\"handoverGapMillis\":%s}",
        verdict.ok(),
        verdict.records(),
        verdict.delivered(),
        verdict.duplicates(),
        verdict.lost(),
        verdict.outOfOrder(),
        seconds(timings.firstRecordSeconds(), "null"),
        seconds(timings.takeoverSeconds(), "null"),
        millis(timings.handoverGapMillis(), "null"));
  }

  /** For people. */
  String text() {
    StringBuilder text = new StringBuilder();
    if (verdict.records() > 0) {
      appendFigures(text);
    }
    if (verdict.ok()) {
      text.append("\nOK: every record was processed, in order, children after parents;"
          + " the totals are the file's.\n");
    } else {
      text.append("\nFAILED:\n");
      verdict.reasons().forEach(reason -> text.append("  - ").append(reason).append('\n'));
    }
    return text.toString();
  }

  private void appendFigures(StringBuilder text) {
    text.append("\nMost delayed airports (of those with ").append(FLIGHTS_MIN);
    text.append(" departures or more):\n\n");
    text.append("  airport  flights  15 min late or more  mean delay  worst delay\n");
    for (Ranked airport : statistics.mostDelayed(AIRPORTS, FLIGHTS_MIN)) {
      text.append(String.format(
          Locale.ROOT,
          "  %-7s  %,7d  %,14d (%2.0f%%)  %6.1f min  %7d min%n",
          airport.origin(),
          airport.delays().flights(),
          airport.delays().delayed(),
          100.0 * airport.delays().delayed() / airport.delays().flights(),
          airport.delays().meanMinutes(),
          airport.delays().worstMinutes()));
    }
    text.append(String.format(
        Locale.ROOT,
        "%n%,d records put, %,d processed, %,d lost, %,d out of order, %,d duplicates%n"
            + "first record %s s after start; takeover %s s after kill -9;"
            + " longest gap in a handover %s ms%n",
        verdict.records(),
        verdict.delivered(),
        verdict.lost(),
        verdict.outOfOrder(),
        verdict.duplicates(),
        seconds(timings.firstRecordSeconds(), "?"),
        seconds(timings.takeoverSeconds(), "?"),
        millis(timings.handoverGapMillis(), "?")));
  }

  private static String seconds(OptionalDouble seconds, String none) {
    return seconds.isPresent() ? String.format(Locale.ROOT, "%.3f", seconds.getAsDouble()) : none;
  }

  private static String millis(OptionalLong millis, String none) {
    return millis.isPresent() ? Long.toString(millis.getAsLong()) : none;
  }
}
