package org.openkcl.lineage;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.openkcl.InitialPosition;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.Lease;
import org.openkcl.leases.LeaseKey;
import org.openkcl.leases.Ownership;
import org.openkcl.leases.Progress;
import org.openkcl.leases.ShardFacts;

/** Leases written as {@code A=SHARD_END B=1500}. */
final class Leases {
  private Leases() {}

  static Map<String, Lease> of(History history, String text) {
    Map<String, Lease> leases = new LinkedHashMap<>();
    for (String part : text.strip().split("\\s+")) {
      if (!part.isEmpty()) {
        String[] sides = part.split("=");
        Shard shard = history.shard(sides[0]);
        leases.put(
            sides[0],
            new Lease(
                new LeaseKey(sides[0]),
                new Ownership("w", null, 7, 0, null),
                Progress.at(Checkpoint.at(sides[1])),
                new ShardFacts(
                    shard.parentShardIds(), Set.of(), shard.hashKeyRange(), null, null)));
      }
    }
    return leases;
  }

  static Lease get(Map<String, Lease> leases, String shardId) {
    return Objects.requireNonNull(leases.get(shardId), shardId);
  }

  static String text(List<Lease> leases) {
    return leases.stream()
        .map(lease -> lease.shardId() + "=" + lease.checkpoint())
        .collect(Collectors.joining(" "));
  }

  /** Seeding at a column: column c is the instant c seconds after 1970. */
  static Seeding seeding(InitialPosition position, Instant now) {
    return new Seeding(
        StreamIdentity.SINGLE,
        position,
        switch (position.kind()) {
          case LATEST -> now;
          case TRIM_HORIZON -> null;
          case AT_TIMESTAMP -> position.timestamp().orElseThrow();
        },
        shardId -> new Ownership(null, null, 1_000, 0, null));
  }
}
