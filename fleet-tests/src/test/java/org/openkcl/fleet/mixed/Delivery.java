package org.openkcl.fleet.mixed;

import java.math.BigInteger;
import java.util.List;
import org.openkcl.fleet.peer.PeerEvent;

/**
 * One call of {@code processRecords}, as its worker reported it.
 *
 * @param micros when it began, in microseconds since 1970
 */
record Delivery(String worker, String shard, long micros, List<BigInteger> sequenceNumbers) {
  Delivery {
    sequenceNumbers = List.copyOf(sequenceNumbers);
  }

  /** From a {@code records} event. */
  static Delivery of(String worker, PeerEvent event) {
    return new Delivery(
        worker,
        event.shardId(),
        event.epochMicros(),
        event.sequenceNumbers().stream().map(BigInteger::new).toList());
  }
}
