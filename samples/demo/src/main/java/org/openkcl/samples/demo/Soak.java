package org.openkcl.samples.demo;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.openkcl.samples.demo.Ending.Patience;
import org.openkcl.samples.demo.proof.DelayStatistics;
import org.openkcl.samples.demo.proof.Flight;
import org.openkcl.samples.demo.proof.Incarnation;
import org.openkcl.samples.demo.proof.KeyOrder;
import org.openkcl.samples.demo.proof.LedgerFolder;
import org.openkcl.samples.demo.proof.LedgerTally;
import org.openkcl.samples.demo.proof.Production;
import org.openkcl.samples.demo.proof.ProductionLedger;
import org.openkcl.samples.demo.proof.Verifier;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * One soak: a steady flow of records, shards that are split and merged at random, workers that are
 * killed and replaced, and at the end the proof. Runs on one thread, to which all that happens
 * elsewhere comes as an event.
 */
final class Soak {
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(60), Duration.ofMinutes(5));
  private static final int OPEN_MIN = 2;
  private static final int OPEN_MAX = 12;

  private final Settings settings;
  private final FlightStream stream;
  private final Screen screen;
  private final SplittableRandom chance;
  private final RandomResharding resharding;
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final Fleet fleet;
  private final LedgerTally tally;
  private final List<String> living = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();

  private long startNanos = System.nanoTime();
  private long lastNewNanos;
  private long delivered;
  private int started;
  private int reshards;
  private int kills;

  /**
   * What to run.
   *
   * @param sabotage what the first workers do wrong
   * @param workerArguments what every worker is told: where stream and table are
   */
  record Settings(
      List<Flight> flights,
      SoakPlan plan,
      int workers,
      long seed,
      Sabotage sabotage,
      Path workDir,
      List<String> workerArguments) {
    Path ledgerDir() {
      return workDir.resolve("ledgers");
    }

    Path productionLedger() {
      return workDir.resolve("produced");
    }
  }

  Soak(Settings settings, FlightStream stream, Screen screen) {
    this.settings = settings;
    this.stream = stream;
    this.screen = screen;
    this.chance = new SplittableRandom(settings.seed());
    this.resharding = new RandomResharding(OPEN_MIN, OPEN_MAX, chance.split());
    List<String> arguments = new ArrayList<>(settings.workerArguments());
    arguments.addAll(List.of("--ledgers", settings.ledgerDir().toString()));
    this.fleet = new Fleet(settings.workDir(), arguments, events::add);
    this.tally = new LedgerTally(settings.ledgerDir());
  }

  /** Runs it all; leaves no process behind. */
  SoakOutcome run() throws IOException, InterruptedException {
    SoakPlan plan = settings.plan();
    try (ProductionLedger ledger = new ProductionLedger(settings.productionLedger());
        Producer producer = new Producer(stream, ledger, settings.flights(), plan.production())) {
      for (int i = 0; i < settings.workers(); i++) {
        startWorker(settings.sabotage());
      }
      while (living.stream().noneMatch(this::hasReported)
          && fleet.accidents().isEmpty()
          && elapsed().compareTo(START) < 0) {
        hearEvents();
      }
      startNanos = System.nanoTime();
      lastNewNanos = startNanos;
      CompletableFuture<Void> produced = producer.start();
      say("the producer puts %,d records".formatted(settings.flights().size()));
      while (goOn(producer, produced)) {
        hearEvents();
        look(producer);
        act();
      }
      reasons.addAll(fleet.stopAll(STOP.toMillis()));
      for (Shard shard : stream.shards()) {
        ledger.writeShard(shard.shardId(), FlightStream.parents(shard));
      }
    } finally {
      fleet.processes().forEach(WorkerProcess::close);
    }
    return outcome();
  }

  private void startWorker(Sabotage sabotage) throws IOException {
    String worker = "w%03d".formatted(++started);
    fleet.start(worker, List.of("--sabotage", sabotage.toString()));
    living.add(worker);
    say("worker " + worker + " starts");
  }

  private boolean hasReported(String worker) {
    return fleet.startMicros(worker).isPresent();
  }

  private boolean goOn(Producer producer, CompletableFuture<Void> produced) {
    if (produced.isCompletedExceptionally()) {
      reasons.add(
          "The producer failed: " + produced.handle((done, failure) -> failure).join());
      return false;
    }
    reasons.addAll(fleet.accidents());
    if (!reasons.isEmpty()) {
      producer.close();
      return false;
    }
    Ending ending = PATIENCE.decide(
        produced.isDone() && settings.plan().isOver(elapsed()),
        producer.produced().latest(),
        tally.latest(),
        Duration.ofNanos(System.nanoTime() - lastNewNanos),
        elapsed().minus(settings.plan().production()));
    return switch (ending) {
      case GO_ON -> true;
      case COMPLETE -> {
        say("all records are processed");
        yield false;
      }
      case STALLED -> {
        reasons.add("Nothing was processed for %d s".formatted(PATIENCE.stall().toSeconds()));
        yield false;
      }
      case OUT_OF_TIME -> {
        reasons.add("Not done after %d s".formatted(elapsed().toSeconds()));
        producer.close();
        yield false;
      }
    };
  }

  private void hearEvents() throws InterruptedException {
    Runnable event = events.poll(TICK.toMillis(), MILLISECONDS);
    while (event != null) {
      event.run();
      event = events.poll();
    }
  }

  private void look(Producer producer) throws IOException {
    tally.poll();
    if (tally.deliveries() > delivered) {
      delivered = tally.deliveries();
      lastNewNanos = System.nanoTime();
    }
    Map<String, String> states = new TreeMap<>(fleet.states());
    states.keySet().retainAll(living);
    screen.progress(elapsed(), producer.produced().records(), delivered, states);
  }

  private void act() throws IOException {
    SoakPlan plan = settings.plan();
    if (plan.isOver(elapsed())) {
      return;
    }
    if (kills < plan.killsDue(elapsed())) {
      killOne();
    }
    if (reshards < plan.reshardsDue(elapsed())) {
      reshard();
    }
  }

  /** Kills one that works, if there is one, and starts another in its place. */
  private void killOne() throws IOException {
    List<String> working = living.stream().filter(this::hasReported).toList();
    List<String> candidates = working.isEmpty() ? living : working;
    String victim = candidates.get(chance.nextInt(candidates.size()));
    fleet.kill(victim);
    living.remove(victim);
    kills++;
    say("worker " + victim + " is killed (kill -9)");
    startWorker(Sabotage.NONE);
  }

  /** Splits or merges; a stream that is still busy with the last time is left for the next look. */
  private void reshard() {
    RandomResharding.Change change = resharding.next(stream.openShards(Map.of()));
    try {
      say(change.match(
          split -> {
            stream.split(split);
            return "shard " + WorkerReport.number(split.shardId()) + " is split";
          },
          merge -> {
            stream.merge(merge);
            return "shards %s and %s are merged"
                .formatted(
                    WorkerReport.number(merge.shardId()), WorkerReport.number(merge.neighbour()));
          }));
      reshards++;
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof ResourceInUseException)) {
        throw e;
      }
    }
  }

  private SoakOutcome outcome() throws IOException {
    Production production = ProductionLedger.read(settings.productionLedger());
    List<Incarnation> lives = new LedgerFolder(settings.ledgerDir()).read();
    DelayStatistics expected = DelayStatistics.of(settings.flights().stream());
    return new SoakOutcome(
        Verifier.verify(production, lives, expected)
            .with(KeyOrder.check(production, lives))
            .with(reasons),
        reshards,
        kills);
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private void say(String what) {
    screen.event(elapsed(), what);
  }
}
