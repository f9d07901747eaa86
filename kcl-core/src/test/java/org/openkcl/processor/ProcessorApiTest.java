package org.openkcl.processor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorApiTest {
  private final RecordingCheckpointer checkpointer = new RecordingCheckpointer();

  @Test
  void aLambdaIsAProcessor() throws Exception {
    List<String> seen = new ArrayList<>();
    ShardRecordProcessorFactory factory = () -> batch -> {
      for (KinesisClientRecord record : batch.records()) {
        seen.add(record.partitionKey() + " " + UTF_8.decode(record.data()));
      }
      batch.checkpointer().checkpoint();
    };
    ShardRecordProcessor processor =
        factory.shardRecordProcessor(StreamIdentifier.singleStreamInstance("flights"));
    processor.initialize(InitializationInput.builder()
        .shardId("shardId-000000000000")
        .extendedSequenceNumber(ExtendedSequenceNumber.TRIM_HORIZON)
        .build());
    processor.processRecords(ProcessRecordsInput.builder()
        .records(List.of(record("hello")))
        .checkpointer(checkpointer)
        .build());
    processor.leaseLost(LeaseLostInput.builder().build());
    assertThat(seen).containsExactly("key hello");
    assertThat(checkpointer.calls).containsExactly("checkpoint");
  }

  @Test
  void theEndAndAShutdownCheckpointByDefault() throws Exception {
    ShardRecordProcessor processor = batch -> {};
    processor.shardEnded(ShardEndedInput.builder().checkpointer(checkpointer).build());
    processor.shutdownRequested(
        ShutdownRequestedInput.builder().checkpointer(checkpointer).build());
    assertThat(checkpointer.calls).containsExactly("checkpoint", "checkpoint");
  }

  @Test
  void aClassicProcessorNeedsNoThrowsClauses() {
    ShardRecordProcessor classic = new ShardRecordProcessor() {
      @Override
      public void initialize(InitializationInput input) {}

      @Override
      public void processRecords(ProcessRecordsInput input) {
        try {
          input.checkpointer().checkpoint(input.records().get(0));
        } catch (ShutdownException | InvalidStateException e) {
          throw new IllegalStateException(e);
        } catch (ThrottlingException | KinesisClientLibDependencyException later) {
          // tried again with the next batch
        }
      }

      @Override
      public void leaseLost(LeaseLostInput input) {}

      @Override
      public void shardEnded(ShardEndedInput input) {}

      @Override
      public void shutdownRequested(ShutdownRequestedInput input) {}
    };
    assertThat(classic).isNotNull();
  }

  @Test
  void readingARecordMovesNobodyElse() {
    KinesisClientRecord record = record("hello");
    assertThat(UTF_8.decode(record.data()).toString()).isEqualTo("hello");
    assertThat(record.data().remaining()).isEqualTo(5);
    assertThat(record.data()).isNotSameAs(record.data());
    assertThatThrownBy(() -> record.data().put((byte) 0))
        .isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void aRecordsDataBeginsAtTheGivenPosition() {
    ByteBuffer buffer = ByteBuffer.wrap("xxhelloyy".getBytes(UTF_8)).position(2).limit(7);
    KinesisClientRecord record = record("").toBuilder().data(buffer).build();
    buffer.position(5);
    assertThat(record.data().position()).isZero();
    assertThat(UTF_8.decode(record.data()).toString()).isEqualTo("hello");
  }

  @Test
  void recordsAreComparedByValueAndShowNoPayload() {
    assertThat(record("a")).isEqualTo(record("a")).hasSameHashCodeAs(record("a"));
    assertThat(record("a")).isNotEqualTo(record("b"));
    assertThat(record("a").toBuilder().aggregated(true).build()).isNotEqualTo(record("a"));
    assertThat(record("secret").toString()).contains("sequenceNumber=200").doesNotContain("secret");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ProcessRecordsInput.builder().build())
        .withMessageContaining("ProcessRecordsInput needs a checkpointer");
    assertThatIllegalStateException()
        .isThrownBy(() -> KinesisClientRecord.builder().sequenceNumber("1").build())
        .withMessageContaining("data");
  }

  @Test
  void theTimeInMemoryIsTheDifference() {
    ProcessRecordsInput input = ProcessRecordsInput.builder()
        .checkpointer(checkpointer)
        .cacheEntryTime(Instant.ofEpochSecond(1))
        .cacheExitTime(Instant.ofEpochSecond(4))
        .millisBehindLatest(17L)
        .isAtShardEnd(true)
        .fencingToken(99)
        .build();
    assertThat(input.timeSpentInCache()).isEqualTo(Duration.ofSeconds(3));
    assertThat(input.toBuilder().cacheExitTime(null).build().timeSpentInCache()).isZero();
    assertThat(input.toBuilder().build().fencingToken()).isEqualTo(99);
    assertThat(input.millisBehindLatest()).isEqualTo(17);
    assertThat(input.isAtShardEnd()).isTrue();
    assertThat(input.records()).isEmpty();
    assertThat(input.childShards()).isEmpty();
  }

  @Test
  void exceptionsAreCheckedAsInAmazonsLibrary() {
    assertThat(new ShutdownException("x"))
        .isInstanceOf(KinesisClientLibNonRetryableException.class)
        .isInstanceOf(KinesisClientLibException.class)
        .isNotInstanceOf(RuntimeException.class);
    assertThat(new InvalidStateException("x", new RuntimeException()))
        .isInstanceOf(KinesisClientLibNonRetryableException.class);
    assertThat(List.of(
            new ThrottlingException("x"),
            new KinesisClientLibDependencyException("x"),
            new KinesisClientLibIOException("x")))
        .allMatch(KinesisClientLibRetryableException.class::isInstance)
        .allMatch(RuntimeException.class::isInstance);
  }

  private static KinesisClientRecord record(String text) {
    return KinesisClientRecord.builder()
        .sequenceNumber("200")
        .partitionKey("key")
        .data(ByteBuffer.wrap(text.getBytes(UTF_8)))
        .approximateArrivalTimestamp(Instant.EPOCH)
        .build();
  }
}
