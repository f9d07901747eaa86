package org.openkcl.local.http;

import org.openkcl.local.faults.FaultCall;
import org.openkcl.local.model.ConsumerId;
import org.openkcl.local.model.IteratorPosition;
import org.openkcl.local.model.StreamConsumers;
import org.openkcl.local.model.Subscription;

/**
 * A subscription that the model has granted and that nobody feeds on yet. As a reply it has no
 * members; the events come after it.
 */
final class OpenedSubscription implements ReplyBody {
  private final FaultCall call;
  private final Subscription subscription;
  private Runnable onWake = () -> {};

  private OpenedSubscription(
      StreamConsumers consumers,
      ConsumerId id,
      String shardId,
      IteratorPosition position,
      FaultCall call) {
    this.call = call;
    this.subscription = consumers.subscribe(id, shardId, position, () -> onWake.run());
  }

  static OpenedSubscription open(
      StreamConsumers consumers,
      ConsumerId id,
      String shardId,
      IteratorPosition position,
      FaultCall call) {
    return new OpenedSubscription(consumers, id, shardId, position, call);
  }

  /** What faults are asked about its events. */
  FaultCall call() {
    return call;
  }

  /** The subscription, whose pauses end with this call from now on. */
  Subscription wakingBy(Runnable wake) {
    onWake = wake; // nobody wakes it before it has paused, which it does under the streams' lock
    return subscription;
  }

  @Override
  public void writeTo(ReplyWriter out) {
    // SubscribeToShardOutput has no members beside the events.
  }
}
