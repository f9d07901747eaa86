package org.openkcl.retrieval;

/**
 * How a stream is read by enhanced fan-out.
 *
 * @param maxRecords the most records of one batch, 1 to 10,000; an event that has more comes whole.
 *     Default 10,000: what has arrived while a processor was busy is one batch
 * @param failuresTolerated how many subscriptions in a row may fail before the reader is told; {@link
 *     #NEVER_GIVE_UP} tries for ever, which is the default
 */
public record FanOutSettings(int maxRecords, int failuresTolerated) {
  /** Subscriptions are tried again until one lasts. */
  public static final int NEVER_GIVE_UP = Integer.MAX_VALUE;

  /** 10,000 records; never gives up. */
  public static final FanOutSettings DEFAULT = new FanOutSettings(10_000, NEVER_GIVE_UP);

  public FanOutSettings {
    if (maxRecords < 1 || maxRecords > 10_000) {
      throw new IllegalArgumentException("maxRecords must be 1 to 10,000: got " + maxRecords);
    }
    if (failuresTolerated < 1) {
      throw new IllegalArgumentException(
          "failuresTolerated must be 1 or more: got " + failuresTolerated);
    }
  }

  /** The same settings with this limit. */
  public FanOutSettings withMaxRecords(int limit) {
    return new FanOutSettings(limit, failuresTolerated);
  }

  /** The same settings with this tolerance. */
  public FanOutSettings withFailuresTolerated(int failures) {
    return new FanOutSettings(maxRecords, failures);
  }
}
