package org.openkcl.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Checkpoint;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamFailure.Kind;
import org.openkcl.processor.ChildShard;
import org.openkcl.retrieval.FakeShardSubscriber.FakeSubscription;
import org.slf4j.LoggerFactory;

class FanOutRecordSourceTest {
  private static final ChildShard CHILD =
      new ChildShard("shardId-1", List.of("shardId-0"), new ChildShard.HashKeyRange("0", "9"));
  private static final long MIB = 1024 * 1024;

  private final Simulation world = new Simulation(1);
  private final SimulatedEnvironment process = world.newProcess("worker");
  private final EventLoop loop = process.newEventLoop("worker");
  private final FakeShardSubscriber service = new FakeShardSubscriber(world);
  private final MemoryBudget budget = new MemoryBudget(100 * MIB);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(FanOutRecordSource.class);
  private final List<RecordBatch> batches = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private RecordSource source = open(Checkpoint.TRIM_HORIZON, FanOutSettings.DEFAULT);

  FanOutRecordSourceTest() {
    logged.start();
    log.addAppender(logged);
  }

  @AfterEach
  void end() {
    log.detachAppender(logged);
    world.close();
  }

  @Test
  void nothingIsAskedOfTheServiceBeforeTheCallerAsks() {
    run(Duration.ofSeconds(5));
    assertThat(service.calls()).isEmpty();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void recordsComeInOrderFromTheStart() {
    ask();
    push(500, "1", "2");
    ask();
    push(0, "3");
    assertThat(sequenceNumbers()).containsExactly(List.of("1", "2"), List.of("3"));
    assertThat(service.positions()).containsExactly("TRIM_HORIZON");
    assertThat(batches.get(0).millisBehindLatest()).isEqualTo(500);
    assertThat(batches.get(0).bytes()).isEqualTo(1024);
  }

  @Test
  void aSubscriptionIsRenewedBehindTheLastEventBeforeItsFiveMinutesAreOver() {
    ask();
    push(0, "1");
    ask();
    idleFor(Duration.ofMinutes(10));
    assertThat(service.positions()).startsWith("TRIM_HORIZON", "AFTER_SEQUENCE_NUMBER(1)");
    assertThat(service.gapsMillis())
        .isNotEmpty()
        .allSatisfy(gap -> assertThat(gap).isBetween(240_000L, 286_000L));
    assertThat(service.calls().get(0).isCancelled()).isTrue();
    assertThat(warnings()).isEmpty();
  }

  @Test
  void eventsOfAReplacedSubscriptionAreIgnored() {
    ask();
    push(0, "1");
    ask();
    FakeSubscription former = service.last();
    run(Duration.ofSeconds(6));
    former.end();
    run(Duration.ofMillis(100));
    former.event(0, "2");
    run(Duration.ofMillis(100));
    push(0, "2");
    assertThat(sequenceNumbers()).containsExactly(List.of("1"), List.of("2"));
  }

  @Test
  void aBusyProcessorParksTheSubscriptionAndGoesOnAtTheNextRecord() {
    ask();
    push(0, "1");
    for (int n = 2; service.last().requested() > 0; n++) {
      push(0, Integer.toString(n));
    }
    int received = 1 + 64;
    run(Duration.ofMinutes(5));
    service.last().end();
    run(Duration.ofMinutes(30));
    assertThat(service.calls()).as("not renewed while the processor is busy").hasSize(1);

    ask();
    assertThat(sequenceNumbers().get(1)).as("what has come is one batch").hasSize(received - 1);
    run(Duration.ofMillis(20));
    assertThat(service.positions())
        .containsExactly("TRIM_HORIZON", "AFTER_SEQUENCE_NUMBER(" + received + ")");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aBatchHasNoMoreRecordsThanAllowed() {
    source = open(Checkpoint.TRIM_HORIZON, FanOutSettings.DEFAULT.withMaxRecords(3));
    ask();
    push(0, "1");
    push(0, "2", "3");
    push(0, "4", "5");
    push(0, "6", "7", "8", "9");
    ask();
    ask();
    ask();
    assertThat(sequenceNumbers())
        .containsExactly(
            List.of("1"), List.of("2", "3"), List.of("4", "5"), List.of("6", "7", "8", "9"));
  }

  @Test
  void emptyEventsAreToldToACallerThatWaitsAndDoNotPileUp() {
    ask();
    push(0, "1");
    push(0);
    push(0);
    ask();
    assertThat(batches).as("nothing is ready").hasSize(1);
    push(0);
    assertThat(batches).hasSize(2);
    assertThat(batches.get(1).records()).isEmpty();
  }

  @Test
  void aCutSubscriptionIsReplacedAtOnceWhenItHadLastedAndNotWithinFiveSecondsOfIt() {
    ask();
    push(0, "1");
    ask();
    idleFor(Duration.ofSeconds(60));
    push(0, "2");
    ask();
    service.last().fail(Kind.UNAVAILABLE);
    run(Duration.ofMillis(50));
    assertThat(service.calls()).hasSize(2);
    service.last().fail(Kind.UNAVAILABLE);
    run(Duration.ofSeconds(10));
    assertThat(service.gapsMillis().get(1)).isBetween(5_000L, 5_150L);
    assertThat(service.positions()).endsWith("AFTER_SEQUENCE_NUMBER(2)");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aShardThatAnotherWorkerHasJustSubscribedToIsTriedUntilItIsFree() {
    service.openByHand();
    ask();
    for (int i = 0; i < 4; i++) {
      run(Duration.ofMillis(10));
      service.last().fail(Kind.IN_USE);
      run(Duration.ofMillis(1_500));
    }
    assertThat(service.calls()).hasSize(5);
    assertThat(service.gapsMillis()).allSatisfy(gap -> assertThat(gap).isBetween(1_000L, 1_560L));
    assertThat(warnings()).isEmpty();
  }

  @Test
  void whoIsReplacedBySomebodyElseDoesNotReplaceHimAtOnce() {
    ask();
    run(Duration.ofSeconds(1));
    service.last().fail(Kind.IN_USE);
    run(Duration.ofSeconds(4).plusMillis(990));
    assertThat(service.calls()).hasSize(1);
    run(Duration.ofSeconds(3));
    assertThat(service.calls()).hasSize(2);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void refusalsAreRetriedWithBackOffAndWarnedOfWhenTheyLast() {
    service.openByHand();
    ask();
    for (int calls = 1; calls <= 6; calls++) {
      runUntilCalled(calls);
      service.last().fail(Kind.THROTTLED);
    }
    runUntilCalled(7);
    assertThat(service.gapsMillis().get(0)).isBetween(1_000L, 1_510L);
    assertThat(service.gapsMillis().get(4)).isBetween(6_600L, 10_100L);
    assertThat(failures).isEmpty();
    assertThat(warnings()).singleElement().asString().contains("3 times in a row");
  }

  @Test
  void aSilentSubscriptionIsReplaced() {
    ask();
    push(0, "1");
    ask();
    run(Duration.ofSeconds(25));
    assertThat(service.calls()).hasSize(2);
    assertThat(service.calls().get(0).isCancelled()).isTrue();
    assertThat(service.gapsMillis().get(0)).isBetween(20_000L, 20_100L);
    service.openByHand();
    service.last().fail(Kind.UNAVAILABLE);
    run(Duration.ofSeconds(30));
    assertThat(service.calls()).as("one that is never answered, too").hasSizeGreaterThan(3);
  }

  @Test
  void aContinuationThatLagsBehindRepeatsNothing() {
    ask();
    push(0, "10", "11");
    ask();
    service.last().event("5", List.of(), 100, 0, "12");
    run(Duration.ofSeconds(6));
    ask();
    service.last().end();
    run(Duration.ofMillis(50));
    assertThat(service.positions()).endsWith("AFTER_SEQUENCE_NUMBER(12)");
    push(0, "12", "13");
    assertThat(sequenceNumbers()).endsWith(List.of("13"));
  }

  @Test
  void theCheckpointedRecordComesAgainAsItMayBeAnAggregate() {
    source = open(Checkpoint.at("10"), FanOutSettings.DEFAULT);
    ask();
    push(0, "10", "11");
    assertThat(service.positions()).containsExactly("AT_SEQUENCE_NUMBER(10)");
    assertThat(sequenceNumbers()).containsExactly(List.of("10", "11"));
  }

  @Test
  void latestThatFailsBeforeItsFirstEventStillMeansTheTimeOfTheFirstAsking() {
    source = open(Checkpoint.LATEST, FanOutSettings.DEFAULT);
    ask();
    run(Duration.ofSeconds(1));
    service.last().fail(Kind.UNAVAILABLE);
    run(Duration.ofSeconds(10));
    assertThat(service.positions().get(0)).isEqualTo("LATEST");
    assertThat(service.positions().get(1)).startsWith("AT_TIMESTAMP(2025-12-31T23:59:50");
  }

  @Test
  void theEndOfTheShardIsTheLastBatchAndEndsTheSubscription() {
    ask();
    run(Duration.ofMillis(50));
    service.last().event(null, List.of(CHILD), 10, 0, "1");
    run(Duration.ofMinutes(1));
    assertThat(batches).singleElement().satisfies(batch -> {
      assertThat(batch.atShardEnd()).isTrue();
      assertThat(batch.childShards()).containsExactly(CHILD);
    });
    assertThat(service.calls()).hasSize(1);
    assertThat(service.last().isCancelled()).isTrue();
    ask();
    assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anEndWithoutChildrenIsBelievedWhenItIsRepeated() {
    ask();
    for (int calls = 1; calls <= 4; calls++) {
      runUntilCalled(calls);
      run(Duration.ofMillis(50));
      assertThat(batches).isEmpty();
      service.last().event(null, List.of(), 10, 0, "1");
    }
    run(Duration.ofMillis(10));
    assertThat(batches)
        .singleElement()
        .satisfies(b -> assertThat(b.atShardEnd()).isTrue());
  }

  @Test
  void whatRetryingCannotCureIsToldAndTriedAgainWhenAskedAgain() {
    ask();
    run(Duration.ofSeconds(1));
    service.last().fail(Kind.DENIED);
    run(Duration.ofMinutes(10));
    assertThat(failures)
        .singleElement()
        .hasToString(new StreamFailure(Kind.DENIED, "scripted DENIED").toString());
    assertThat(service.calls()).hasSize(1);
    ask();
    run(Duration.ofSeconds(10));
    assertThat(service.calls()).hasSize(2);
  }

  @Test
  void aConsumerThatIsGoneIsRegisteredAnewBeforeTheShardCountsAsMissing() {
    ask();
    run(Duration.ofSeconds(1));
    service.secondLook(CompletableFuture.completedFuture(true));
    service.last().fail(Kind.NOT_FOUND);
    run(Duration.ofSeconds(10));
    assertThat(service.calls()).hasSize(2);
    service.secondLook(CompletableFuture.completedFuture(false));
    service.last().fail(Kind.NOT_FOUND);
    run(Duration.ofSeconds(1));
    assertThat(failures)
        .singleElement()
        .hasToString(new StreamFailure(Kind.NOT_FOUND, "scripted NOT_FOUND").toString());
  }

  @Test
  void givesUpAfterAsManyFailuresAsAreTolerated() {
    source = open(Checkpoint.TRIM_HORIZON, FanOutSettings.DEFAULT.withFailuresTolerated(3));
    service.openByHand();
    ask();
    for (int i = 0; i < 4; i++) {
      assertThat(failures).isEmpty();
      run(Duration.ofSeconds(10));
      service.last().fail(Kind.UNAVAILABLE);
    }
    run(Duration.ofSeconds(1));
    assertThat(failures).hasSize(1);
  }

  @Test
  void aConsumerThatCannotBeRegisteredIsTold() {
    service.registration(
        CompletableFuture.failedFuture(new StreamFailure(Kind.DENIED, "not allowed")));
    ask();
    run(Duration.ofSeconds(1));
    assertThat(failures)
        .singleElement()
        .hasToString(new StreamFailure(Kind.DENIED, "not allowed").toString());
    assertThat(service.calls()).isEmpty();
  }

  @Test
  void memoryIsHeldForWindowAndEventsAndGivenBackByProcessingAndClosing() {
    ask();
    run(Duration.ofMillis(50));
    long window = TransportSize.LARGEST_WINDOW;
    assertThat(budget.usedBytes()).isEqualTo(window + 64 * 1024);
    service.last().event("1", List.of(), 3 * MIB, 0, "1");
    run(Duration.ofMillis(50));
    assertThat(budget.usedBytes())
        .as("window, batch and the event requested ahead, expected as large")
        .isEqualTo(window + 3 * MIB + 200 + 3 * MIB);
    service.last().event("2", List.of(), 100, 0, "2");
    run(Duration.ofMillis(50));
    loop.execute(source::close);
    run(Duration.ofMillis(1));
    assertThat(budget.usedBytes()).isZero();
    assertThat(service.last().isCancelled()).isTrue();
  }

  @Test
  void nothingIsRequestedWithoutMemory() {
    MemoryBudget.Reservation[] others = new MemoryBudget.Reservation[1];
    ask();
    run(Duration.ofMillis(5));
    loop.execute(() -> {
      others[0] = budget.reserve(MemoryBudget.Purpose.NEEDED_NOW, () -> 1, () -> {});
      others[0].correct(100 * MIB);
    });
    run(Duration.ofMinutes(1));
    assertThat(service.last().requested()).isZero();
    loop.execute(() -> others[0].release());
    run(Duration.ofMillis(50));
    assertThat(service.last().requested()).isEqualTo(1);
    assertThat(service.calls()).hasSize(1);
  }

  @Test
  void aThousandShardsBeginWithFewSubscriptionsAtOnce() {
    service.openByHand();
    FanOutRecordSources sources =
        new FanOutRecordSources(process, loop, service, FanOutSettings.DEFAULT, budget);
    ReadStart start = ReadStart.of(Checkpoint.TRIM_HORIZON, null).orElseThrow();
    loop.execute(() -> {
      for (int i = 0; i < 1_000; i++) {
        sources.open("shardId-" + i, start).next();
      }
    });
    int answered = 0;
    int most = 0;
    for (int second = 0; answered < 1_000 && second < 1_000; second++) {
      run(Duration.ofMillis(10));
      int calls = service.calls().size();
      most = Math.max(most, calls - answered);
      service.calls().subList(answered, calls).forEach(FakeSubscription::open);
      answered = calls;
    }
    assertThat(answered).isEqualTo(1_000);
    assertThat(most).isEqualTo(OpeningPace.MOST);
  }

  @Test
  void signsOfLifeAndTroubleAreTold() {
    service.openByHand();
    ask();
    long asked = world.nanoTime();
    run(Duration.ofMinutes(5));
    assertThat(source.lastSignNanos().orElseThrow())
        .as("nobody has answered any call")
        .isLessThanOrEqualTo(asked);
    assertThat(source.trouble()).hasValueSatisfying(t -> assertThat(t).contains("not answered"));
    service.last().open();
    push(0, "1");
    assertThat(source.lastSignNanos().orElseThrow()).isGreaterThan(asked);
  }

  @Test
  void closingTellsACallerThatWaitsAndIgnoresWhatComesLater() {
    ask();
    run(Duration.ofMillis(50));
    FakeSubscription open = service.last();
    loop.execute(source::close);
    run(Duration.ofMillis(1));
    open.event(0, "1");
    run(Duration.ofMinutes(10));
    assertThat(batches).isEmpty();
    assertThat(failures).singleElement().isInstanceOf(CancellationException.class);
    assertThat(service.calls()).hasSize(1);
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void askingTwiceIsAnErrorOfTheCaller() {
    loop.execute(() -> {
      source.next();
      assertThatThrownBy(source::next).isInstanceOf(IllegalStateException.class);
      source.close();
      assertThatThrownBy(source::next).hasMessageContaining("closed");
    });
    run(Duration.ofSeconds(1));
  }

  private RecordSource open(Checkpoint checkpoint, FanOutSettings settings) {
    return new FanOutRecordSources(process, loop, service, settings, budget)
        .open("shardId-0", ReadStart.of(checkpoint, null).orElseThrow());
  }

  private void ask() {
    loop.execute(() -> {
      try {
        source.next().whenComplete((batch, thrown) -> {
          assertThat(loop.inLoop()).isTrue();
          if (thrown == null) {
            batches.add(batch);
          } else {
            failures.add(thrown);
          }
        });
      } catch (IllegalStateException misuse) {
        failures.add(misuse);
      }
    });
    run(Duration.ofMillis(1));
  }

  private void run(Duration time) {
    world.runFor(time);
  }

  private void runUntilCalled(int calls) {
    assertThat(world.runUntil(() -> service.calls().size() >= calls, Duration.ofMinutes(1)))
        .isTrue();
  }

  /** Lets the service send an event, which must have been requested. */
  private void push(long behindMillis, String... sequenceNumbers) {
    world.runFor(Duration.ofMillis(20));
    service.last().event(behindMillis, sequenceNumbers);
    world.runFor(Duration.ofMillis(20));
  }

  /** Lets time pass in which the service sends an event without records every five seconds. */
  private void idleFor(Duration time) {
    for (long seconds = 0; seconds < time.toSeconds(); seconds += 5) {
      run(Duration.ofSeconds(5));
      if (service.last().requested() > 0) {
        service.last().event(0);
        run(Duration.ofMillis(1));
        if (batches.get(batches.size() - 1).records().isEmpty()) {
          ask();
        }
      }
    }
  }

  private List<List<String>> sequenceNumbers() {
    return batches.stream().map(b -> TestRecords.sequenceNumbers(b.records())).toList();
  }

  private List<String> warnings() {
    return logged.list.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
