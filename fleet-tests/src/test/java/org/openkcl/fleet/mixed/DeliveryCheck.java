package org.openkcl.fleet.mixed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges what was delivered against what was put. Nothing may be lost; in each shard first
 * deliveries follow the order of the shard, and a worker goes on record by record from where it
 * began; nothing of a child comes before all of its parents. Records that come twice are counted,
 * and nobody is blamed for them.
 */
final class DeliveryCheck {
  private final Map<String, ShardCheck> shards = new TreeMap<>();
  private final int put;

  private DeliveryCheck(Collection<PutRecord> put) {
    this.put = put.size();
    Map<String, List<PutRecord>> byShard = new TreeMap<>();
    put.stream()
        .sorted(Comparator.comparing(PutRecord::sequenceNumber))
        .forEach(record ->
            byShard.computeIfAbsent(record.shard(), shard -> new ArrayList<>()).add(record));
    byShard.forEach((shard, records) -> shards.put(shard, new ShardCheck(shard, records)));
  }

  /**
   * @param parents by child, of the shards that have any
   */
  static DeliveryVerdict judge(
      Collection<PutRecord> put,
      Collection<Delivery> deliveries,
      Map<String, Set<String>> parents) {
    DeliveryCheck check = new DeliveryCheck(put);
    deliveries.stream()
        .filter(delivery -> !delivery.sequenceNumbers().isEmpty())
        .sorted(Comparator.comparingLong(Delivery::micros))
        .forEach(delivery -> check.shard(delivery.shard()).on(delivery));
    return check.verdict(parents);
  }

  private ShardCheck shard(String shard) {
    return shards.computeIfAbsent(shard, unknown -> new ShardCheck(unknown, List.of()));
  }

  private DeliveryVerdict verdict(Map<String, Set<String>> parents) {
    List<Finding> findings = new ArrayList<>();
    List<Reign> reigns = new ArrayList<>();
    int delivered = 0;
    int repeated = 0;
    for (ShardCheck shard : shards.values()) {
      findings.addAll(shard.findings());
      reigns.addAll(shard.reigns());
      delivered += shard.delivered();
      repeated += shard.repeated();
    }
    parents.forEach((child, itsParents) -> judgeFamily(child, itsParents, findings));
    return new DeliveryVerdict(put, delivered, repeated, reigns, findings);
  }

  private void judgeFamily(String child, Set<String> parents, List<Finding> findings) {
    ShardCheck itself = shards.get(child);
    if (itself == null || itself.beganMicros() == Long.MAX_VALUE) {
      return;
    }
    for (String parent : parents) {
      ShardCheck older = shards.get(parent);
      long missing = older == null ? 0 : older.missingAt(itself.beganMicros());
      if (missing > 0) {
        findings.add(new Finding(
            "child before parent",
            child + " began while nobody had been given " + missing + " records of " + parent));
      }
    }
  }
}
