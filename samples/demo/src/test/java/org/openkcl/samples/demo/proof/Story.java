package org.openkcl.samples.demo.proof;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openkcl.samples.demo.proof.Milestone.Call;

/**
 * Ledgers told in a few words: records are put on shards, and named by shard and place. Record 3 of
 * shard "s" has sequence number 1003; its origin and delay follow from its place.
 */
final class Story {
  private final List<PutRecord> puts = new ArrayList<>();
  private final Map<String, List<String>> parents = new TreeMap<>();
  private final List<Incarnation> lives = new ArrayList<>();

  /** A shard with that many records. */
  Story shard(String shardId, int records, String... itsParents) {
    parents.put(shardId, List.of(itsParents));
    for (int place = 0; place < records; place++) {
      puts.add(new PutRecord(place, shardId, number(place), origin(place), place));
    }
    return this;
  }

  /** A processor that starts at a time and gets a record each microsecond after it. */
  Life life(String worker, String shardId, long startMicros) {
    return new Life(worker, shardId, startMicros);
  }

  Verdict verdict() {
    return Verifier.verify(
        new Production(puts, parents), lives, DelayStatistics.of(puts.stream().map(Story::flight)));
  }

  List<Incarnation> lives() {
    return List.copyOf(lives);
  }

  /** One processor's life in the telling. */
  final class Life {
    private final String worker;
    private final String shardId;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<Milestone> milestones = new ArrayList<>();
    private long nowMicros;

    private Life(String worker, String shardId, long startMicros) {
      this.worker = worker;
      this.shardId = shardId;
      this.nowMicros = startMicros;
      milestones.add(new Milestone(startMicros, Call.INITIALIZED));
    }

    /** Gets the records of these places. */
    Life gets(int... places) {
      Arrays.stream(places).forEach(place -> gets(place, origin(place), place));
      return this;
    }

    /** Gets the records from one place to another, both included. */
    Life getsFrom(int first, int last) {
      for (int place = first; place <= last; place++) {
        gets(place);
      }
      return this;
    }

    /** Gets something of its own. */
    Life gets(int place, String origin, int payloadCrc) {
      nowMicros++;
      deliveries.add(new Delivery(nowMicros, number(place), origin, delay(place), payloadCrc));
      return this;
    }

    /** Time passes. */
    Life after(long micros) {
      nowMicros += micros;
      return this;
    }

    /** Is still there. */
    Story stays() {
      lives.add(new Incarnation(worker, shardId, lives.size(), deliveries, milestones));
      return Story.this;
    }

    /** Is called once more. */
    Story ends(Call call) {
      nowMicros++;
      milestones.add(new Milestone(nowMicros, call));
      return stays();
    }
  }

  static String number(int place) {
    return Integer.toString(1000 + place);
  }

  private static String origin(int place) {
    return place % 2 == 0 ? "DTW" : "HNL";
  }

  private static int delay(int place) {
    return place * 5;
  }

  private static DelayStatistics.Departure flight(PutRecord put) {
    return new Delivery(
        0,
        put.sequenceNumber(),
        put.origin(),
        delay(Integer.parseInt(put.sequenceNumber()) - 1000),
        put.payloadCrc());
  }
}
