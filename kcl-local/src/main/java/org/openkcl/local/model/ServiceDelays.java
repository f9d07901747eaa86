package org.openkcl.local.model;

import java.time.Duration;

/**
 * How long changes take.
 *
 * @param create how long a new stream is {@code CREATING}
 * @param delete how long a stream that is deleted is {@code DELETING}
 * @param reshard how long a stream is {@code UPDATING} before a split, a merge, a new shard count or
 *     the shards for a warm throughput have happened
 * @param setting how long a stream is {@code UPDATING} before a new retention period, encryption,
 *     capacity mode, record size or enhanced monitoring holds
 * @param listing how long ListShards does not show shards that are there
 * @param consumer how long a registered consumer is {@code CREATING}, and {@code DELETING}
 */
public record ServiceDelays(
    Duration create,
    Duration delete,
    Duration reshard,
    Duration setting,
    Duration listing,
    Duration consumer) {
  public ServiceDelays {
    if (create.isNegative()
        || delete.isNegative()
        || reshard.isNegative()
        || setting.isNegative()
        || listing.isNegative()
        || consumer.isNegative()) {
      throw new IllegalArgumentException("Delays must not be negative: got create="
          + create
          + ", delete="
          + delete
          + ", reshard="
          + reshard
          + ", setting="
          + setting
          + ", listing="
          + listing
          + ", consumer="
          + consumer);
    }
  }

  /** Everything happens at once. */
  public static ServiceDelays none() {
    return new ServiceDelays(
        Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  /** About as long as on AWS: 10 s, 10 s, 30 s, 5 s, 1 s, 10 s. */
  public static ServiceDelays service() {
    return new ServiceDelays(
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10));
  }
}
