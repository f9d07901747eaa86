package org.openkcl.multilang.child;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openkcl.processor.ExtendedSequenceNumber;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;
import org.openkcl.processor.ThrottlingException;

/** Every step of the dialogue against every misbehaviour, with real processes. */
class ChildProcessorTest {
  private static final ChildSettings SETTINGS = ChildSettings.DEFAULT
      .withAnswerTimeout(Duration.ofSeconds(4))
      .withEnd(Duration.ofSeconds(5), Duration.ofMillis(500));
  private static final List<String> STEPS =
      List.of("initialize", "processRecords", "shutdownRequested", "leaseLost", "shardEnded");
  private static final List<String> HARMLESS = List.of("garbage", "babbling", "slow", "none");

  private final List<Children> opened = new ArrayList<>();
  private final RecordProcessorCheckpointer checkpointer = mock(RecordProcessorCheckpointer.class);

  @AfterEach
  void noChildSurvives() {
    opened.forEach(Children::close);
  }

  static Stream<Arguments> stepsAndMisbehaviour() {
    return STEPS.stream()
        .flatMap(step -> Stream.of(
                "killed", "exits", "hung", "half", "closed", "wrong", "garbage", "babbling", "slow")
            .map(kind -> Arguments.of(step, kind)));
  }

  @ParameterizedTest(name = "{0}: child {1}")
  @MethodSource("stepsAndMisbehaviour")
  void aMisbehavingChildFailsItsOwnCallAndNoOtherShardNotices(String step, String kind)
      throws Exception {
    ShardRecordProcessor other = children("none", "none").shardRecordProcessor();
    call(other, "initialize");
    Children children = children(kind, step);
    ShardRecordProcessor processor = children.shardRecordProcessor();

    for (String before : before(step)) {
      call(processor, before);
    }
    if (HARMLESS.contains(kind)) {
      call(processor, step);
    } else {
      assertThatThrownBy(() -> call(processor, step))
          .isInstanceOf(ChildFailedException.class)
          .hasMessageContaining("begins again from its last checkpoint");
      if (!step.equals("initialize")) {
        assertThatThrownBy(() -> call(processor, "processRecords"))
            .isInstanceOf(ChildFailedException.class);
      }
      call(processor, "leaseLost"); // the library's last word; there is nobody to tell
    }
    call(other, "processRecords");
    call(other, "shardEnded");
  }

  @Test
  void aCheckpointOfTheChildIsStoredAndAnswered() throws Exception {
    ShardRecordProcessor processor =
        children("checkpoint", "processRecords").shardRecordProcessor();
    call(processor, "initialize");
    call(processor, "processRecords");
    verify(checkpointer).checkpoint("42");
  }

  @Test
  void aCheckpointThatIsRefusedIsAnsweredWithTheNameOfTheException() throws Exception {
    doThrow(new ThrottlingException("later")).when(checkpointer).checkpoint("42");
    ShardRecordProcessor processor =
        children("checkpoint", "processRecords").shardRecordProcessor();
    call(processor, "initialize");
    assertThatThrownBy(() -> call(processor, "processRecords"))
        .hasMessageContaining("it answered refused");
  }

  @Test
  void theShardBeginsAgainWithAnotherChild() throws Exception {
    Children children = children("killed", "processRecords");
    ShardRecordProcessor processor = children.shardRecordProcessor();
    call(processor, "initialize");
    assertThatThrownBy(() -> call(processor, "processRecords"))
        .hasMessageContaining("it was ended by signal 9");
    ShardRecordProcessor next = children.shardRecordProcessor();
    call(next, "initialize");
    call(next, "leaseLost");
  }

  @Test
  void aProgramThatDoesNotExistIsToldAndNotTriedOverAndOver() {
    Children children = track(new Children(ChildCommand.of("/no/such/program"), SETTINGS));
    ShardRecordProcessor processor = children.shardRecordProcessor();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> call(processor, "initialize"))
          .isInstanceOf(ChildFailedException.class);
    }
    assertThatThrownBy(() -> call(processor, "initialize"))
        .hasMessageContaining("No child is started")
        .hasMessageContaining("the last 3 starts");
  }

  @Test
  void aRecordThatEveryChildDiesOfStopsItsShardOnly() throws Exception {
    Children children = children("killed", "processRecords");
    for (int i = 0; i < 3; i++) {
      ShardRecordProcessor processor = children.shardRecordProcessor();
      call(processor, "initialize");
      assertThatThrownBy(() -> call(processor, "processRecords"))
          .isInstanceOf(ChildFailedException.class);
    }
    assertThatThrownBy(() -> call(children.shardRecordProcessor(), "initialize"))
        .hasMessageContaining("the last 3 children of that shard failed");
    children
        .shardRecordProcessor()
        .initialize(InitializationInput.builder()
            .shardId("shardId-000000000001")
            .extendedSequenceNumber(ExtendedSequenceNumber.TRIM_HORIZON)
            .build());
  }

  @Test
  void aLargeBatchReachesAChildThatPrintsBeforeItReads() throws Exception {
    ShardRecordProcessor processor = children("babbling", "initialize").shardRecordProcessor();
    call(processor, "initialize");
    KinesisClientRecord record = KinesisClientRecord.builder()
        .data(ByteBuffer.wrap(new byte[40_000]))
        .partitionKey("k")
        .sequenceNumber("1")
        .approximateArrivalTimestamp(Instant.EPOCH)
        .build();
    processor.processRecords(ProcessRecordsInput.builder()
        .records(List.of(record, record, record))
        .checkpointer(checkpointer)
        .millisBehindLatest(0L)
        .build());
    call(processor, "shardEnded");
  }

  private static List<String> before(String step) {
    return switch (step) {
      case "initialize" -> List.of();
      case "processRecords" -> List.of("initialize");
      default -> List.of("initialize", "processRecords");
    };
  }

  private void call(ShardRecordProcessor processor, String step) throws Exception {
    switch (step) {
      case "initialize" ->
        processor.initialize(InitializationInput.builder()
            .shardId("shardId-000000000000")
            .extendedSequenceNumber(ExtendedSequenceNumber.TRIM_HORIZON)
            .build());
      case "processRecords" ->
        processor.processRecords(ProcessRecordsInput.builder()
            .records(List.of())
            .checkpointer(checkpointer)
            .millisBehindLatest(0L)
            .build());
      case "shutdownRequested" ->
        processor.shutdownRequested(
            ShutdownRequestedInput.builder().checkpointer(checkpointer).build());
      case "leaseLost" -> processor.leaseLost(new LeaseLostInput());
      default ->
        processor.shardEnded(
            ShardEndedInput.builder().checkpointer(checkpointer).build());
    }
  }

  private Children children(String kind, String step) throws Exception {
    Path script = Path.of(ChildProcessorTest.class.getResource("/child.sh").toURI());
    return track(new Children(ChildCommand.of("sh " + script + " " + kind + " " + step), SETTINGS));
  }

  private Children track(Children children) {
    opened.add(children);
    return children;
  }
}
