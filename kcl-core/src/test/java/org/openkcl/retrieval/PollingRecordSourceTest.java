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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Checkpoint;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamFailure.Kind;
import org.openkcl.processor.ChildShard;
import org.slf4j.LoggerFactory;

class PollingRecordSourceTest {
  private static final ChildShard CHILD =
      new ChildShard("shardId-1", List.of("shardId-0"), new ChildShard.HashKeyRange("0", "9"));
  private static final long MIB = 1024 * 1024;

  private final Simulation world = new Simulation(1);
  private final SimulatedEnvironment process = world.newProcess("worker");
  private final EventLoop loop = process.newEventLoop("worker");
  private final FakeShardReader reader = new FakeShardReader(world);
  private final MemoryBudget budget = new MemoryBudget(100 * MIB);
  private final Caller caller = new Caller(reader, Checkpoint.TRIM_HORIZON);

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void nothingIsAskedOfTheServiceBeforeTheCallerAsks() {
    world.runFor(Duration.ofSeconds(5));
    assertThat(reader.calls()).isEmpty();
  }

  @Test
  void recordsComeInOrderFromTheStart() {
    reader.iterator().records(500, "1", "2").records(0, "3");
    assertThat(caller.receive(2)).containsExactly(List.of("1", "2"), List.of("3"));
    assertThat(reader.calls()).startsWith("open TRIM_HORIZON", "read i1");
    assertThat(caller.batches.get(0).millisBehindLatest()).isEqualTo(500);
    assertThat(caller.batches.get(0).bytes()).isEqualTo(1024);
    assertThat(caller.batches.get(0).fetchedAt())
        .isAfterOrEqualTo(process.now().minusSeconds(2))
        .isBeforeOrEqualTo(process.now());
  }

  @Test
  void whileBehindItReadsAsFastAsAllowedAndIdlesWhenCaughtUp() {
    reader.iterator().records(900, "1").records(800, "2").records(0, "3").records(0, "4");
    caller.receive(4);
    List<Long> reads = reader.callMillis().subList(1, 5);
    assertThat(gaps(reads).subList(0, 2)).containsExactly(210L, 210L);
    assertThat(gaps(reads).get(2)).isBetween(900L, 1_000L);
  }

  @Test
  void readsAheadALittleAndGoesOnWhenABatchIsTaken() {
    reader.iterator().records(9, "1").records(9, "2").records(9, "3").records(9, "4");
    caller.ask();
    world.runFor(Duration.ofMinutes(10));
    assertThat(caller.sequenceNumbers()).containsExactly(List.of("1"));
    assertThat(reader.calls()).hasSize(1 + 3);

    caller.ask();
    world.runFor(Duration.ofSeconds(1));
    assertThat(caller.sequenceNumbers()).containsExactly(List.of("1"), List.of("2"));
    assertThat(reader.calls()).hasSize(1 + 4);
  }

  @Test
  void emptyReadsAreToldToACallerThatWaitsAndDoNotPileUp() {
    reader.iterator().records(9, "1").records(700).records(600).records(500, "2");
    caller.ask();
    world.runFor(Duration.ofSeconds(3));
    caller.ask();
    world.runFor(Duration.ofSeconds(3));
    assertThat(caller.sequenceNumbers()).containsExactly(List.of("1"), List.of("2"));

    caller.ask();
    world.runFor(Duration.ofSeconds(3));
    assertThat(caller.batches.get(2).records()).isEmpty();
    assertThat(caller.batches.get(2).millisBehindLatest()).isZero();
    assertThat(caller.batches.get(2).atShardEnd()).isFalse();
  }

  @Test
  void throttlingAndOutagesAreWaitedOutWithoutLossOrRepetition() {
    reader.fails(Kind.UNAVAILABLE).fails(Kind.THROTTLED).iterator();
    reader.fails(Kind.THROTTLED).fails(Kind.UNAVAILABLE).records(5, "1");
    reader.fails(Kind.THROTTLED).records(5, "2");
    assertThat(caller.receive(2)).containsExactly(List.of("1"), List.of("2"));
    assertThat(caller.failures).isEmpty();
  }

  @Test
  void whatRetryingCannotCureIsToldAndTriedAgainWhenAskedAgain() {
    for (Kind kind : List.of(Kind.NOT_FOUND, Kind.DENIED, Kind.REFUSED)) {
      reader.fails(kind);
      caller.ask();
      world.runFor(Duration.ofMinutes(1));
    }
    assertThat(caller.failures)
        .extracting(failure -> ((StreamFailure) failure).kind())
        .containsExactly(Kind.NOT_FOUND, Kind.DENIED, Kind.REFUSED);
    assertThat(reader.calls()).hasSize(3);

    reader.iterator().records(0, "1");
    assertThat(caller.receive(1)).containsExactly(List.of("1"));
  }

  @Test
  void whatWasReadBeforeAFailureComesBeforeIt() {
    reader.iterator().records(9, "1").records(9, "2").fails(Kind.DENIED);
    caller.ask();
    world.runFor(Duration.ofSeconds(5));
    caller.ask();
    caller.ask();
    world.runFor(Duration.ofSeconds(5));
    assertThat(caller.sequenceNumbers()).containsExactly(List.of("1"), List.of("2"));
    assertThat(caller.failures).hasSize(1);
    assertThat(reader.calls()).as("parked until asked again").hasSize(4);
    reader.records(0, "3");
    assertThat(caller.receive(1)).contains(List.of("3"));
  }

  @Test
  void anExpiredIteratorIsReplacedBehindTheLastRecordReadAhead() {
    reader.iterator().records(9, "1").records(9, "2");
    reader.fails(Kind.EXPIRED_ITERATOR).iterator().records(0, "3");
    assertThat(caller.receive(3)).containsExactly(List.of("1"), List.of("2"), List.of("3"));
    assertThat(reader.calls()).contains("open AFTER_SEQUENCE_NUMBER(2)");
  }

  @Test
  void theCheckpointedRecordItselfIsReadAgain() {
    Caller restarted = new Caller(reader, Checkpoint.at("10"));
    reader.iterator().records(5, "10", "11");
    assertThat(restarted.receive(1)).containsExactly(List.of("10", "11"));
    assertThat(reader.calls()).startsWith("open AT_SEQUENCE_NUMBER(10)");
  }

  @Test
  void latestThatCannotBeOpenedAtOnceStillMeansTheTimeOfTheFirstAsking() {
    Caller latest = new Caller(reader, Checkpoint.LATEST);
    reader.fails(Kind.UNAVAILABLE).iterator().records(0, "1");
    latest.receive(1);
    assertThat(reader.calls()).startsWith("open LATEST");
    assertThat(reader.calls().get(1)).startsWith("open AT_TIMESTAMP(2025-12-31T23:59:50.0");
  }

  @Test
  void theBatchAtTheEndOfTheShardIsTheLastOne() {
    reader.iterator().shardEnd(List.of(CHILD), "1");
    caller.receive(1);
    RecordBatch last = caller.batches.get(0);
    assertThat(last.atShardEnd()).isTrue();
    assertThat(last.childShards()).containsExactly(CHILD);
    world.runFor(Duration.ofMinutes(1));
    assertThat(reader.calls()).hasSize(2);
    caller.ask();
    world.runFor(Duration.ofMillis(10));
    assertThat(caller.failures).hasSize(1).first().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anEmptyEndOfTheShardIsDeliveredEvenWhenReadAhead() {
    reader.iterator().records(9, "1").shardEnd(List.of(CHILD));
    caller.ask();
    world.runFor(Duration.ofSeconds(5));
    caller.ask();
    world.runFor(Duration.ofSeconds(5));
    assertThat(caller.batches.get(1).atShardEnd()).isTrue();
    assertThat(caller.batches.get(1).records()).isEmpty();
  }

  @Test
  void anEndWithoutShardsThatFollowIsAskedForAgain() {
    reader.iterator().shardEnd(List.of()).records(7, "1");
    reader.shardEnd(List.of()).shardEnd(List.of()).shardEnd(List.of()).shardEnd(List.of(), "2");
    assertThat(caller.receive(2)).containsExactly(List.of("1"), List.of("2"));
    assertThat(caller.batches.get(0).atShardEnd()).isFalse();
    assertThat(caller.batches.get(1).atShardEnd()).isTrue();
  }

  @Test
  void closingStopsEverythingAndGivesAllMemoryBack() {
    reader.iterator().records(9, "1").records(9, "2");
    caller.ask();
    world.runFor(Duration.ofMillis(300));
    assertThat(budget.usedBytes()).isPositive();
    loop.execute(caller.source::close);
    world.runFor(Duration.ofMillis(1));
    int calls = reader.calls().size();
    world.runFor(Duration.ofMinutes(1));
    assertThat(budget.usedBytes()).isZero();
    assertThat(reader.calls()).hasSize(calls);
  }

  @Test
  void aReplyThatComesAfterClosingIsIgnoredAndTheCallerIsToldThatNothingComes() {
    reader.iterator().records(9, "1");
    caller.ask();
    world.runUntil(() -> reader.calls().size() == 2, Duration.ofSeconds(1));
    loop.execute(caller.source::close);
    world.runFor(Duration.ofMinutes(1));
    assertThat(caller.batches).isEmpty();
    assertThat(caller.failures).hasSize(1).first().isInstanceOf(CancellationException.class);
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void askingTwiceIsAnErrorOfTheCaller() {
    loop.execute(() -> {
      var waiting = caller.source.next();
      assertThat(waiting.toCompletableFuture()).isNotDone();
      assertThatThrownBy(caller.source::next).isInstanceOf(IllegalStateException.class);
      caller.source.close();
      assertThatThrownBy(caller.source::next).hasMessageContaining("closed");
    });
    world.runFor(Duration.ofSeconds(1));
  }

  @Test
  void aSmallBudgetServesAllShardsInTurn() {
    MemoryBudget tiny = new MemoryBudget(MIB);
    List<Caller> callers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      FakeShardReader shard = new FakeShardReader(world).iterator();
      for (int n = 1; n <= 30; n++) {
        shard.large(300 * 1024, 1_000, Integer.toString(n));
      }
      callers.add(new Caller(shard, Checkpoint.TRIM_HORIZON, tiny).processingFor(50));
    }
    long[] most = {0};
    world.afterEachEvent(() -> most[0] = Math.max(most[0], tiny.usedBytes()));
    callers.forEach(Caller::ask);
    world.runFor(Duration.ofSeconds(20));

    assertThat(most[0]).isLessThanOrEqualTo(10 * MIB);
    int least = callers.stream().mapToInt(each -> each.batches.size()).min().orElseThrow();
    int greatest = callers.stream().mapToInt(each -> each.batches.size()).max().orElseThrow();
    assertThat(least).isGreaterThan(10);
    assertThat(greatest - least).isLessThanOrEqualTo(3);
  }

  @Test
  void aShardWhoseProcessorIsStuckDoesNotHoldUpTheOthers() {
    MemoryBudget small = new MemoryBudget(4 * MIB);
    for (int i = 0; i < 2; i++) {
      FakeShardReader shard = new FakeShardReader(world).iterator();
      shard.large(MIB / 2, 9, "1").large(MIB, 9, "2").large(MIB, 9, "3");
      new Caller(shard, Checkpoint.TRIM_HORIZON, small).ask();
      world.runFor(Duration.ofMinutes(1));
    }
    reader.iterator().large(MIB, 9, "1").large(MIB, 9, "2").large(MIB, 9, "3");
    Caller healthy = new Caller(reader, Checkpoint.TRIM_HORIZON, small);
    assertThat(healthy.receive(3)).hasSize(3);
  }

  @Test
  void lastingTroubleIsWarnedOfOnceAMinuteAndItsEndIsTold() {
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(PollingRecordSource.class);
    appender.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(appender);
    try {
      reader.iterator();
      for (int i = 0; i < 22; i++) {
        reader.fails(Kind.UNAVAILABLE);
      }
      reader.records(0, "1").fails(Kind.THROTTLED).records(0, "2");
      caller.receive(2);
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(null);
    }
    List<ILoggingEvent> warnings =
        appender.list.stream().filter(event -> event.getLevel() == Level.WARN).toList();
    assertThat(warnings).hasSizeBetween(2, 4);
    assertThat(warnings.get(0).getFormattedMessage())
        .contains("shardId-0", "3 times in a row", "scripted UNAVAILABLE");
    assertThat(appender.list)
        .filteredOn(event -> event.getLevel() == Level.INFO)
        .singleElement()
        .satisfies(event -> assertThat(event.getFormattedMessage()).contains("can be read again"));
  }

  private static List<Long> gaps(List<Long> times) {
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < times.size(); i++) {
      gaps.add(times.get(i) - times.get(i - 1));
    }
    return gaps;
  }

  /** What a shard's consumer does with its source. */
  private final class Caller {
    final List<RecordBatch> batches = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    private final RecordSource source;
    private @Nullable Duration processing;

    Caller(FakeShardReader shard, Checkpoint checkpoint) {
      this(shard, checkpoint, budget);
    }

    Caller(FakeShardReader shard, Checkpoint checkpoint, MemoryBudget memory) {
      source = new PollingRecordSources(process, loop, shard, PollSettings.DEFAULT, memory)
          .open("shardId-0", ReadStart.of(checkpoint, null).orElseThrow());
    }

    /** Asks again by itself once a batch has been processed for so long. */
    Caller processingFor(long millis) {
      processing = Duration.ofMillis(millis);
      return this;
    }

    void ask() {
      loop.execute(() -> {
        try {
          source.next().whenComplete((batch, thrown) -> {
            assertThat(loop.inLoop()).isTrue();
            if (thrown != null) {
              failures.add(thrown);
              return;
            }
            batches.add(batch);
            if (processing != null) {
              loop.schedule(processing, this::ask);
            }
          });
        } catch (IllegalStateException misuse) {
          failures.add(misuse);
        }
      });
    }

    /** Asks for batches one after the other until so many more have come. */
    List<List<String>> receive(int count) {
      for (int i = 0; i < count; i++) {
        int before = batches.size();
        ask();
        assertThat(world.runUntil(() -> batches.size() > before, Duration.ofMinutes(30)))
            .isTrue();
      }
      return sequenceNumbers();
    }

    List<List<String>> sequenceNumbers() {
      return batches.stream().map(b -> TestRecords.sequenceNumbers(b.records())).toList();
    }
  }
}
