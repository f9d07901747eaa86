package org.openkcl.multilang.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openkcl.environment.Environment;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ThrottlingException;

/** Every step of the dialogue against every misbehaviour, with real processes, one per shard. */
class ChildProcessorTest {
  private static final ChildSettings SETTINGS = ChildSettings.DEFAULT
      .withAnswerTimeout(Duration.ofMinutes(1))
      .withEnd(Duration.ofSeconds(5), Duration.ofMillis(500));
  static final List<String> KINDS = List.of(
      "killed",
      "exits",
      "hung",
      "half",
      "closed",
      "wrong",
      "garbage",
      "babbling",
      "slow",
      "slowReader");
  static final List<String> HARMLESS = List.of("garbage", "babbling", "slow", "slowReader");

  private final Environment environment = Environment.system();
  private final List<Children> opened = new ArrayList<>();
  private final RecordProcessorCheckpointer checkpointer = mock(RecordProcessorCheckpointer.class);
  private final Calls calls = new Calls(checkpointer);

  @AfterEach
  void noChildSurvives() {
    opened.forEach(Children::close);
    environment.close();
  }

  static Stream<Arguments> stepsAndMisbehaviour() {
    return Calls.STEPS.stream()
        .flatMap(step -> KINDS.stream().map(kind -> Arguments.of(step, kind)));
  }

  @ParameterizedTest(name = "{0}: child {1}")
  @MethodSource("stepsAndMisbehaviour")
  @Execution(ExecutionMode.CONCURRENT)
  void aMisbehavingChildFailsItsOwnCallAndNoOtherShardNotices(String step, String kind)
      throws Exception {
    ChildSettings settings =
        kind.equals("hung") ? SETTINGS.withAnswerTimeout(Duration.ofSeconds(4)) : SETTINGS;
    Children children =
        track(new Children(Calls.child(kind, step, "classic"), settings, environment));
    ShardRecordProcessor other = calls.initialized(children, 1);
    ShardRecordProcessor processor = children.shardRecordProcessor();

    for (String before : Calls.before(step)) {
      calls.call(processor, before);
    }
    if (HARMLESS.contains(kind)) {
      calls.call(processor, step);
    } else {
      assertThatThrownBy(() -> calls.call(processor, step))
          .isInstanceOf(ChildFailedException.class)
          .hasMessageContaining("begins again from its last checkpoint");
      if (!step.equals("initialize")) {
        assertThatThrownBy(() -> calls.call(processor, "processRecords"))
            .isInstanceOf(ChildFailedException.class);
      }
      calls.call(processor, "leaseLost"); // the library's last word; there is nobody to tell
    }
    calls.call(other, "processRecords");
    calls.call(other, "shardEnded");
  }

  @Test
  void aCheckpointOfTheChildIsStoredAndAnswered() throws Exception {
    calls.call(calls.initialized(children("checkpoint", "processRecords"), 0), "processRecords");
    verify(checkpointer).checkpoint("42");
  }

  @Test
  void aCheckpointThatIsRefusedIsAnsweredWithTheNameOfTheException() throws Exception {
    doThrow(new ThrottlingException("later")).when(checkpointer).checkpoint("42");
    ShardRecordProcessor processor = calls.initialized(children("checkpoint", "processRecords"), 0);
    assertThatThrownBy(() -> calls.call(processor, "processRecords"))
        .hasMessageContaining("it answered refused");
  }

  @Test
  void theShardBeginsAgainWithAnotherChild() throws Exception {
    Children children = children("killed", "processRecords");
    ShardRecordProcessor processor = calls.initialized(children, 0);
    assertThatThrownBy(() -> calls.call(processor, "processRecords"))
        .hasMessageContaining("it was ended by signal 9");
    calls.call(calls.initialized(children, 0), "leaseLost");
  }

  @Test
  void aProgramThatDoesNotExistIsToldAndNotTriedOverAndOver() {
    Children children =
        track(new Children(ChildCommand.of("/no/such/program"), SETTINGS, environment));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> calls.initialized(children, 0))
          .isInstanceOf(ChildFailedException.class);
    }
    assertThatThrownBy(() -> calls.initialized(children, 1))
        .hasMessageContaining("No child is started")
        .hasMessageContaining("the last 3 starts");
  }

  @Test
  void aRecordThatEveryChildDiesOfStopsItsShardOnly() throws Exception {
    Children children = children("killed", "processRecords");
    for (int i = 0; i < 3; i++) {
      ShardRecordProcessor processor = calls.initialized(children, 0);
      assertThatThrownBy(() -> calls.call(processor, "processRecords"))
          .isInstanceOf(ChildFailedException.class);
    }
    assertThatThrownBy(() -> calls.initialized(children, 0))
        .hasMessageContaining("the last 3 children of that shard failed");
    calls.call(calls.initialized(children, 1), "processRecords");
  }

  @Test
  void nothingIsOfferedUnlessItIsAskedFor() throws Exception {
    Children children =
        track(new Children(Calls.child("none", "none", "shared"), SETTINGS, environment));
    ShardRecordProcessor one = calls.initialized(children, 0);
    ShardRecordProcessor two = calls.initialized(children, 1);
    assertThat(children.pids()).hasSize(2);
    calls.call(one, "processRecords");
    calls.call(two, "processRecords");
  }

  private Children children(String kind, String step) throws Exception {
    return track(new Children(Calls.child(kind, step, "classic"), SETTINGS, environment));
  }

  private Children track(Children children) {
    opened.add(children);
    return children;
  }
}
