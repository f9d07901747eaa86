package org.openkcl.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openkcl.environment.EventLoop;
import org.openkcl.environment.SimulatedEnvironment;
import org.openkcl.environment.Simulation;
import org.openkcl.leases.Checkpoint;
import org.openkcl.lineage.StreamFailure.Kind;
import org.slf4j.LoggerFactory;

class FallbackRecordSourceTest {
  private final Simulation world = new Simulation(1);
  private final SimulatedEnvironment process = world.newProcess("worker");
  private final EventLoop loop = process.newEventLoop("worker");
  private final FakeShardSubscriber service = new FakeShardSubscriber(world);
  private final FakeShardReader reader = new FakeShardReader(world);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(FallbackRecordSources.class);
  private final List<RecordBatch> batches = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final FallbackRecordSources sources = sources();
  private RecordSource source = open(Checkpoint.TRIM_HORIZON);

  FallbackRecordSourceTest() {
    logged.start();
    log.setLevel(Level.INFO);
    log.addAppender(logged);
  }

  @AfterEach
  void end() {
    log.detachAppender(logged);
    log.setLevel(null);
    world.close();
  }

  @Test
  void subscribesAsLongAsThatWorks() {
    ask();
    push("1");
    ask();
    push("2");
    assertThat(sequenceNumbers()).containsExactly(List.of("1"), List.of("2"));
    assertThat(reader.calls()).isEmpty();
    assertThat(logged.list).isEmpty();
  }

  @Test
  void pollsBehindTheLastRecordWhenSubscriptionsFailAndSubscribesBehindTheLastPolled() {
    ask();
    push("1");
    ask();
    reader.iterator().records(0, "2");
    service.last().fail(Kind.DENIED);
    run(Duration.ofSeconds(5));
    assertThat(reader.calls()).startsWith("open AFTER_SEQUENCE_NUMBER(1)");
    assertThat(sequenceNumbers()).containsExactly(List.of("1"), List.of("2"));

    run(Duration.ofMinutes(3));
    ask();
    run(Duration.ofSeconds(1));
    assertThat(service.positions()).endsWith("AFTER_SEQUENCE_NUMBER(2)");
    service.last().event(0, "3");
    run(Duration.ofSeconds(1));
    assertThat(sequenceNumbers()).containsExactly(List.of("1"), List.of("2"), List.of("3"));
    assertThat(failures).isEmpty();
    assertThat(logged.list)
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.WARN, Level.INFO);
  }

  @Test
  void fallsBackWhenFailuresThatMayPassDoNot() {
    service.openByHand();
    ask();
    reader.iterator().records(0, "1");
    for (int i = 0; i <= FallbackRecordSources.FAILURES_TOLERATED; i++) {
      assertThat(batches).isEmpty();
      service.last().fail(Kind.UNAVAILABLE);
      run(Duration.ofSeconds(11));
    }
    assertThat(sequenceNumbers()).containsExactly(List.of("1"));
    assertThat(reader.calls()).startsWith("open TRIM_HORIZON");
  }

  @Test
  void returningIsTriedLessAndLessOften() {
    ask();
    List<Long> returns = new ArrayList<>();
    int subscriptions = 0;
    for (int second = 0; second < 3_600; second++) {
      run(Duration.ofSeconds(1));
      if (service.calls().size() > subscriptions) {
        subscriptions = service.calls().size();
        returns.add(world.nanoTime() / 1_000_000_000);
        service.last().fail(Kind.DENIED);
        run(Duration.ofMillis(50));
      }
      if (batches.size() > failures.size()) {
        batches.clear();
        ask();
      }
    }
    assertThat(returns).hasSizeBetween(5, 7);
    assertThat(returns.get(1) - returns.get(0)).isBetween(120L, 155L);
    assertThat(returns.get(4) - returns.get(3)).isBetween(960L, 1_210L);
    assertThat(logged.list).as("said once").hasSize(1);
  }

  @Test
  void whatPollingCannotReadEitherIsTold() {
    ask();
    reader.fails(Kind.NOT_FOUND);
    service.last().fail(Kind.NOT_FOUND);
    run(Duration.ofSeconds(5));
    assertThat(failures).singleElement().asString().contains("NOT_FOUND");
  }

  @Test
  void latestStaysWhereItWasFirstAskedFor() {
    source = open(Checkpoint.LATEST);
    ask();
    run(Duration.ofMinutes(1));
    service.last().fail(Kind.DENIED);
    run(Duration.ofSeconds(5));
    assertThat(reader.calls().get(0)).startsWith("open AT_TIMESTAMP(2025-12-31T23:59:50");
  }

  @Test
  void closingTellsACallerThatWaits() {
    ask();
    loop.execute(source::close);
    run(Duration.ofSeconds(1));
    assertThat(failures).singleElement().isInstanceOf(CancellationException.class);
    assertThat(reader.calls()).isEmpty();
  }

  private FallbackRecordSources sources() {
    MemoryBudget budget = new MemoryBudget(100L << 20);
    return new FallbackRecordSources(
        process,
        new FanOutRecordSources(
            process,
            loop,
            service,
            FanOutSettings.DEFAULT.withFailuresTolerated(FallbackRecordSources.FAILURES_TOLERATED),
            budget),
        new PollingRecordSources(process, loop, reader, PollSettings.DEFAULT, budget),
        "stream");
  }

  private RecordSource open(Checkpoint checkpoint) {
    return sources.open("shardId-0", ReadStart.of(checkpoint, null).orElseThrow());
  }

  private void ask() {
    loop.execute(() -> source.next().whenComplete((batch, thrown) -> {
      if (thrown == null) {
        batches.add(batch);
      } else {
        failures.add(thrown);
      }
    }));
    run(Duration.ofMillis(20));
  }

  private void push(String... sequenceNumbers) {
    run(Duration.ofMillis(20));
    service.last().event(0, sequenceNumbers);
    run(Duration.ofMillis(20));
  }

  private void run(Duration time) {
    world.runFor(time);
  }

  private List<List<String>> sequenceNumbers() {
    return batches.stream()
        .map(batch -> TestRecords.sequenceNumbers(batch.records()))
        .filter(numbers -> !numbers.isEmpty())
        .toList();
  }
}
