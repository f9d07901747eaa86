package org.openkcl.worker;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.openkcl.ConsumerEvent;
import org.openkcl.ConsumerListener;
import org.openkcl.ProcessorEvent;
import org.openkcl.ReadingEvent;
import org.openkcl.StreamShard;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.RateLimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

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
        .map(listener -> new ListenerQueue(environment, loop, listener, meter, warnings))
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
      case INFO -> line(Level.INFO, event).log(event.message());
      case WARNING -> warnings.warn(event.id(), causeOf(event), event.message());
      case ERROR ->
        line(Level.ERROR, event).setCause(event.cause().orElse(null)).log(event.message());
    }
  }

  private static LoggingEventBuilder line(Level level, ConsumerEvent event) {
    LoggingEventBuilder line = log.atLevel(level).addKeyValue("event", event.id());
    StreamShard shard = event.subject().orElse(null);
    return shard == null
        ? line
        : line.addKeyValue("stream", shard.stream().serialize())
            .addKeyValue("shard", shard.shardId());
  }

  /** Events that may come by the hundred for one cause are one, whichever shards they are of. */
  private static String causeOf(ConsumerEvent event) {
    boolean repeats = event instanceof ReadingEvent
        || event instanceof ProcessorEvent.EndRefused
        || event instanceof ProcessorEvent.CheckpointRefused;
    return repeats ? "" : event.subject().map(StreamShard::toString).orElse("");
  }
}
