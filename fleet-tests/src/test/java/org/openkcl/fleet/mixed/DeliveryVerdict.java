package org.openkcl.fleet.mixed;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@link DeliveryCheck} found.
 *
 * @param put how many records the stream accepted
 * @param delivered how many of them somebody was given
 * @param repeated how many deliveries were of records delivered before
 * @param reigns who delivered each shard: shard by shard, in order of time
 */
record DeliveryVerdict(
    int put, int delivered, int repeated, List<Reign> reigns, List<Finding> findings) {
  DeliveryVerdict {
    reigns = List.copyOf(reigns);
    findings = List.copyOf(findings);
  }

  /**
   * A shard that changed hands.
   *
   * @param micros from the last call at one worker to the first at the next
   */
  record Handover(String shard, String from, String to, long micros, int repeated) {}

  /** All of them, by what was delivered. */
  List<Handover> handovers() {
    List<Handover> handovers = new ArrayList<>();
    for (int i = 1; i < reigns.size(); i++) {
      Reign before = reigns.get(i - 1);
      Reign after = reigns.get(i);
      if (before.shard().equals(after.shard())) {
        handovers.add(new Handover(
            after.shard(),
            before.worker(),
            after.worker(),
            after.fromMicros() - before.toMicros(),
            after.repeated()));
      }
    }
    return handovers;
  }

  /** The longest time that a shard was dark while it changed hands, in seconds; 0 if none did. */
  double longestGapSeconds() {
    return handovers().stream().mapToLong(Handover::micros).max().orElse(0) / 1e6;
  }
}
