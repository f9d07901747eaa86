package org.openkcl.fleet.mixed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.ListShardsQuery;
import org.openkcl.local.model.ShardInfo;

/**
 * A fleet of worker processes of either library on one stream and one lease table, with a producer
 * that never rests, and with everything that is needed to say what went wrong. Whatever fails, fails
 * with a {@link FleetReport}.
 */
final class MixedFleet implements AutoCloseable {
  private static final Duration PUT_INTERVAL = Duration.ofMillis(500);
  private static final Duration STOP_MAX = Duration.ofMinutes(2);
  private static final Duration CATCH_UP_MAX = Duration.ofMinutes(3);
  private static final long LOOK_MILLIS = 200;

  private final String scenario;
  private final Pace pace;
  private final Story story = new Story();
  private final LocalCloud cloud = LocalCloud.start();
  private final Producer producer;
  private final Workers workers;
  private final TableWatch table;

  private MixedFleet(String scenario, Pace pace, int shards) throws IOException {
    this.scenario = scenario;
    this.pace = pace;
    cloud.kinesis().createStream(b -> b.streamName(scenario).shardCount(shards)).join();
    cloud.kinesis().waiter().waitUntilStreamExists(b -> b.streamName(scenario)).join();
    Path logs = Files.createDirectories(Path.of("target", "mixed-fleets", scenario));
    try (Stream<Path> old = Files.list(logs)) {
      for (Path log : old.toList()) {
        Files.delete(log);
      }
    }
    producer = new Producer(cloud.kinesis(), scenario, shards);
    workers = new Workers(cloud, scenario, logs);
    table = new TableWatch(cloud.dynamoDb(), scenario);
    producer.start(PUT_INTERVAL);
  }

  /** @param scenario names the stream, the application and the folder of the logs */
  static MixedFleet start(String scenario, Pace pace, int shards) throws IOException {
    return new MixedFleet(scenario, pace, shards);
  }

  Pace pace() {
    return pace;
  }

  LocalCloud cloud() {
    return cloud;
  }

  /** Starts a worker; does not wait for it. */
  void start(String worker, Library library) {
    tell(worker + " (" + library.version() + ") is started");
    workers.start(worker, library, pace);
  }

  /** SIGTERM, and waits for the end. */
  void stop(String worker) throws InterruptedException {
    tell(worker + " is told to stop; it holds " + share(worker));
    WorkerProcess process = workers.process(worker);
    process.askToStop();
    if (!process.awaitEnd(STOP_MAX)) {
      throw failure(worker + " did not end within " + STOP_MAX.toSeconds() + " s of SIGTERM");
    }
    tell(worker + " has ended; " + table.shares());
  }

  /** kill -9. */
  void kill(String worker) throws InterruptedException {
    tell(worker + " is killed; it holds " + share(worker));
    workers.process(worker).kill();
    workers.process(worker).awaitEnd(STOP_MAX);
  }

  private int share(String worker) {
    return table.owners(history -> history.shares().getOrDefault(worker, 0));
  }

  void tell(String what) {
    story.tell(what);
  }

  /**
   * Waits until these workers, and nobody else, own and deliver all shards.
   *
   * @param unevenness how many shards a worker may have more or less than an even share
   * @return how long it took
   */
  Duration awaitShares(Duration timeout, int unevenness, String... sharers)
      throws InterruptedException {
    Set<String> expected = new TreeSet<>(Arrays.asList(sharers));
    return await(
        "even shares (+-" + unevenness + ") of " + expected + ", delivering",
        timeout,
        () -> evenlyShared(expected, unevenness) && ownersDeliver());
  }

  private boolean evenlyShared(Set<String> expected, int unevenness) {
    Map<String, Integer> shares = table.owners(OwnerHistory::shares);
    if (!shares.keySet().equals(expected) || table.owners(OwnerHistory::handingOver)) {
      return false;
    }
    int all = shares.values().stream().mapToInt(Integer::intValue).sum();
    int least = all / expected.size() - unevenness;
    int most = (all + expected.size() - 1) / expected.size() + unevenness;
    return shares.values().stream().allMatch(share -> share >= least && share <= most);
  }

  /** Whether each unfinished shard was given last to who owns its lease. */
  private boolean ownersDeliver() {
    Map<String, String> deliverers = workers.lastDeliverers();
    return table.owners(OwnerHistory::now).values().stream()
        .filter(lease -> !lease.finished())
        .allMatch(lease -> deliverers.containsKey(lease.lease())
            && lease.owner().isPresent()
            && lease.owner().get().equals(deliverers.get(lease.lease())));
  }

  /** Waits until one of these holds the leader lock. */
  String awaitLeader(Duration timeout, String... candidates) throws InterruptedException {
    Set<String> expected = Set.of(candidates);
    await(
        "a leader among " + new TreeSet<>(expected),
        timeout,
        () -> table.leader().map(expected::contains).orElse(false));
    return table.leader().orElse("?");
  }

  /** Waits until a worker of ours, or of Amazon's 3.x, shows itself beside the leases. */
  void awaitSignOfLife(Duration timeout, String worker) throws InterruptedException {
    await("a sign of life of " + worker, timeout, () -> table.showsItself(worker));
  }

  /** Waits until a condition holds; says how long it took. */
  Duration await(String what, Duration timeout, BooleanSupplier condition)
      throws InterruptedException {
    long started = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - started > timeout.toNanos()) {
        throw failure("Not within " + timeout.toSeconds() + " s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    tell(String.format(
        Locale.ROOT, "after %.1f s: %s; %s", took.toMillis() / 1e3, what, table.shares()));
    return took;
  }

  /** Lets the fleet do what it does for a while. */
  void watch(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
    tell("watched for " + time.toSeconds() + " s; " + table.shares());
  }

  /** Ends the production, waits for the last record, and judges; throws when a rule is broken. */
  Outcome finish() throws InterruptedException {
    producer.stop();
    tell("the producer has ended after " + producer.put().size() + " records");
    await(
        "everything that was put has been delivered",
        CATCH_UP_MAX,
        () -> workers.given() >= producer.put().size()
            && judge().delivered() == producer.put().size());
    DeliveryVerdict verdict = judge();
    if (!verdict.findings().isEmpty()) {
      throw failure("Rules were broken");
    }
    return outcome("");
  }

  Outcome outcome(String failure) {
    return new Outcome(scenario, story.secondsSoFar(), judge(), story.lines(), failure);
  }

  private DeliveryVerdict judge() {
    return DeliveryCheck.judge(producer.put(), workers.deliveries(), parents());
  }

  private Map<String, Set<String>> parents() {
    Map<String, Set<String>> parents = new TreeMap<>();
    for (ShardInfo shard :
        cloud.streams(s -> s.listShards(ListShardsQuery.of(scenario))).shards()) {
      Set<String> its = new TreeSet<>();
      Stream.ofNullable(shard.parentShardId()).forEach(its::add);
      Stream.ofNullable(shard.adjacentParentShardId()).forEach(its::add);
      if (!its.isEmpty()) {
        parents.put(shard.shardId(), its);
      }
    }
    return parents;
  }

  AssertionError failure(String why) {
    tell("FAILED: " + why);
    return new AssertionError(
        FleetReport.of(why, story, judge(), table, workers.all()).text());
  }

  @Override
  public void close() {
    workers.close();
    producer.close();
    table.close();
    cloud.close();
  }
}
