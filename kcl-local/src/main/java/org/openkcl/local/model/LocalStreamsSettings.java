package org.openkcl.local.model;

/**
 * How much {@link LocalStreams} may hold, and how like the service they are.
 *
 * @param storedBytesMax bytes of all records of all streams, each counted with its payload, its
 *     partition key and 200 bytes; at least 1
 * @param shardsMax open shards of all streams; at least 1
 * @param limits how much shards carry and how often operations may be called
 * @param delays how long changes take
 */
public record LocalStreamsSettings(
    long storedBytesMax, int shardsMax, ServiceLimits limits, ServiceDelays delays) {
  public LocalStreamsSettings {
    if (storedBytesMax < 1) {
      throw new IllegalArgumentException(
          "storedBytesMax must be at least 1: got " + storedBytesMax);
    }
    if (shardsMax < 1) {
      throw new IllegalArgumentException("shardsMax must be at least 1: got " + shardsMax);
    }
  }

  /**
   * A quarter of the heap, and the 20,000 shards that us-east-1 allows an account by default; no
   * limits, no delays.
   */
  public static LocalStreamsSettings defaults() {
    return new LocalStreamsSettings(
        Runtime.getRuntime().maxMemory() / 4, 20_000, ServiceLimits.none(), ServiceDelays.none());
  }

  public LocalStreamsSettings withStoredBytesMax(long bytes) {
    return new LocalStreamsSettings(bytes, shardsMax, limits, delays);
  }

  public LocalStreamsSettings withLimits(ServiceLimits newLimits) {
    return new LocalStreamsSettings(storedBytesMax, shardsMax, newLimits, delays);
  }

  public LocalStreamsSettings withDelays(ServiceDelays newDelays) {
    return new LocalStreamsSettings(storedBytesMax, shardsMax, limits, newDelays);
  }
}
