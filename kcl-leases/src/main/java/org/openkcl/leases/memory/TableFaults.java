package org.openkcl.leases.memory;

import java.time.Duration;

/**
 * What a simulated network does to requests for the lease table.
 *
 * @param maxLatency each way takes between nothing and this long
 * @param throttled share of requests refused as too many, 0 to 1
 * @param lostRequests share of requests that never arrive, 0 to 1
 * @param lostReplies share of requests that take effect and whose reply is lost, 0 to 1
 * @param denied share of requests refused for want of permission, 0 to 1
 */
public record TableFaults(
    Duration maxLatency, double throttled, double lostRequests, double lostReplies, double denied) {

  /** Faults of the network and of capacity only. */
  public TableFaults(
      Duration maxLatency, double throttled, double lostRequests, double lostReplies) {
    this(maxLatency, throttled, lostRequests, lostReplies, 0);
  }

  /** A good network: up to 10 ms each way, no faults. */
  public static final TableFaults NONE = new TableFaults(Duration.ofMillis(10), 0, 0, 0);
}
