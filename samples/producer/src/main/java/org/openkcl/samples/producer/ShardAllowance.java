package org.openkcl.samples.producer;

/**
 * What a shard still takes in this moment: 1,000 records and 1 MiB a second, of which a tenth of a
 * second's may be saved up.
 *
 * @see <a href="https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html">Quotas
 *     and limits</a>
 */
final class ShardAllowance {
  private static final double RECORDS_PER_SECOND = 1_000;
  private static final double BYTES_PER_SECOND = 1024 * 1024;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double SAVED_RECORDS_MAX = RECORDS_PER_SECOND / 10;
  private static final double SAVED_BYTES_MAX = BYTES_PER_SECOND / 10;

  private double records = SAVED_RECORDS_MAX;
  private double bytes = SAVED_BYTES_MAX;
  private long asOfNanos;

  ShardAllowance(long nowNanos) {
    this.asOfNanos = nowNanos;
  }

  /**
   * Takes what an entry needs, if it is there. An entry larger than what can be saved up is let
   * through when all of that is there; what follows then waits longer.
   */
  boolean take(int entryBytes, long nowNanos) {
    double seconds = (nowNanos - asOfNanos) / NANOS_PER_SECOND;
    records = Math.min(SAVED_RECORDS_MAX, records + seconds * RECORDS_PER_SECOND);
    bytes = Math.min(SAVED_BYTES_MAX, bytes + seconds * BYTES_PER_SECOND);
    asOfNanos = nowNanos;
    if (records < 1 || bytes < Math.min(entryBytes, SAVED_BYTES_MAX)) {
      return false;
    }
    records -= 1;
    bytes -= entryBytes;
    return true;
  }
}
