package org.openkcl.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openkcl.local.LocalCloud;

/**
 * One repeat of a scenario: a new stream, no lease table, no workers yet.
 *
 * @param notes where to say more than the figures; null output when nobody asked
 */
record Run(
    LocalCloud cloud,
    int number,
    int shards,
    LocalStream stream,
    Workers workers,
    PrintStream notes)
    implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration SETTLED = Duration.ofSeconds(3);

  static Run begin(LocalCloud cloud, String name, int number, int shards, PrintStream notes) {
    return new Run(
        cloud,
        number,
        shards,
        new LocalStream(cloud, name, shards),
        new Workers(cloud, name),
        notes);
  }

  /** Starts a worker and waits until it reads all shards. */
  void startAlone(String worker) throws InterruptedException {
    workers.start(worker);
    workers.await(
        worker + " reads all shards",
        PATIENCE,
        timeline -> timeline.shardsReadBy(worker).size() == shards);
  }

  /** Starts a second worker and waits until both read half of the shards, undisturbed. */
  void join(String worker) throws InterruptedException {
    workers.start(worker);
    workers.await(
        worker + " reads half of the shards",
        PATIENCE,
        timeline -> timeline.shardsOf(worker).size() == shards / 2
            && timeline.shardsReadBy(worker).containsAll(timeline.shardsOf(worker)));
    TimeUnit.MILLISECONDS.sleep(SETTLED.toMillis());
  }

  /** Waits until a worker has read these shards since a moment. */
  Timeline awaitReadBy(String worker, Set<String> wanted, long sinceMicros)
      throws InterruptedException {
    return workers.await(
        worker + " reads " + wanted,
        PATIENCE,
        timeline -> wanted.stream()
            .allMatch(shard -> timeline
                .firstAfter(sinceMicros, worker, WorkerEvent.Kind.BATCH, shard)
                .isPresent()));
  }

  /** Ends the producer and waits, for some seconds, until all it put was processed. */
  Timeline awaitAllProcessed() throws InterruptedException {
    stream.stopProducer();
    try {
      return workers.await(
          "all records processed",
          Duration.ofSeconds(15),
          timeline -> timeline.processed().containsAll(stream.put()));
    } catch (IllegalStateException some) {
      return workers.timeline();
    }
  }

  @Override
  public void close() {
    workers.close();
    stream.close();
  }
}
