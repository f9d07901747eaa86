package org.openkcl.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openkcl.benchmarks.probe.Stamp;
import org.openkcl.benchmarks.probe.Vitals;
import org.openkcl.benchmarks.probe.WorkerEvent;
import org.openkcl.benchmarks.probe.WorkerOption;
import org.openkcl.benchmarks.probe.WorkerOptions;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One repeat of a scenario: a new stream, no lease table, no workers yet.
 *
 * @param notes where to say more than the figures; null output when nobody asked
 */
record Run(
    LocalCloud cloud,
    int number,
    int shards,
    Library library,
    LocalStream stream,
    Workers workers,
    PrintStream notes)
    implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** What workers of fleets are given: how soon they look again shall not hide a handover. */
  static final WorkerOptions FLEET = WorkerOptions.defaults().with(WorkerOption.IDLE_MILLIS, 500);

  private static final Duration SETTLED = Duration.ofSeconds(3);
  private static final Duration FLEET_SETTLED = Duration.ofSeconds(10);
  private static final Duration AHEAD = Duration.ofSeconds(5);

  static Run begin(
      LocalCloud cloud,
      String name,
      int number,
      int shards,
      Library library,
      boolean profiled,
      PrintStream notes) {
    return new Run(
        cloud,
        number,
        shards,
        library,
        new LocalStream(cloud, name, shards),
        new Workers(cloud, name, library, profiled),
        notes);
  }

  /** Starts a worker with the library's defaults and waits until it reads all shards. */
  void startAlone(String worker) throws InterruptedException {
    startAlone(worker, WorkerOptions.defaults());
  }

  /** Starts a worker and waits until it reads all shards. */
  void startAlone(String worker, WorkerOptions options) throws InterruptedException {
    workers.start(worker, Workers.HEAP, options);
    workers.await(
        worker + " reads all shards",
        PATIENCE,
        timeline -> timeline.shardsReadBy(worker).size() == shards);
  }

  /** Starts a worker and waits until it has begun all shards, whether there are records or not. */
  void beginAll(String worker, String heap, WorkerOptions options) throws InterruptedException {
    workers.start(worker, heap, options);
    workers.await(
        worker + " has begun all shards",
        PATIENCE,
        timeline -> timeline.shardsOf(worker).size() == shards);
    TimeUnit.MILLISECONDS.sleep(SETTLED.toMillis());
  }

  /** Starts a worker of a fleet; does not wait for it. */
  void start(String worker) {
    workers.start(worker, Workers.HEAP, FLEET);
  }

  /**
   * Starts workers and waits until they share all shards, undisturbed for a while. The first is a
   * little ahead: of two workers of Amazon's library that find no table at the same moment, one may
   * fail to start.
   */
  void startTogether(List<String> several) throws InterruptedException {
    start(several.get(0));
    TimeUnit.MILLISECONDS.sleep(AHEAD.toMillis());
    several.subList(1, several.size()).forEach(this::start);
    workers.await(
        several + " read all shards, each some",
        PATIENCE,
        timeline -> several.stream()
                .allMatch(worker -> !timeline.shardsOf(worker).isEmpty()
                    && timeline.shardsReadBy(worker).containsAll(timeline.shardsOf(worker)))
            && timeline.shardsByOwner().values().stream().mapToInt(Set::size).sum() == shards);
    TimeUnit.MILLISECONDS.sleep(FLEET_SETTLED.toMillis());
  }

  /** Who leads the fleet, by the leader's item in the lease table; nobody in fleets without. */
  Optional<String> leader() {
    return Optional.ofNullable(cloud
            .dynamoDb()
            .getItem(b -> b.tableName(stream.name())
                .key(Map.of("leaseKey", AttributeValue.fromS("Leader")))
                .consistentRead(true))
            .join()
            .item()
            .get("ownerName"))
        .map(AttributeValue::s);
  }

  /** How many records of those put nobody was given. */
  long lost(Timeline timeline) {
    Set<String> processed = timeline.processed();
    return stream.put().stream().filter(id -> !processed.contains(id)).count();
  }

  /** Asks for a worker's vitals and waits until it has told them so many times. */
  Timeline askVitals(String worker, int times) throws InterruptedException {
    workers.ask(worker, Vitals.QUESTION);
    return workers.await(
        worker + " tells its vitals",
        PATIENCE,
        timeline -> timeline.figures(worker, Vitals.CPU_AFTER).size() == times);
  }

  /** Tells a worker to stop, by SIGTERM, and waits for the end of its JVM; in seconds. */
  double stop(String worker, Duration timeout) throws InterruptedException {
    long asked = Stamp.nowMicros();
    workers.terminate(worker);
    workers.awaitExit(worker, timeout);
    return (Stamp.nowMicros() - asked) / 1e6;
  }

  /** Waits until some worker of these has been given records of each shard since a moment. */
  Timeline awaitReadBy(Collection<String> some, Set<String> wanted, long sinceMicros)
      throws InterruptedException {
    return workers.await(
        some + " read " + wanted,
        PATIENCE,
        timeline -> wanted.stream()
            .allMatch(shard -> timeline
                .firstAfter(sinceMicros, some, WorkerEvent.Kind.RECORDS, shard)
                .isPresent()));
  }

  /** Waits until a worker has told its library to start. */
  void awaitRunning(String worker) throws InterruptedException {
    workers.await(
        worker + " runs",
        PATIENCE,
        timeline -> timeline.first(worker, WorkerEvent.Kind.STARTED).isPresent());
  }

  /** Ends the producer and waits, for some seconds, until all it put was processed. */
  Timeline awaitAllProcessed() throws InterruptedException {
    stream.stopProducer();
    try {
      return workers.await(
          "all records processed",
          Duration.ofSeconds(30),
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
