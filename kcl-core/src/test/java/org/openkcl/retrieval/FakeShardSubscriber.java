package org.openkcl.retrieval;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openkcl.environment.Simulation;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.processor.ChildShard;

/** Notes each subscription, which the test then answers by hand. */
final class FakeShardSubscriber implements ShardSubscriber {
  private final Simulation world;
  private final List<FakeSubscription> calls = new ArrayList<>();
  private CompletableFuture<Registration> registration =
      CompletableFuture.completedFuture(new Registration("arn:consumer", 4));
  private CompletableFuture<Boolean> secondLook = CompletableFuture.completedFuture(false);
  private boolean opensByItself = true;

  FakeShardSubscriber(Simulation world) {
    this.world = world;
  }

  /** From now on subscriptions are accepted only by {@link FakeSubscription#open()}. */
  void openByHand() {
    opensByItself = false;
  }

  void registration(CompletableFuture<Registration> outcome) {
    registration = outcome;
  }

  void secondLook(CompletableFuture<Boolean> outcome) {
    secondLook = outcome;
  }

  List<FakeSubscription> calls() {
    return calls;
  }

  /** Where each subscription began. */
  List<String> positions() {
    return calls.stream().map(call -> call.position.toString()).toList();
  }

  /** The times between the subscriptions, in milliseconds. */
  List<Long> gapsMillis() {
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < calls.size(); i++) {
      gaps.add((calls.get(i).calledNanos - calls.get(i - 1).calledNanos) / 1_000_000);
    }
    return gaps;
  }

  FakeSubscription last() {
    return calls.get(calls.size() - 1);
  }

  @Override
  public CompletionStage<Registration> registered() {
    return registration;
  }

  @Override
  public CompletionStage<Boolean> lookAgain() {
    return secondLook;
  }

  @Override
  public Subscription subscribe(
      Registration consumer, String shardId, ReadPosition position, Listener listener) {
    FakeSubscription call = new FakeSubscription(position, listener, world.nanoTime());
    calls.add(call);
    if (opensByItself) {
      world.schedule(Duration.ofMillis(10), listener::opened);
    }
    return call;
  }

  static final class FakeSubscription implements Subscription {
    final ReadPosition position;
    private final Listener listener;
    private final long calledNanos;
    private int requested;
    private boolean cancelled;

    FakeSubscription(ReadPosition position, Listener listener, long calledNanos) {
      this.position = position;
      this.listener = listener;
      this.calledNanos = calledNanos;
    }

    /** Events requested that have not come. */
    int requested() {
      return requested;
    }

    boolean isCancelled() {
      return cancelled;
    }

    @Override
    public void request() {
      requested++;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    void open() {
      listener.opened();
    }

    void event(long behindMillis, String... sequenceNumbers) {
      String last = sequenceNumbers.length == 0 ? "0" : sequenceNumbers[sequenceNumbers.length - 1];
      event(last, List.of(), 1024, behindMillis, sequenceNumbers);
    }

    void event(
        @Nullable String continuation,
        List<ChildShard> children,
        long bytes,
        long behindMillis,
        String... sequenceNumbers) {
      if (requested < 1) {
        throw new AssertionError("An event that nobody requested");
      }
      requested--;
      listener.received(new SubscriptionEvent(
          TestRecords.of(sequenceNumbers), continuation, behindMillis, children, bytes));
    }

    void end() {
      listener.ended();
    }

    void fail(StreamFailure.Kind kind) {
      listener.failed(new StreamFailure(kind, "scripted " + kind));
    }
  }
}
