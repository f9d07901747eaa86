package org.openkcl.local.model;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** What a subscription has for its subscriber now. */
public sealed interface SubscriptionStep {

  /** One function per case. */
  <T> T match(Function<Push, T> push, Function<Pause, T> pause, Function<End, T> end);

  /** An event to push; afterwards the subscription is asked again. */
  record Push(SubscriptionEvent event) implements SubscriptionStep {
    @Override
    public <T> T match(Function<Push, T> push, Function<Pause, T> pause, Function<End, T> end) {
      return push.apply(this);
    }
  }

  /**
   * Nothing for now.
   *
   * @param until when to ask again, unless woken before
   */
  record Pause(Instant until) implements SubscriptionStep {
    @Override
    public <T> T match(Function<Push, T> push, Function<Pause, T> pause, Function<End, T> end) {
      return pause.apply(this);
    }
  }

  /**
   * The subscription is over; every later step is this one again.
   *
   * @param error what the stream of events fails with; empty after five minutes and after the end
   *     of a shard, when it just ends
   */
  record End(Optional<StreamException> error) implements SubscriptionStep {
    @Override
    public <T> T match(Function<Push, T> push, Function<Pause, T> pause, Function<End, T> end) {
      return end.apply(this);
    }
  }
}
