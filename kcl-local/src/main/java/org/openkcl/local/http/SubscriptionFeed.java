package org.openkcl.local.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.faults.FaultCall;
import org.openkcl.local.faults.SubscriptionEffect;
import org.openkcl.local.model.Subscription;
import org.openkcl.local.model.SubscriptionEvent;
import org.openkcl.local.model.SubscriptionStep;

/**
 * A subscription on its way to one client: asks for the next event when the client has taken the one
 * before, so that there is never more than one in memory. Has no thread of its own; it runs when a
 * write is done or the subscription wakes.
 */
final class SubscriptionFeed extends IteratingCallback {
  /** How long a client may take for the event under way once the subscription is over. */
  private static final Duration PARTING_TIME = Duration.ofSeconds(10);

  private final GuardedStreams streams;
  private final GuardedFaults faults;
  private final FaultCall call;
  private final Subscription subscription;
  private final Response response;
  private final Callback callback;
  private final Executor executor;
  private final Consumer<SubscriptionFeed> onDone;

  /** Runs something a little later. */
  private final Consumer<Runnable> later;

  private final AtomicBoolean partingIsOver = new AtomicBoolean();

  private Stage stage = Stage.UNOPENED;
  private @Nullable String continuation;

  private enum Stage {
    UNOPENED,
    OPEN,
    /** Silent until it is cut off, on command. */
    STALLED,
    /**
     * All is said, and the stream is left open for a moment. A client that uses a connection for one
     * subscription only, as the SDK for JavaScript does, has asked for the connection to be closed
     * with it; if that came on the heels of the last event, it would throw away what it had received
     * and not read yet.
     */
    PARTING,
    ENDED
  }

  SubscriptionFeed(
      GuardedStreams streams,
      GuardedFaults faults,
      OpenedSubscription opening,
      Response response,
      Callback callback,
      Executor executor,
      Consumer<Runnable> later,
      Consumer<SubscriptionFeed> onDone) {
    this.streams = streams;
    this.faults = faults;
    this.call = opening.call();
    this.response = response;
    this.callback = callback;
    this.onDone = onDone;
    this.executor = executor;
    this.later = later;
    this.subscription = opening.wakingBy(this::wake);
  }

  @Override
  protected Action process() {
    return switch (stage) {
      case UNOPENED -> {
        stage = Stage.OPEN;
        yield write(EventMessages.initialResponse());
      }
      case OPEN ->
        streams
            .askRecords(model -> subscription.next())
            .match(push -> push(push.event()), pause -> Action.IDLE, this::end);
      case STALLED -> Action.IDLE;
      case PARTING -> partingIsOver.get() ? finish() : Action.IDLE;
      case ENDED -> Action.SUCCEEDED;
    };
  }

  private Action push(SubscriptionEvent event) {
    SubscriptionEffect effect =
        faults.ask(rules -> rules.isEmpty() ? SubscriptionEffect.NONE : rules.onEvent(call));
    return switch (effect) {
      case NONE -> send(event);
      case REPEAT_CONTINUATION ->
        send(continuation == null ? event : event.continuedAt(continuation));
      case STALL -> {
        stage = Stage.STALLED;
        yield Action.IDLE;
      }
      case DROP -> {
        abort(new EofException("A dropped subscription, on command"));
        yield Action.IDLE;
      }
    };
  }

  private Action send(SubscriptionEvent event) {
    continuation = event.continuationSequenceNumber();
    return write(EventMessages.event(event));
  }

  private Action end(SubscriptionStep.End end) {
    stage = Stage.PARTING;
    later.accept(() -> {
      partingIsOver.set(true);
      wake();
    });
    return end.error().map(EventMessages::exception).map(this::write).orElse(Action.IDLE);
  }

  private Action finish() {
    stage = Stage.ENDED;
    response.write(true, ByteBuffer.allocate(0), this);
    return Action.SCHEDULED;
  }

  private Action write(ByteBuffer message) {
    response.write(false, message, this);
    return Action.SCHEDULED;
  }

  /** Called under the streams' lock or by the timer, so it only asks for a thread. */
  private void wake() {
    executor.execute(this::iterate);
  }

  /** Gives up on a client that does not take the last event. Called under the streams' lock. */
  void abortIfOverdue() {
    if (subscription.isOverFor(PARTING_TIME)) {
      executor.execute(() -> abort(new EofException(
          "The subscription is over, and its last event was not taken within " + PARTING_TIME)));
    }
  }

  @Override
  protected void onCompleteSuccess() {
    onDone.accept(this);
    callback.succeeded();
  }

  @Override
  protected void onFailure(Throwable cause) {
    onDone.accept(this);
    streams.tellRecords(model -> subscription.cancel());
    callback.failed(cause);
  }
}
