package org.openkcl.fleet.mixed;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows the deliveries of one shard, in order of time. A record's place is its number in the
 * shard, from 0.
 */
final class ShardCheck {
  private static final int SHOWN = 5;

  private final String shard;
  private final Map<BigInteger, Integer> places = new HashMap<>();
  private final Map<Integer, Long> firstMicros = new HashMap<>();
  private final Map<String, Integer> lastPlaces = new HashMap<>();
  private final List<Reign> reigns = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private long beganMicros = Long.MAX_VALUE;
  private int next;
  private int repeated;

  /** @param put the shard's records, in the order of their sequence numbers */
  ShardCheck(String shard, List<PutRecord> put) {
    this.shard = shard;
    for (PutRecord record : put) {
      places.put(record.sequenceNumber(), places.size());
    }
  }

  void on(Delivery delivery) {
    beganMicros = Math.min(beganMicros, delivery.micros());
    if (reigns.isEmpty() || !reigns.get(reigns.size() - 1).goesOnWith(delivery)) {
      lastPlaces.remove(delivery.worker()); // it may well begin further on than it ended
    }
    int before = repeated;
    for (BigInteger sequenceNumber : delivery.sequenceNumbers()) {
      Integer place = places.get(sequenceNumber);
      if (place == null) {
        find(
            "foreign record", delivery, "was given " + sequenceNumber + ", which was not put here");
      } else {
        onRecord(delivery, place);
      }
    }
    addToReigns(delivery, repeated - before);
  }

  private void onRecord(Delivery delivery, int place) {
    Integer last = lastPlaces.put(delivery.worker(), place);
    if (place > next) {
      find(
          "order",
          delivery,
          "was given record " + place + " while nobody had been given record " + next);
    } else if (last != null && place > last + 1) {
      find("skipped", delivery, "went from record " + last + " to " + place);
    }
    next = Math.max(next, place + 1);
    if (firstMicros.putIfAbsent(place, delivery.micros()) != null) {
      repeated++;
    }
  }

  private void addToReigns(Delivery delivery, int more) {
    int last = reigns.size() - 1;
    if (last >= 0 && reigns.get(last).goesOnWith(delivery)) {
      reigns.set(last, reigns.get(last).with(delivery, more));
    } else {
      reigns.add(Reign.of(delivery, more));
    }
  }

  private void find(String rule, Delivery delivery, String what) {
    findings.add(new Finding(
        rule, shard + ": " + delivery.worker() + " " + what + " (at " + delivery.micros() + ")"));
  }

  /** Records that nobody was given, as one finding. */
  List<Finding> findings() {
    List<Finding> all = new ArrayList<>(findings);
    List<Integer> lost = places.values().stream()
        .filter(place -> !firstMicros.containsKey(place))
        .sorted()
        .toList();
    if (!lost.isEmpty()) {
      all.add(new Finding(
          "lost",
          shard + ": nobody was given " + lost.size() + " of " + places.size() + " records: "
              + lost.subList(0, Math.min(SHOWN, lost.size()))
              + (lost.size() > SHOWN ? " and more" : "")));
    }
    return all;
  }

  /** How many records were given to nobody before a moment. */
  long missingAt(long micros) {
    return places.values().stream()
        .filter(place -> firstMicros.getOrDefault(place, Long.MAX_VALUE) > micros)
        .count();
  }

  /** When the first call began; {@code Long.MAX_VALUE} if there was none. */
  long beganMicros() {
    return beganMicros;
  }

  int repeated() {
    return repeated;
  }

  List<Reign> reigns() {
    return List.copyOf(reigns);
  }

  /** How many records have been given to somebody. */
  int delivered() {
    return firstMicros.size();
  }
}
