package org.openkcl.samples.demo.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the records of each key were processed in the order in which they were put, on whichever
 * shards they came: splits and merges move a key from shard to shard. Judged by first deliveries,
 * since a record that a new owner gets again may come after later ones.
 */
public final class KeyOrder {
  private static final long NEVER = Long.MAX_VALUE;

  private KeyOrder() {}

  /**
   * What was found.
   *
   * @param outOfOrder records that were processed before an earlier one of their key
   * @param reasons a sentence for each key that has such records
   */
  public record Findings(long outOfOrder, List<String> reasons) {
    public Findings {
      reasons = List.copyOf(reasons);
    }
  }

  /** One key while its records are gone through in the order in which they were put. */
  private static final class Key {
    private long latestMicros = Long.MIN_VALUE;
    private long disordered;
    private String example = "";
    private @Nullable PutRecord latest;
  }

  /** Looks at all records; {@code production} has them in the order in which they were put. */
  public static Findings check(Production production, List<Incarnation> lives) {
    Map<String, Map<String, Long>> firstMicros = firstMicros(lives);
    Map<String, Key> keys = new HashMap<>();
    for (PutRecord put : production.puts()) {
      long micros = firstMicros
          .getOrDefault(put.shardId(), Map.of())
          .getOrDefault(put.sequenceNumber(), NEVER);
      if (micros != NEVER) {
        follow(keys.computeIfAbsent(put.origin(), origin -> new Key()), put, micros);
      }
    }
    List<String> reasons = new ArrayList<>();
    long outOfOrder = 0;
    for (Map.Entry<String, Key> entry : keys.entrySet()) {
      Key key = entry.getValue();
      if (key.disordered > 0) {
        outOfOrder += key.disordered;
        reasons.add("%d records of key %s were processed before an earlier one: %s"
            .formatted(key.disordered, entry.getKey(), key.example));
      }
    }
    return new Findings(outOfOrder, reasons);
  }

  private static void follow(Key key, PutRecord put, long micros) {
    PutRecord latest = key.latest;
    if (latest != null && micros < key.latestMicros) {
      key.disordered++;
      key.example = key.example.isEmpty()
          ? "%s of %s before %s of %s"
              .formatted(
                  put.sequenceNumber(), put.shardId(), latest.sequenceNumber(), latest.shardId())
          : key.example;
      return;
    }
    key.latest = put;
    key.latestMicros = micros;
  }

  /** When each record of each shard was first delivered. */
  private static Map<String, Map<String, Long>> firstMicros(List<Incarnation> lives) {
    Map<String, Map<String, Long>> shards = new HashMap<>();
    for (Incarnation life : lives) {
      Map<String, Long> shard = shards.computeIfAbsent(life.shardId(), shardId -> new HashMap<>());
      for (Delivery delivery : life.deliveries()) {
        shard.merge(delivery.sequenceNumber(), delivery.atMicros(), Math::min);
      }
    }
    return shards;
  }
}
