package org.openkcl.samples.demo.proof;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The life of one processor: a worker's hold on a shard, from its call to {@code initialize} on.
 *
 * @param ordinal tells a worker's processors of one run apart
 * @param deliveries in the order of processing
 * @param milestones in the order of the calls
 */
public record Incarnation(
    String worker,
    String shardId,
    int ordinal,
    List<Delivery> deliveries,
    List<Milestone> milestones) {
  public Incarnation {
    deliveries = List.copyOf(deliveries);
    milestones = List.copyOf(milestones);
  }

  /** When the processor was first called; never if it was not. */
  long startedMicros() {
    return LongStream.concat(
            milestones.stream().mapToLong(Milestone::atMicros),
            deliveries.stream().mapToLong(Delivery::atMicros))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /**
   * When the processor last worked for its shard: on records, or on its final checkpoint when it was
   * asked to stop. Being told afterwards that the lease is gone is no work.
   */
  long lastActiveMicros() {
    return LongStream.concat(
            deliveries.stream().mapToLong(Delivery::atMicros),
            when(Milestone.Call.SHUTDOWN_REQUESTED).stream())
        .max()
        .orElse(startedMicros());
  }

  /** When the processor was told that no more records would come; empty if never. */
  OptionalLong closedMicros() {
    return milestones.stream()
        .filter(milestone -> milestone.call().closes())
        .mapToLong(Milestone::atMicros)
        .min();
  }

  /** When it was called with {@code call} first. */
  OptionalLong when(Milestone.Call call) {
    return milestones.stream()
        .filter(milestone -> milestone.call() == call)
        .mapToLong(Milestone::atMicros)
        .min();
  }

  /** Whether it held its shard at that moment, as far as it knew. */
  boolean holdsAt(long micros) {
    return startedMicros() <= micros && closedMicros().orElse(Long.MAX_VALUE) > micros;
  }
}
