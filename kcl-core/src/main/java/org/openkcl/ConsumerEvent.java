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

  /**
   * What kind of event it is, by a name that stays the same from version to version: {@code
   * shard.started}. The log has it as the value of key {@code event}.
   */
  String id();

  /** The shard that it happened to; empty if it was the worker as a whole. */
  default Optional<StreamShard> subject() {
    return Optional.empty();
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
