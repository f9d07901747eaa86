package org.openkcl.samples.demo.proof;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Delays per airport of origin: what the demo's application computes.
 *
 * @param byOrigin by airport code; unmodifiable
 */
public record DelayStatistics(SortedMap<String, OriginDelays> byOrigin) {
  public DelayStatistics {
    byOrigin = Collections.unmodifiableSortedMap(new TreeMap<>(byOrigin));
  }

  /** What a statistic is made of: one flight's origin and delay, wherever they were read. */
  public interface Departure {
    /** Airport code. */
    String origin();

    /** How late; negative when early. */
    int delayMinutes();
  }

  /** An airport and its delays. */
  public record Ranked(String origin, OriginDelays delays) {}

  /** Adds up. */
  public static DelayStatistics of(Stream<? extends Departure> departures) {
    SortedMap<String, OriginDelays> byOrigin = new TreeMap<>();
    departures.forEach(departure -> byOrigin.merge(
        departure.origin(), OriginDelays.of(departure.delayMinutes()), OriginDelays::plus));
    return new DelayStatistics(byOrigin);
  }

  /**
   * The airports with the largest mean delay, worst first.
   *
   * @param flightsMin airports with fewer flights are left out: their mean says little
   */
  public List<Ranked> mostDelayed(int count, long flightsMin) {
    return byOrigin.entrySet().stream()
        .map(entry -> new Ranked(entry.getKey(), entry.getValue()))
        .filter(ranked -> ranked.delays().flights() >= flightsMin)
        .sorted(Comparator.comparingDouble((Ranked ranked) -> ranked.delays().meanMinutes())
            .reversed()
            .thenComparing(Ranked::origin))
        .limit(count)
        .toList();
  }

  /** One sentence for each airport for which {@code actual} differs from this; empty if none. */
  public List<String> differences(DelayStatistics actual) {
    TreeSet<String> origins = new TreeSet<>(byOrigin.keySet());
    origins.addAll(actual.byOrigin.keySet());
    List<String> differences = new ArrayList<>();
    for (String origin : origins) {
      String expected = describe(byOrigin, origin);
      String got = describe(actual.byOrigin, origin);
      if (!expected.equals(got)) {
        differences.add(origin + ": " + expected + " by the file, " + got + " by the workers");
      }
    }
    return differences;
  }

  private static String describe(Map<String, OriginDelays> byOrigin, String origin) {
    OriginDelays delays = byOrigin.getOrDefault(origin, new OriginDelays(0, 0, 0, 0));
    return "%d flights, %d delayed, %d minutes, worst %d"
        .formatted(
            delays.flights(), delays.delayed(), delays.delayMinutes(), delays.worstMinutes());
  }
}
