package org.openkcl.retrieval;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.EventLoop;
import org.openkcl.lineage.StreamFailure;

/**
 * One subscription from its preparation to its end: the consumer is registered, the window's memory
 * reserved, a place among those that are being opened waited for, the service called. Brings what is
 * heard of it back to the loop, and nothing once another has taken its place.
 *
 * <p>Confined to the worker's event loop, but for what it hears as a listener.
 */
final class SubscriptionAttempt implements ShardSubscriber.Listener {
  private final FanOutRecordSources shared;
  private final EventLoop loop;
  private final String shardId;
  private final Owner owner;
  private FanOutRecordSources.@Nullable Window window;
  private OpeningPace.@Nullable Place place;
  private ShardSubscriber.@Nullable Subscription subscription;

  /** Whose subscription it is. All is called on the loop, for the current attempt only. */
  interface Owner {
    boolean isCurrent(SubscriptionAttempt candidate);

    /** The service is being called; returns where the subscription begins. */
    ReadPosition called();

    void opened();

    void received(SubscriptionEvent event);

    void ended();

    void failed(StreamFailure failure);
  }

  /** What the end of an attempt says about the service. */
  enum Outcome {
    /** Nothing. */
    OVER,
    /** It wants fewer requests. */
    THROTTLED
  }

  SubscriptionAttempt(FanOutRecordSources shared, String shardId, Owner owner) {
    this.shared = shared;
    this.loop = shared.loop();
    this.shardId = shardId;
    this.owner = owner;
  }

  void begin() {
    loop.whenDone(
        shared.subscriber().registered(),
        this::reserve,
        thrown -> onLoop(() -> owner.failed(failureOf(thrown))));
  }

  private void reserve(ShardSubscriber.Registration consumer) {
    if (owner.isCurrent(this)) {
      FanOutRecordSources.Window reserved =
          shared.reserveWindow(consumer.openShards(), () -> enter(consumer));
      window = reserved;
      if (reserved.isGranted()) {
        enter(consumer);
      }
    }
  }

  private void enter(ShardSubscriber.Registration consumer) {
    OpeningPace.Place entered = shared.openings().enter(() -> subscribe(consumer));
    place = entered;
    if (entered.isAdmitted()) {
      subscribe(consumer);
    }
  }

  private void subscribe(ShardSubscriber.Registration consumer) {
    subscription = shared.subscriber().subscribe(consumer, shardId, owner.called(), this);
  }

  /** Lets one more event come. */
  void request() {
    if (subscription != null) {
      subscription.request();
    }
  }

  /** Ends the subscription, if it has not ended, and gives back what it holds. */
  void end(Outcome outcome) {
    if (window != null) {
      window.release();
    }
    if (subscription != null) {
      subscription.cancel();
    }
    if (place != null) {
      switch (outcome) {
        case OVER -> place.leave();
        case THROTTLED -> place.throttled();
      }
    }
  }

  @Override
  public void opened() {
    onLoop(this::hasOpened);
  }

  private void hasOpened() {
    if (place != null) {
      place.succeeded();
    }
    owner.opened();
  }

  @Override
  public void received(SubscriptionEvent event) {
    onLoop(() -> owner.received(event));
  }

  @Override
  public void ended() {
    onLoop(owner::ended);
  }

  @Override
  public void failed(StreamFailure failure) {
    onLoop(() -> owner.failed(failure));
  }

  private void onLoop(Runnable news) {
    loop.execute(() -> {
      if (owner.isCurrent(this)) {
        news.run();
      }
    });
  }

  private StreamFailure failureOf(Throwable thrown) {
    Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
    return cause instanceof StreamFailure known
        ? known
        : new StreamFailure(
            StreamFailure.Kind.UNAVAILABLE,
            "Subscribing to shard " + shardId + " failed: " + cause,
            cause);
  }
}
