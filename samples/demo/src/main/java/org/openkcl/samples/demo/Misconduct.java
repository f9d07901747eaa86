package org.openkcl.samples.demo;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** A worker's one misdeed, by {@link Sabotage}; done at the first opportunity and never again. */
final class Misconduct {
  private static final int READS_MAX = 20;
  private static final long BETWEEN_READS_MILLIS = 250;

  private final Sabotage sabotage;
  private final FlightStream stream;
  private final AtomicBoolean done = new AtomicBoolean();

  /** Misbehaves with what it finds on {@code stream}. */
  Misconduct(Sabotage sabotage, FlightStream stream) {
    this.sabotage = sabotage;
    this.stream = stream;
  }

  /** The first records of a child shard. */
  record EarlyChild(String shardId, List<Record> records) {}

  /** The batch as this worker treats it: as it is, but once. */
  <T> List<T> treat(List<T> batch) {
    return sabotage.canSpoil(batch) && done.compareAndSet(false, true)
        ? sabotage.spoil(batch)
        : batch;
  }

  /** Reads a child of this shard, if it has one by now, past the library. */
  Optional<EarlyChild> readAhead(String parent) throws InterruptedException {
    if (sabotage != Sabotage.EARLY_CHILD || done.get()) {
      return Optional.empty();
    }
    Optional<Shard> child = stream.shards().stream()
        .filter(shard -> FlightStream.parents(shard).contains(parent))
        .findFirst();
    if (child.isEmpty() || !done.compareAndSet(false, true)) {
      return Optional.empty();
    }
    String shardId = child.get().shardId();
    List<Record> records = stream.oldest(shardId);
    for (int reads = 1; records.isEmpty() && reads < READS_MAX; reads++) {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_READS_MILLIS);
      records = stream.oldest(shardId);
    }
    return Optional.of(new EarlyChild(shardId, records));
  }
}
