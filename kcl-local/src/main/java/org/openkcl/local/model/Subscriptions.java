package org.openkcl.local.model;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The subscriptions under way to all shards, oldest first. They end with the process. */
final class Subscriptions implements Serializable {
  private transient Set<Subscription> all = new LinkedHashSet<>();

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    all = new LinkedHashSet<>();
  }

  void add(Subscription subscription) {
    all.add(subscription);
  }

  void forget(Subscription subscription) {
    all.remove(subscription);
  }

  /** Those to a stream's shards. */
  List<SubscriptionInfo> of(Stream stream) {
    return all.stream()
        .filter(subscription -> subscription.isOf(stream))
        .map(Subscription::info)
        .toList();
  }

  /** Ends a consumer's. */
  void end(RegisteredConsumer consumer, StreamException error) {
    end(subscription -> subscription.isOf(consumer), error);
  }

  /** Ends those to a stream's shards. */
  void end(Stream stream, StreamException error) {
    end(subscription -> subscription.isOf(stream), error);
  }

  private void end(Predicate<Subscription> which, StreamException error) {
    for (Subscription subscription : List.copyOf(all)) {
      if (which.test(subscription)) {
        subscription.end(error);
      }
    }
  }

  /** Wakes those whose pause is over, and ends those that are too old. */
  void passTime(long now) {
    for (Subscription subscription : List.copyOf(all)) {
      subscription.passTime(now);
    }
  }
}
