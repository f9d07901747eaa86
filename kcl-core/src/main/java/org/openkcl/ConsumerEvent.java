package org.openkcl;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to a worker or to one of its shards. The log, metrics and {@linkplain
 * ConsumerListener listeners} all hear the same events. Immutable.
 */
public sealed interface ConsumerEvent
    permits WorkerEvent, OwnershipEvent, ProcessorEvent, ReadingEvent {

  /** How much attention an event asks for. */
  enum Severity {
    /** The ordinary course of things. */
    INFO,
    /** Something does not go as it should; the library goes on by itself. */
    WARNING,
    /** Somebody has to do something. */
    ERROR
  }

  /** When it happened, by the worker's wall clock. */
  Instant at();

  /** How much attention it asks for. */
  Severity severity();

  /** One sentence for people, as the log has it. */
  String message();

  /** What was thrown, where something was. */
  default Optional<Throwable> cause() {
    return Optional.empty();
  }
}
