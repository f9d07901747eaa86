package org.openkcl.local.store;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openkcl.local.model.JournaledRecord;
import org.openkcl.local.model.LocalStreams;

/** One file of the log, and what is in it, as far as its deletion depends on that. */
final class Segment {
  private static final Pattern NAME = Pattern.compile("streams-(\\d{10})\\.log");

  final long number;
  final Path file;
  private final Map<Incarnation, Long> newestArrivals = new HashMap<>();

  private record Incarnation(String streamName, long number) {}

  Segment(Path folder, long number) {
    this.number = number;
    this.file = folder.resolve(String.format(Locale.ROOT, "streams-%010d.log", number));
  }

  /** The segment in this file; empty when the file is something else. */
  static Optional<Segment> of(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches()
        ? Optional.of(new Segment(file.resolveSibling(""), Long.parseLong(name.group(1))))
        : Optional.empty();
  }

  void note(JournaledRecord record) {
    newestArrivals.merge(
        new Incarnation(record.streamName(), record.incarnation()),
        record.arrivalMillis(),
        Math::max);
  }

  /** Whether it has a record that may still be read. */
  boolean isNeeded(LocalStreams streams) {
    return newestArrivals.entrySet().stream()
        .anyMatch(newest -> streams.retains(
            newest.getKey().streamName(), newest.getKey().number(), newest.getValue()));
  }
}
