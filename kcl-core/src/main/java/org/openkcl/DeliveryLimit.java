package org.openkcl;

/**
 * How much may be delivered to processors in a second, on average: at most one second's worth at
 * once, and never less than a batch. Set {@code maxRecords} to make batches small. Immutable.
 *
 * @param recordsPerSecond positive; infinite for no limit
 * @param bytesPerSecond of data and partition keys; positive, infinite for no limit
 */
public record DeliveryLimit(double recordsPerSecond, double bytesPerSecond) {

  /** No limit. */
  public static final DeliveryLimit NONE =
      new DeliveryLimit(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  public DeliveryLimit {
    if (!(recordsPerSecond > 0) || !(bytesPerSecond > 0)) {
      throw new IllegalArgumentException(
          "A delivery limit must be positive: got recordsPerSecond=%s, bytesPerSecond=%s. Use pause() to deliver nothing."
              .formatted(recordsPerSecond, bytesPerSecond));
    }
  }

  /** So many records a second. */
  public static DeliveryLimit ofRecords(double perSecond) {
    return NONE.withRecords(perSecond);
  }

  /** So many bytes a second. */
  public static DeliveryLimit ofBytes(double perSecond) {
    return NONE.withBytes(perSecond);
  }

  /** The same with this limit for records. */
  public DeliveryLimit withRecords(double perSecond) {
    return new DeliveryLimit(perSecond, bytesPerSecond);
  }

  /** The same with this limit for bytes. */
  public DeliveryLimit withBytes(double perSecond) {
    return new DeliveryLimit(recordsPerSecond, perSecond);
  }
}
