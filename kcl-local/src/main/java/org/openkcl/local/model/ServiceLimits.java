package org.openkcl.local.model;

/**
 * How much shards carry and how often operations may be called (developer guide: Quotas and limits).
 *
 * @param readsPerSecond GetRecords calls a second and shard
 * @param readBytesPerSecond bytes a second and shard that GetRecords returns
 * @param writeRecordsPerSecond records a second and shard
 * @param writeBytesPerSecond bytes of data and partition keys a second and shard
 * @param subscriptionBytesPerSecond bytes a second, shard and registered consumer that
 *     SubscribeToShard pushes
 * @param callRates whether calls of other operations are counted
 */
public record ServiceLimits(
    long readsPerSecond,
    long readBytesPerSecond,
    long writeRecordsPerSecond,
    long writeBytesPerSecond,
    long subscriptionBytesPerSecond,
    boolean callRates) {
  private static final long MIB = 1024 * 1024;

  public ServiceLimits {
    if (Math.min(readsPerSecond, readBytesPerSecond) < 1
        || Math.min(writeRecordsPerSecond, writeBytesPerSecond) < 1
        || subscriptionBytesPerSecond < 1) {
      throw new IllegalArgumentException("Each limit must be at least 1 a second: got reads="
          + readsPerSecond
          + ", readBytes="
          + readBytesPerSecond
          + ", writeRecords="
          + writeRecordsPerSecond
          + ", writeBytes="
          + writeBytesPerSecond
          + ", subscriptionBytes="
          + subscriptionBytesPerSecond);
    }
  }

  /** No limits. */
  public static ServiceLimits none() {
    long none = Long.MAX_VALUE;
    return new ServiceLimits(none, none, none, none, none, false);
  }

  /**
   * The service's: 5 reads and 2 MiB out, 1,000 records and 1 MiB in, a second and shard; 2 MiB more
   * for each registered consumer; and its call rates.
   */
  public static ServiceLimits service() {
    return new ServiceLimits(5, 2 * MIB, 1_000, MIB, 2 * MIB, true);
  }
}
