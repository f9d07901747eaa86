package org.openkcl.local.model;

/**
 * How many shards an on-demand stream has: four at first, and after each minute so many that they
 * take twice what was written in the busiest minute so far; at most doubled at a time, at most 200,
 * never fewer than before.
 *
 * <p>The service promises room for twice the peak of the last 30 days; when and how it splits it does
 * not say. Once a minute, by the clock, is this model's choice.
 */
final class OnDemandRules {
  static final int INITIAL_SHARDS = 4;
  static final int STREAMS_MAX = 50;

  private static final int SHARDS_MAX = 200;
  private static final double SHARD_BYTES_PER_SECOND = 1024.0 * 1024.0;
  private static final double SHARD_RECORDS_PER_SECOND = 1_000.0;

  /** 10 GiB a second, the most that the service warms a stream up for. */
  private static final int WARM_MIBPS_MAX = 10 * 1024;

  private OnDemandRules() {}

  /** The shards wanted after a full minute. */
  static int shardsFor(WriteMeter meter, int current) {
    double busiest = Math.max(
        meter.peakBytesPerSecond() / SHARD_BYTES_PER_SECOND,
        meter.peakRecordsPerSecond() / SHARD_RECORDS_PER_SECOND);
    int wanted = (int) Math.min(Math.ceil(2 * busiest), 2.0 * current);
    return Math.max(current, Math.min(wanted, SHARDS_MAX));
  }

  /** The shards wanted by a warm throughput: one for each MiB a second. */
  static int shardsForWarmThroughput(int mibps, int current) {
    return Math.max(current, mibps);
  }

  static void checkWarmThroughput(int mibps) {
    if (mibps < 0) {
      throw StreamException.validation(
          mibps, "warmThroughputMiBps", "have value greater than or equal to 0");
    }
    if (mibps > WARM_MIBPS_MAX) {
      throw StreamException.invalidArgument("WarmThroughputMiBps must be at most "
          + WARM_MIBPS_MAX
          + " (10 GiBps) for an on-demand stream: got "
          + mibps);
    }
  }

  static void requireProvisioned(Stream stream, String operation) {
    if (stream.control.mode == StreamMode.ON_DEMAND) {
      throw StreamException.invalidRequest(operation
          + " is only supported for data streams with the provisioned capacity mode: "
          + StreamNames.inAccount(stream.name)
          + " is in ON_DEMAND mode.");
    }
  }
}
