package org.openkcl.testkit;

import java.time.Duration;

/**
 * What a simulated network and service do to requests for the stream.
 *
 * @param maxLatency each way takes between nothing and this long
 * @param throttled share of requests refused as too many, 0 to 1
 * @param lost share of requests that nobody answers, 0 to 1
 * @param expired share of reads whose iterator counts as expired, 0 to 1
 * @param shortened share of reads that return fewer records than there are, 0 to 1
 * @param lostReplies share of requests that take effect and whose reply never comes, 0 to 1
 */
public record StreamFaults(
    Duration maxLatency,
    double throttled,
    double lost,
    double expired,
    double shortened,
    double lostReplies) {

  /** Faults on the way there only. */
  public StreamFaults(
      Duration maxLatency, double throttled, double lost, double expired, double shortened) {
    this(maxLatency, throttled, lost, expired, shortened, 0);
  }

  /** A good network and service: up to 10 ms each way, no faults. */
  public static final StreamFaults NONE = new StreamFaults(Duration.ofMillis(10), 0, 0, 0, 0);
}
