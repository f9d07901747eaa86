package org.openkcl.retrieval;

/**
 * How much of each shard may be read by polling.
 *
 * @param readsPerSecond calls of GetRecords; more than 0
 * @param bytesPerSecond what they return; 64 KiB or more
 */
public record ReadLimits(double readsPerSecond, long bytesPerSecond) {
  private static final long LEAST_BYTES = 64 * 1024;

  /**
   * The service's: 5 reads and 2 MiB.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html">Quotas
   *     and limits</a>
   */
  public static final ReadLimits SERVICE = new ReadLimits(5, 2 * 1024 * 1024);

  public ReadLimits {
    if (!(readsPerSecond > 0) || bytesPerSecond < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "readLimits must be more than 0 reads and at least 65,536 bytes a second: got readsPerSecond="
              + readsPerSecond
              + ", bytesPerSecond="
              + bytesPerSecond);
    }
  }
}
