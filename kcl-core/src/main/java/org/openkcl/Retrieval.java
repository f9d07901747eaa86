package org.openkcl;

import org.jspecify.annotations.Nullable;
import org.openkcl.kinesis.ConsumerName;

/**
 * How the shards of a stream are read: by polling, or by enhanced fan-out.
 *
 * <p>Polling asks each shard for records and shares the shard's 2 MB and 5 reads a second with all
 * applications that poll it. With enhanced fan-out Kinesis pushes records within some tens of
 * milliseconds, 2 MB a second and shard for this application alone; it costs extra, by the hour and
 * by the amount of data, and a stream has room for 20 such consumers. The page docs/retrieval.md
 * explains both.
 */
public final class Retrieval {
  private static final Retrieval POLLING = new Retrieval(false, null, null, false);

  private final boolean fanOut;
  private final @Nullable String consumerName;
  private final @Nullable String consumerArn;
  private final boolean fallingBack;

  private Retrieval(
      boolean fanOut,
      @Nullable String consumerName,
      @Nullable String consumerArn,
      boolean fallingBack) {
    this.fanOut = fanOut;
    this.consumerName = consumerName;
    this.consumerArn = consumerArn;
    this.fallingBack = fallingBack;
  }

  /** By polling. */
  public static Retrieval polling() {
    return POLLING;
  }

  /**
   * By enhanced fan-out, as the consumer that has the application's name. It is registered with the
   * stream when the first worker starts, unless it is there, and stays registered: see {@link
   * Scheduler#deregisterConsumer()}.
   */
  public static Retrieval fanOut() {
    return new Retrieval(true, null, null, false);
  }

  /**
   * By enhanced fan-out, as a consumer that somebody has registered. It must not be used by another
   * application at the same time: the two would take each other's subscriptions away.
   *
   * @throws IllegalArgumentException when it is not the ARN of a consumer
   */
  public static Retrieval fanOut(String consumerArn) {
    return new Retrieval(true, null, ConsumerName.ofArn(consumerArn).arn(), false);
  }

  /**
   * The same with a consumer of this name instead of the application's.
   *
   * @param name 1 to 128 letters, digits, '_', '.' and '-'
   * @throws IllegalStateException when there is nothing to name, or it has been named
   */
  public Retrieval consumerName(String name) {
    requireFanOut("consumerName");
    if (consumerArn != null || consumerName != null) {
      throw new IllegalStateException("The consumer was already given as '%s'. Give it once."
          .formatted(consumerArn != null ? consumerArn : consumerName));
    }
    return new Retrieval(true, ConsumerName.of(name).name(), null, fallingBack);
  }

  /**
   * The same, but shards whose subscriptions keep failing for about half a minute are polled, and
   * subscribed to again once that works: tried after 2 min, later up to every 16 min. Default: not,
   * as polling takes from what other applications may read, which may be why fan-out was chosen.
   */
  public Retrieval fallingBackToPolling() {
    requireFanOut("fallingBackToPolling");
    return new Retrieval(true, consumerName, consumerArn, true);
  }

  private void requireFanOut(String setting) {
    if (!fanOut) {
      throw new IllegalStateException(setting
          + " is a setting of enhanced fan-out: got polling. Begin with Retrieval.fanOut()");
    }
  }

  /** Whether GetRecords is, or may be, used. */
  boolean polls() {
    return !fanOut || fallingBack;
  }

  boolean subscribes() {
    return fanOut;
  }

  /** Which consumer to be. */
  ConsumerName consumer(String applicationName) {
    return consumerArn != null
        ? ConsumerName.ofArn(consumerArn)
        : ConsumerName.of(consumerName != null ? consumerName : applicationName);
  }

  @Override
  public String toString() {
    if (!fanOut) {
      return "polling";
    }
    String consumer = consumerArn != null ? consumerArn : consumerName;
    return "fan-out"
        + (consumer == null ? "" : " as " + consumer)
        + (fallingBack ? ", falling back to polling" : "");
  }
}
