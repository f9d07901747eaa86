package org.openkcl.multilang.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openkcl.environment.Environment;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardRecordProcessor;
import org.slf4j.LoggerFactory;

/** Children that serve many shards, with real processes. */
class SharedChildrenTest {
  private static final ChildSettings SETTINGS = ChildSettings.DEFAULT
      .withAnswerTimeout(Duration.ofMinutes(1))
      .withEnd(Duration.ofSeconds(5), Duration.ofMillis(500))
      .withSharedChildren(1);
  private static final String CHILD_LOG = "org.openkcl.multilang.child.log";
  private static final Duration SHORT = Duration.ofSeconds(4);

  private final List<Children> opened = new ArrayList<>();
  private final AtomicLong nanoTime = new AtomicLong();
  private final Environment environment =
      new ClockedEnvironment(Environment.system(), nanoTime::get);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final RecordProcessorCheckpointer checkpointer = mock(RecordProcessorCheckpointer.class);
  private final Calls calls = new Calls(checkpointer);

  @AfterEach
  void noChildSurvives() {
    threads.shutdownNow();
    opened.forEach(Children::close);
    environment.close();
  }

  static Stream<Arguments> stepsAndMisbehaviour() {
    return ChildProcessorTest.stepsAndMisbehaviour();
  }

  @ParameterizedTest(name = "{0}: child {1}")
  @MethodSource("stepsAndMisbehaviour")
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = CHILD_LOG, mode = ResourceAccessMode.READ)
  void aMisbehavingChildCostsItsOwnShardsARestartAndNoOtherShardNotices(String step, String kind)
      throws Exception {
    ChildSettings settings = SETTINGS.withSharedChildren(2);
    Children children =
        children(kind, step, kind.equals("hung") ? settings.withAnswerTimeout(SHORT) : settings);
    ShardRecordProcessor neighbour = calls.initialized(children, 1); // in the first child
    ShardRecordProcessor other = calls.initialized(children, 2); // in the second
    ShardRecordProcessor processor = children.shardRecordProcessor(); // in the first
    assertThat(children.pids()).hasSize(2);

    for (String before : Calls.before(step)) {
      calls.call(processor, before);
    }
    if (ChildProcessorTest.HARMLESS.contains(kind)) {
      calls.call(processor, step);
      calls.call(neighbour, "processRecords");
      assertThat(children.pids()).hasSize(2);
    } else {
      assertThatThrownBy(() -> calls.call(processor, step))
          .isInstanceOf(ChildFailedException.class)
          .hasMessageContaining("begins again from its last checkpoint");
      calls.call(processor, "leaseLost"); // the library's last word; there is nobody to tell
      assertThatThrownBy(() -> calls.call(neighbour, "processRecords"))
          .isInstanceOf(ChildFailedException.class)
          .hasMessageContaining("begins again from its last checkpoint");
      calls.call(calls.initialized(children, 1), "processRecords");
    }
    calls.call(other, "processRecords");
    calls.call(other, "shardEnded");
  }

  @Test
  void oneChildServesAllShardsAndEndsWithTheLast() throws Exception {
    Children children = children("none", "none", SETTINGS);
    List<ShardRecordProcessor> processors = all(IntStream.range(0, 12)
        .<Callable<ShardRecordProcessor>>mapToObj(
            shard -> () -> calls.initialized(children, shard)));
    Set<Long> child = children.pids();
    assertThat(child).hasSize(1);
    for (int round = 0; round < 3; round++) {
      all(processors.stream().<Callable<ShardRecordProcessor>>map(processor -> () -> {
        calls.call(processor, "processRecords");
        return processor;
      }));
    }
    for (ShardRecordProcessor processor : processors.subList(0, 11)) {
      calls.call(processor, "leaseLost");
    }
    calls.call(processors.get(11), "processRecords");
    assertThat(children.pids()).isEqualTo(child);
    calls.call(processors.get(11), "shardEnded");
    assertThat(children.pids()).isEmpty();
    calls.initialized(children, 5);
    assertThat(children.pids()).hasSize(1).isNotEqualTo(child);
  }

  @Test
  void aCheckpointIsThatOfTheShardWhichAsksForIt() throws Exception {
    Children children = children("checkpoint", "processRecords", SETTINGS);
    RecordProcessorCheckpointer another = mock(RecordProcessorCheckpointer.class);
    ShardRecordProcessor neighbour = new Calls(another).initialized(children, 1);
    ShardRecordProcessor processor = calls.initialized(children, 0);
    calls.call(processor, "processRecords");
    new Calls(another).call(neighbour, "processRecords");
    verify(checkpointer).checkpoint("42");
    verifyNoInteractions(another);
  }

  @Test
  void shardsAreSpreadOverSeveralChildren() throws Exception {
    Children children = children("none", "none", SETTINGS.withSharedChildren(3));
    List<ShardRecordProcessor> processors = new ArrayList<>();
    for (int shard = 0; shard < 9; shard++) {
      processors.add(calls.initialized(children, shard));
    }
    assertThat(children.pids()).hasSize(3);
    for (ShardRecordProcessor processor : processors) {
      calls.call(processor, "processRecords");
      calls.call(processor, "leaseLost");
    }
    assertThat(children.pids()).isEmpty();
  }

  @Test
  void aChildThatDoesNotKnowTheOfferGetsOneShard() throws Exception {
    Children children =
        track(new Children(Calls.child("none", "none", "classic"), SETTINGS, environment));
    List<ShardRecordProcessor> processors = all(IntStream.range(0, 4)
        .<Callable<ShardRecordProcessor>>mapToObj(
            shard -> () -> calls.initialized(children, shard)));
    assertThat(children.pids()).hasSize(4);
    for (ShardRecordProcessor processor : processors) {
      calls.call(processor, "processRecords");
      calls.call(processor, "leaseLost");
    }
    assertThat(children.pids()).isEmpty();
  }

  @Test
  void aShardThatIsGivenUpAloneBeginsAgainInTheSameChild() throws Exception {
    Children children = children("givesUp", "processRecords", SETTINGS);
    ShardRecordProcessor neighbour = calls.initialized(children, 1);
    ShardRecordProcessor processor = calls.initialized(children, 0);
    Set<Long> child = children.pids();
    assertThatThrownBy(() -> calls.call(processor, "processRecords"))
        .isInstanceOf(ChildFailedException.class)
        .hasMessageContaining("ValueError: no such airport");
    calls.call(neighbour, "processRecords");
    calls.call(calls.initialized(children, 0), "shutdownRequested");
    assertThat(children.pids()).isEqualTo(child);
  }

  @Test
  void shardsThatWaitForAChildThatFailsAreToldAndBeginAgain() throws Exception {
    Children children = children("hung", "initialize", SETTINGS.withAnswerTimeout(SHORT));
    ShardRecordProcessor first = children.shardRecordProcessor();
    Future<?> hung = threads.submit(() -> {
      calls.call(first, "initialize");
      return null;
    });
    await(() -> !children.pids().isEmpty());
    assertThatThrownBy(() -> calls.initialized(children, 1))
        .isInstanceOf(ChildFailedException.class)
        .hasMessageContaining("has failed at its first shard");
    assertThatThrownBy(hung::get).hasMessageContaining("it did not answer within 4000 ms");
    calls.call(calls.initialized(children, 1), "processRecords");
  }

  @Test
  void theShardThatEveryChildDiesOfGetsOneOfItsOwn() throws Exception {
    Children children = children("killed", "processRecords", SETTINGS);
    for (int i = 0; i < 3; i++) {
      ShardRecordProcessor idle = calls.initialized(children, 1);
      calls.call(idle, "processRecords");
      ShardRecordProcessor processor = calls.initialized(children, 0);
      assertThatThrownBy(() -> calls.call(processor, "processRecords"))
          .isInstanceOf(ChildFailedException.class);
      assertThatThrownBy(() -> calls.call(idle, "processRecords"))
          .hasMessageContaining("it was ended by signal 9");
    }
    assertThatThrownBy(() -> calls.initialized(children, 0))
        .hasMessageContaining("the last 3 children of that shard failed");
    ShardRecordProcessor neighbour = calls.initialized(children, 1);
    nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
    ShardRecordProcessor processor = calls.initialized(children, 0);
    assertThatThrownBy(() -> calls.call(processor, "processRecords"))
        .isInstanceOf(ChildFailedException.class);
    calls.call(neighbour, "processRecords");
  }

  @Test
  void aStatusThatNamesNoShardAnswersNothing() throws Exception {
    Children children = children("unnamed", "processRecords", SETTINGS);
    ShardRecordProcessor processor = calls.initialized(children, 0);
    calls.call(processor, "processRecords");
    calls.call(processor, "shardEnded");
  }

  @Test
  @ResourceLock(CHILD_LOG)
  void logLinesKeepTheirLevelAndShard() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(CHILD_LOG);
    logger.setLevel(Level.DEBUG);
    ListAppender<ILoggingEvent> seen = new ListAppender<>();
    seen.start();
    logger.addAppender(seen);
    try {
      ChildSettings alone = SETTINGS.withSharedChildren(0).withLogLevels(true);
      for (ChildSettings settings : List.of(SETTINGS, alone)) {
        Children children = children("logs", "processRecords", settings);
        calls.call(calls.initialized(children, 0), "processRecords");
      }
    } finally {
      logger.detachAppender(seen);
      logger.setLevel(null);
    }
    assertThat(seen.list)
        .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("WARN [shardId-000000000000] a \"line\""),
            line -> assertThat(line).matches("DEBUG \\[child [0-9]+\\] without shard"),
            line -> assertThat(line).isEqualTo("WARN [shardId-000000000000] a \"line\""),
            line -> assertThat(line).isEqualTo("DEBUG [shardId-000000000000] without shard"));
  }

  private <T> List<T> all(Stream<Callable<T>> tasks) throws Exception {
    List<T> results = new ArrayList<>();
    for (Future<T> result : threads.invokeAll(tasks.toList())) {
      results.add(result.get());
    }
    return results;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private Children children(String kind, String step, ChildSettings settings) throws Exception {
    return track(new Children(Calls.child(kind, step, "shared"), settings, environment));
  }

  private Children track(Children children) {
    opened.add(children);
    return children;
  }
}
