package org.openkcl.samples.demo.proof;

import static org.openkcl.samples.demo.proof.Milestone.Call.SHARD_ENDED;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * How fast the fleet was, read off the ledgers.
 *
 * @param firstRecordSeconds from the first worker's {@code start()} to its first record
 * @param takeoverSeconds from {@code kill -9} of a worker until each shard that it held was read
 *     again: the slowest of them
 * @param handoverGapMillis from the last thing a stopping worker did for a shard (its records or its
 *     final checkpoint) to the successor's first record: the longest of all shards it gave up
 * @param missing why a figure is missing, a sentence each
 */
public record Timings(
    OptionalDouble firstRecordSeconds,
    OptionalDouble takeoverSeconds,
    OptionalLong handoverGapMillis,
    List<String> missing) {
  public Timings {
    missing = List.copyOf(missing);
  }

  /** A worker and a moment of its life, since the epoch. */
  public record Moment(String worker, long atMicros) {}

  /**
   * Measures.
   *
   * @param started the first worker's call to {@code start()}
   * @param stopped when a worker was asked to stop
   * @param killed when a worker was killed
   */
  public static Timings of(List<Incarnation> lives, Moment started, Moment stopped, Moment killed) {
    List<String> missing = new ArrayList<>();
    OptionalLong first = lives.stream()
        .filter(life -> life.worker().equals(started.worker()))
        .flatMap(life -> life.deliveries().stream())
        .mapToLong(Delivery::atMicros)
        .min();
    if (first.isEmpty()) {
      missing.add("Worker " + started.worker() + " processed no record at all");
    }
    OptionalLong takeover = longest(held(lives, killed).stream()
        .map(life -> gap(lives, life, killed.atMicros(), missing))
        .toList());
    if (held(lives, killed).isEmpty()) {
      missing.add("Worker " + killed.worker() + " held no shard when it was killed");
    }
    OptionalLong handover = longest(held(lives, stopped).stream()
        .map(life -> gap(lives, life, life.lastActiveMicros(), missing))
        .toList());
    if (held(lives, stopped).isEmpty()) {
      missing.add("Worker " + stopped.worker() + " held no shard when it was asked to stop");
    }
    return new Timings(
        first.isPresent()
            ? OptionalDouble.of((first.getAsLong() - started.atMicros()) / 1e6)
            : OptionalDouble.empty(),
        takeover.isPresent()
            ? OptionalDouble.of(takeover.getAsLong() / 1e6)
            : OptionalDouble.empty(),
        handover.isPresent()
            ? OptionalLong.of(Math.round(handover.getAsLong() / 1e3))
            : OptionalLong.empty(),
        missing);
  }

  private static List<Incarnation> held(List<Incarnation> lives, Moment moment) {
    return lives.stream()
        .filter(life -> life.worker().equals(moment.worker()) && life.holdsAt(moment.atMicros()))
        .toList();
  }

  /** From then until another worker read the shard, or found that it had ended. */
  private static OptionalLong gap(
      List<Incarnation> lives, Incarnation left, long sinceMicros, List<String> missing) {
    OptionalLong read = lives.stream()
        .filter(life -> life.shardId().equals(left.shardId()))
        .filter(life -> !life.worker().equals(left.worker()))
        .flatMapToLong(life -> LongStream.concat(
            life.deliveries().stream().mapToLong(Delivery::atMicros),
            life.when(SHARD_ENDED).stream()))
        .filter(micros -> micros > sinceMicros)
        .min();
    if (read.isEmpty()) {
      missing.add(left.shardId() + " was not read again after worker " + left.worker() + " left");
      return OptionalLong.empty();
    }
    return OptionalLong.of(read.getAsLong() - sinceMicros);
  }

  private static OptionalLong longest(List<OptionalLong> gaps) {
    return gaps.stream().flatMapToLong(OptionalLong::stream).max();
  }
}
