package org.openkcl.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.openkcl.ConsumerEvent;
import org.openkcl.ConsumerListener;
import org.openkcl.WorkerEvent;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;

/**
 * The way of events to one listener: in order, one at a time, away from the event loop. What is more
 * than {@value #MAX_WAITING} waiting events is dropped and counted. Confined to the event loop, but
 * for the calls themselves.
 */
final class ListenerQueue {
  static final int MAX_WAITING = 1_000;

  private final Environment environment;
  private final EventLoop loop;
  private final ConsumerListener listener;
  private final Consumer<ConsumerEvent> meter;
  private final RateLimitedLog warnings;
  private final Deque<ConsumerEvent> waiting = new ArrayDeque<>();
  private final List<CompletableFuture<Void>> flushes = new ArrayList<>();
  private boolean telling;
  private long dropped;

  /**
   * @param meter hears of what the listener was not told
   */
  ListenerQueue(
      Environment environment,
      EventLoop loop,
      ConsumerListener listener,
      Consumer<ConsumerEvent> meter,
      RateLimitedLog warnings) {
    this.environment = environment;
    this.loop = loop;
    this.listener = listener;
    this.meter = meter;
    this.warnings = warnings;
  }

  void add(ConsumerEvent event) {
    if (waiting.size() >= MAX_WAITING) {
      dropped++;
      return;
    }
    waiting.add(event);
    next();
  }

  /** Completes when the listener has been told everything. */
  CompletionStage<Void> flushed() {
    CompletableFuture<Void> flushed = new CompletableFuture<>();
    flushes.add(flushed);
    next();
    return flushed;
  }

  private void next() {
    if (telling) {
      return;
    }
    if (waiting.isEmpty()) {
      flushes.forEach(flushed -> flushed.complete(null));
      flushes.clear();
      return;
    }
    List<ConsumerEvent> events = new ArrayList<>(waiting);
    waiting.clear();
    if (dropped > 0) {
      ConsumerEvent lost = new WorkerEvent.EventsDropped(environment.now(), dropped);
      meter.accept(lost);
      events.add(lost);
      dropped = 0;
    }
    telling = true;
    try {
      environment.runBlocking("openkcl-listener", () -> tell(events));
    } catch (RuntimeException | Error refused) { // for want of a thread, say
      telling = false;
      warnings.warn(
          "listener.not-told",
          "%d events are not told to a listener: %s".formatted(events.size(), refused));
    }
  }

  private void tell(List<ConsumerEvent> events) {
    for (ConsumerEvent event : events) {
      try {
        listener.on(event);
      } catch (Throwable thrown) { // whatever a listener throws is its own business
        loop.execute(() ->
            warnings.warn("listener.threw", "", "A listener threw on: " + event.message(), thrown));
      }
    }
    loop.execute(() -> {
      telling = false;
      next();
    });
  }
}
