package org.openkcl.samples.demo.proof;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where the fleet is while it runs, by its ledgers.
 *
 * @param delivered records that reached a processor at least once
 * @param latest each shard's highest sequence number that a processor ended with up to now
 * @param reading the shards that each worker has got records of and not given up
 */
public record Progress(
    long delivered, Map<String, String> latest, Map<String, Set<String>> reading) {
  public Progress {
    latest = Map.copyOf(latest);
    reading = Map.copyOf(reading);
  }

  /** Adds up. */
  public static Progress of(List<Incarnation> lives) {
    Set<String> delivered = new HashSet<>();
    Map<String, String> latest = new TreeMap<>();
    Map<String, Set<String>> reading = new TreeMap<>();
    for (Incarnation life : lives) {
      for (Delivery delivery : life.deliveries()) {
        delivered.add(life.shardId() + " " + delivery.sequenceNumber());
        latest.merge(life.shardId(), delivery.sequenceNumber(), PutRecord::later);
      }
      if (life.closedMicros().isEmpty() && !life.deliveries().isEmpty()) {
        reading.computeIfAbsent(life.worker(), worker -> new TreeSet<>()).add(life.shardId());
      }
    }
    return new Progress(delivered.size(), latest, reading);
  }

  /** How many shards the worker reads. */
  public int shardsOf(String worker) {
    return reading.getOrDefault(worker, Set.of()).size();
  }
}
