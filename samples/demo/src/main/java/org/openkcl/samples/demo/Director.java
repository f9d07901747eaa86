package org.openkcl.samples.demo;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.openkcl.samples.demo.Ending.Patience;
import org.openkcl.samples.demo.proof.DelayStatistics;
import org.openkcl.samples.demo.proof.EpochMicros;
import org.openkcl.samples.demo.proof.Flight;
import org.openkcl.samples.demo.proof.Incarnation;
import org.openkcl.samples.demo.proof.LedgerFolder;
import org.openkcl.samples.demo.proof.Production;
import org.openkcl.samples.demo.proof.ProductionLedger;
import org.openkcl.samples.demo.proof.Progress;
import org.openkcl.samples.demo.proof.Timings;
import org.openkcl.samples.demo.proof.Timings.Moment;
import org.openkcl.samples.demo.proof.Verdict;
import org.openkcl.samples.demo.proof.Verifier;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * Directs one run: starts producer and workers, performs the acts of the {@link Play}, ends it and
 * has it verified. Runs on one thread, to which all that happens elsewhere comes as an event.
 */
final class Director {
  private static final Duration TICK = Duration.ofMillis(200);
  private static final int SIGTERM_EXIT = 143;
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(8);
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(18), Duration.ofSeconds(32));

  private final Settings settings;
  private final FlightStream stream;
  private final Screen screen;
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final Fleet fleet;
  private final Stagehand stagehand;
  private final LedgerFolder ledgers;
  private final Play play;
  private final Map<Act, Long> actMicros = new EnumMap<>(Act.class);
  private final List<String> reasons = new ArrayList<>();

  private Progress progress = Progress.of(List.of());
  private Duration waited = Duration.ZERO;
  private long startNanos = System.nanoTime();
  private long lastNewNanos;
  private long lastStepNanos;
  private int performed;

  /**
   * What to run.
   *
   * @param production how long putting all flights takes
   * @param workerArguments what every worker is told: where stream and table are
   */
  record Settings(
      List<Flight> flights,
      Duration production,
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

  Director(Settings settings, FlightStream stream, Screen screen) {
    this.settings = settings;
    this.stream = stream;
    this.screen = screen;
    List<String> arguments = new ArrayList<>(settings.workerArguments());
    arguments.addAll(List.of("--ledgers", settings.ledgerDir().toString()));
    this.fleet = new Fleet(settings.workDir(), arguments, events::add);
    this.stagehand = new Stagehand(stream, fleet);
    this.ledgers = new LedgerFolder(settings.ledgerDir());
    this.play = Play.lasting(settings.production());
  }

  /** Runs it all; leaves no process behind. */
  Outcome run() throws IOException, InterruptedException {
    try (ProductionLedger ledger = new ProductionLedger(settings.productionLedger());
        Producer producer =
            new Producer(stream, ledger, settings.flights(), settings.production())) {
      start("A");
      while (fleet.startMicros("A").isEmpty()
          && fleet.accidents().isEmpty()
          && elapsed().compareTo(START) < 0) {
        hearEvents();
      }
      startNanos = System.nanoTime();
      lastNewNanos = startNanos;
      lastStepNanos = startNanos;
      CompletableFuture<Void> produced = producer.start();
      say("the producer puts %,d flights".formatted(settings.flights().size()));
      start("B");
      if (settings.sabotage() != Sabotage.NONE) {
        say("sabotage: a worker misbehaves (" + settings.sabotage() + ")");
      }
      while (goOn(producer, produced)) {
        hearEvents();
        look(producer);
        act(producer);
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

  private void start(String worker) throws IOException {
    fleet.start(worker, sabotage(worker));
    say("worker " + worker + " starts");
  }

  /** Which worker is made to misbehave: the first; for a child both, as either may get it. */
  private List<String> sabotage(String worker) {
    boolean misbehaves = worker.equals("A") || settings.sabotage() == Sabotage.EARLY_CHILD;
    return misbehaves ? List.of("--sabotage", settings.sabotage().toString()) : List.of();
  }

  private boolean goOn(Producer producer, CompletableFuture<Void> produced) {
    if (produced.isCompletedExceptionally()) {
      reasons.add(
          "The producer failed: " + produced.handle((done, failure) -> failure).join());
      return false;
    }
    List<String> accidents = fleet.accidents();
    if (!accidents.isEmpty()) {
      reasons.addAll(accidents);
      producer.close();
      produced.complete(null);
      return false;
    }
    Ending ending = PATIENCE.decide(
        produced.isDone() && play.over(performed),
        producer.produced().latest(),
        progress.latest(),
        Duration.ofNanos(System.nanoTime() - lastNewNanos),
        elapsed().minus(settings.production()));
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
        produced.complete(null);
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
    fleet.newlyStopped().forEach((worker, exitCode) -> {
      say("worker " + worker + " has stopped");
      if (exitCode != 0 && exitCode != SIGTERM_EXIT) {
        reasons.add("Worker %s stopped with exit code %d".formatted(worker, exitCode));
      }
    });
  }

  private void look(Producer producer) throws IOException {
    Progress now = Progress.of(ledgers.read());
    if (now.delivered() > progress.delivered()) {
      lastNewNanos = System.nanoTime();
    }
    now.reading().forEach((worker, shards) -> {
      Set<String> taken = new HashSet<>(shards);
      taken.removeAll(progress.reading().getOrDefault(worker, Set.of()));
      taken.stream()
          .sorted()
          .forEach(shard -> say("worker " + worker + " reads shard " + WorkerReport.number(shard)));
    });
    progress = now;
    screen.progress(elapsed(), producer.produced().records(), progress.delivered(), fleet.states());
  }

  private void act(Producer producer) throws IOException {
    long nowNanos = System.nanoTime();
    Duration sinceLook = Duration.ofNanos(nowNanos - lastStepNanos);
    lastStepNanos = nowNanos;
    switch (play.step(performed, elapsed(), waited, progress)) {
      case NOTHING -> {}
      case WAIT -> {
        waited = waited.plus(sinceLook);
        producer.takeLonger(sinceLook);
      }
      case PERFORM -> {
        Act act = play.act(performed);
        long atMicros = EpochMicros.now();
        Optional<String> done = stagehand.perform(act, producer.produced());
        if (done.isPresent()) {
          say(done.get());
          actMicros.put(act, atMicros);
          performed++;
        }
      }
    }
  }

  private Outcome outcome() throws IOException {
    Production production = ProductionLedger.read(settings.productionLedger());
    List<Incarnation> lives = new LedgerFolder(settings.ledgerDir()).read();
    Verdict verdict =
        Verifier.verify(production, lives, DelayStatistics.of(settings.flights().stream()));
    Timings timings = Timings.of(
        lives,
        new Moment("A", fleet.startMicros("A").orElse(Long.MAX_VALUE)),
        new Moment("C", actMicros.getOrDefault(Act.C_STOPS, Long.MAX_VALUE)),
        new Moment("B", actMicros.getOrDefault(Act.B_IS_KILLED, Long.MAX_VALUE)));
    List<String> more = new ArrayList<>(reasons);
    more.addAll(timings.missing());
    return new Outcome(verdict.with(more), timings, Verifier.statistics(lives));
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private void say(String what) {
    screen.event(elapsed(), what);
  }
}
