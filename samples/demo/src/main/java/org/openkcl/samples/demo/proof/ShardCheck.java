package org.openkcl.samples.demo.proof;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Compares one shard's records as put with the deliveries of its processors: rules 1 to 3 of {@link
 * Verifier}.
 *
 * <p>A record is known by its place on the shard: 0 for the lowest sequence number. Each processor's
 * deliveries should then read s, s+1, s+2, … for some s. Where they do not, a place that was jumped
 * over counts as lost if no processor ever had it, and as out of order if one had it later.
 */
final class ShardCheck {
  private static final long NEVER = Long.MAX_VALUE;

  private final String shardId;
  private final List<PutRecord> puts;
  private final Map<String, Integer> places = new HashMap<>();
  private final long[] firstMicros;
  private final List<String> reasons = new ArrayList<>();
  private long deliveries;
  private long outOfOrder;

  /**
   * What became of one shard's records.
   *
   * @param allDeliveredMicros when the last record that was delivered at all was delivered first
   */
  record ShardFindings(
      long delivered,
      long duplicates,
      long lost,
      long outOfOrder,
      long allDeliveredMicros,
      List<String> reasons) {}

  ShardCheck(String shardId, List<PutRecord> puts) {
    this.shardId = shardId;
    this.puts = puts.stream().sorted(Comparator.comparing(PutRecord::place)).toList();
    for (int place = 0; place < this.puts.size(); place++) {
      places.put(this.puts.get(place).sequenceNumber(), place);
    }
    firstMicros = new long[this.puts.size()];
    Arrays.fill(firstMicros, NEVER);
  }

  /** Compares; to be called once. */
  ShardFindings check(List<Incarnation> lives) {
    List<Incarnation> byStart = lives.stream()
        .sorted(Comparator.comparingLong(Incarnation::startedMicros))
        .toList();
    byStart.forEach(this::checkContents);
    byStart.forEach(this::checkOrder);
    long lost = Arrays.stream(firstMicros).filter(micros -> micros == NEVER).count();
    if (lost > 0) {
      reasons.add(lostReason(lost));
    }
    long delivered = puts.size() - lost;
    return new ShardFindings(
        delivered,
        deliveries - delivered,
        lost,
        outOfOrder,
        Arrays.stream(firstMicros).filter(micros -> micros != NEVER).max().orElse(Long.MIN_VALUE),
        reasons);
  }

  /** Notes first deliveries, and whatever was delivered that was not put like that. */
  private void checkContents(Incarnation life) {
    for (Delivery delivery : life.deliveries()) {
      Integer place = places.get(delivery.sequenceNumber());
      if (place == null) {
        reasons.add("%s: worker %s processed sequence number %s, which was never put there"
            .formatted(shardId, life.worker(), delivery.sequenceNumber()));
        continue;
      }
      deliveries++;
      firstMicros[place] = Math.min(firstMicros[place], delivery.atMicros());
      PutRecord put = puts.get(place);
      if (!put.origin().equals(delivery.origin()) || put.payloadCrc() != delivery.payloadCrc()) {
        reasons.add("%s: worker %s processed sequence number %s with another content than was put"
            .formatted(shardId, life.worker(), delivery.sequenceNumber()));
      }
    }
  }

  private void checkOrder(Incarnation life) {
    List<Delivery> known = life.deliveries().stream()
        .filter(delivery -> places.containsKey(delivery.sequenceNumber()))
        .toList();
    if (known.isEmpty()) {
      return;
    }
    BitSet own = new BitSet();
    known.forEach(delivery -> own.set(place(delivery)));

    long late = 0;
    String example = "";
    int highest = -1;
    for (Delivery delivery : known) {
      int place = place(delivery);
      if (place <= highest) {
        late++;
        example = example.isEmpty()
            ? "%s after %s"
                .formatted(delivery.sequenceNumber(), puts.get(highest).sequenceNumber())
            : example;
      }
      highest = Math.max(highest, place);
    }
    if (late > 0) {
      outOfOrder += late;
      reasons.add("%s: worker %s processed %d records out of order: %s"
          .formatted(shardId, life.worker(), late, example));
    }
    checkJumps(life, own, known.get(0).atMicros());
  }

  /** Places that this processor had not, though it had later ones, and that another had later. */
  private void checkJumps(Incarnation life, BitSet own, long startMicros) {
    int start = own.nextSetBit(0);
    long jumped = 0;
    for (int place = own.nextClearBit(0);
        place < own.length();
        place = own.nextClearBit(place + 1)) {
      boolean deliveredInTime = place < start && firstMicros[place] <= startMicros;
      if (firstMicros[place] != NEVER && !deliveredInTime) {
        jumped++;
      }
    }
    if (jumped > 0) {
      outOfOrder += jumped;
      reasons.add("%s: worker %s left out %d records that had not been processed yet"
          .formatted(shardId, life.worker(), jumped));
    }
  }

  private String lostReason(long lost) {
    int first = 0;
    while (firstMicros[first] != NEVER) {
      first++;
    }
    PutRecord put = puts.get(first);
    return "%s: %d of %d records were never processed, the first of them %s (%s)"
        .formatted(shardId, lost, puts.size(), put.sequenceNumber(), put.origin());
  }

  private int place(Delivery delivery) {
    return Objects.requireNonNull(places.get(delivery.sequenceNumber()));
  }
}
