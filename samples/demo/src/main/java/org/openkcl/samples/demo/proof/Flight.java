package org.openkcl.samples.demo.proof;

import java.util.List;

/**
 * One flight, written {@code date,delay,distance,origin,destination} as in the data file. That line
 * is also the payload of its record in the stream.
 *
 * @param date scheduled departure, local time, {@code yyyy/MM/dd HH:mm}
 * @param delayMinutes how late it was; negative when early
 * @param distanceMiles as flown by schedule
 * @param origin airport code, never empty: the partition key
 * @param destination airport code
 */
public record Flight(
    String date, int delayMinutes, int distanceMiles, String origin, String destination)
    implements DelayStatistics.Departure {

  /** The first line of a data file. */
  public static final String HEADER = "date,delay,distance,origin,destination";

  public Flight {
    if (origin.isEmpty()) {
      throw new IllegalArgumentException("origin must not be empty: it is the partition key");
    }
  }

  /**
   * Reads one line.
   *
   * @throws IllegalArgumentException if it has not five fields or its numbers are none
   */
  public static Flight parse(String line) {
    List<String> fields = List.of(line.split(",", -1));
    if (fields.size() != 5) {
      throw new IllegalArgumentException(
          "A flight has the fields " + HEADER + ": got '" + line + "'");
    }
    try {
      return new Flight(
          fields.get(0),
          Integer.parseInt(fields.get(1)),
          Integer.parseInt(fields.get(2)),
          fields.get(3),
          fields.get(4));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("delay and distance are numbers: got '" + line + "'", e);
    }
  }

  /** The line that {@link #parse} reads. */
  public String line() {
    return date + "," + delayMinutes + "," + distanceMiles + "," + origin + "," + destination;
  }
}
