package org.openkcl.worker;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.openkcl.ConsumerEvent;
import org.openkcl.ConsumerListener;
import org.openkcl.ProcessorEvent;
import org.openkcl.ReadingEvent;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where everything that happens to a worker is told: to the log at once, to each listener through a
 * queue of its own. Confined to the event loop.
 */
final class ConsumerEvents {
  private static final Logger log = LoggerFactory.getLogger(ConsumerEvents.class);

  private final RateLimitedLog warnings;
  private final Consumer<ConsumerEvent> meter;
  private final List<ListenerQueue> queues;

  /**
   * @param meter hears of everything at once, and of what listeners were not told
   */
  ConsumerEvents(
      Environment environment,
      EventLoop loop,
      List<ConsumerListener> listeners,
      Consumer<ConsumerEvent> meter) {
    this.meter = meter;
    this.warnings = new RateLimitedLog(environment, log);
    this.queues = listeners.stream()
        .map(listener -> new ListenerQueue(environment, loop, listener, meter))
        .toList();
  }

  void emit(ConsumerEvent event) {
    write(event);
    meter.accept(event);
    queues.forEach(queue -> queue.add(event));
  }

  /** Completes when every listener has been told everything. */
  CompletionStage<Void> flushed() {
    return CompletableFuture.allOf(queues.stream()
        .map(queue -> queue.flushed().toCompletableFuture())
        .toArray(CompletableFuture<?>[]::new));
  }

  private void write(ConsumerEvent event) {
    switch (event.severity()) {
      case INFO -> log.info("{}", event.message());
      case WARNING -> {
        if (repeats(event)) {
          warnings.warn(event.getClass().getSimpleName(), event.message());
        } else {
          log.warn("{}", event.message());
        }
      }
      case ERROR ->
        event
            .cause()
            .ifPresentOrElse(
                cause -> log.error("{}", event.message(), cause),
                () -> log.error("{}", event.message()));
    }
  }

  /** Whether events of this kind may come by the hundred for one cause. */
  private static boolean repeats(ConsumerEvent event) {
    return event instanceof ReadingEvent
        || event instanceof ProcessorEvent.EndRefused
        || event instanceof ProcessorEvent.CheckpointRefused;
  }
}
