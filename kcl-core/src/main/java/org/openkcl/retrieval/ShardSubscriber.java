package org.openkcl.retrieval;

import java.util.concurrent.CompletionStage;
import org.openkcl.lineage.StreamFailure;

/**
 * Subscribes to the shards of one stream as one registered consumer (enhanced fan-out). Every method
 * returns at once; stages complete and listeners are called on threads of the adapter's choosing.
 *
 * <p>Thread-safe.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html">SubscribeToShard</a>
 */
public interface ShardSubscriber {

  /**
   * The consumer, registered with the stream and active. Registers it unless that has been done;
   * asking again costs nothing.
   *
   * @return fails with {@link StreamFailure} only
   */
  CompletionStage<Registration> registered();

  /**
   * Asks the service whether the consumer is still there, and registers it anew if it is not and
   * that is the application's to do.
   *
   * @return whether it is another consumer now, so that a subscription that was refused may succeed;
   *     fails with {@link StreamFailure} only
   */
  CompletionStage<Boolean> lookAgain();

  /**
   * Subscribes. Nothing is delivered before it is {@linkplain Subscription#request() requested}.
   *
   * @param consumer as {@link #registered()} gave it
   * @param shardId the bare shard id
   * @param position where the first event begins
   * @param listener hears what comes of it
   */
  Subscription subscribe(
      Registration consumer, String shardId, ReadPosition position, Listener listener);

  /**
   * A registered consumer.
   *
   * @param arn names it, and with it the stream
   * @param openShards how many open shards the stream had; sizes the transport
   */
  record Registration(String arn, int openShards) {}

  /** One subscription under way. */
  interface Subscription {
    /** Lets one more event come. */
    void request();

    /** Ends it. The listener may still hear of it, or not. */
    void cancel();
  }

  /** What hears of one subscription, one call at a time, in order. */
  interface Listener {
    /** The service has accepted the subscription. */
    void opened();

    /** An event that was requested. */
    void received(SubscriptionEvent event);

    /** It is over without an error: after five minutes, at the end of a shard, or cut off. */
    void ended();

    /**
     * It was refused, or ended with an error. Kind IN_USE: another subscription of the same consumer
     * to the same shard has just begun.
     */
    void failed(StreamFailure failure);
  }
}
