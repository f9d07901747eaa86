package org.openkcl.multilang.child;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.openkcl.processor.ExtendedSequenceNumber;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;

/** The library's calls of a processor, by name; and the child of the tests. */
final class Calls {
  static final List<String> STEPS = List.of(
      "initialize",
      "processRecords",
      "checkpointReply",
      "shutdownRequested",
      "leaseLost",
      "shardEnded");

  private final RecordProcessorCheckpointer checkpointer;

  Calls(RecordProcessorCheckpointer checkpointer) {
    this.checkpointer = checkpointer;
  }

  static String shardId(int number) {
    return "shardId-%012d".formatted(number);
  }

  /** The child {@code child.sh} as it misbehaves. */
  static ChildCommand child(String kind, String step, String form) throws Exception {
    Path script = Path.of(Calls.class.getResource("/child.sh").toURI());
    return ChildCommand.of("sh " + script + " " + kind + " " + step + " " + form);
  }

  /** The calls that come before the one in which a step happens. */
  static List<String> before(String step) {
    return switch (step) {
      case "initialize" -> List.of();
      case "processRecords", "checkpointReply" -> List.of("initialize");
      default -> List.of("initialize", "processRecords");
    };
  }

  /** A processor that has initialized a shard. */
  ShardRecordProcessor initialized(Children children, int shard) throws Exception {
    ShardRecordProcessor processor = children.shardRecordProcessor();
    call(processor, "initialize", shard);
    return processor;
  }

  void call(ShardRecordProcessor processor, String step) throws Exception {
    call(processor, step, 0);
  }

  /** Calls it; batches are larger than a pipe. */
  void call(ShardRecordProcessor processor, String step, int shard) throws Exception {
    switch (step) {
      case "initialize" ->
        processor.initialize(InitializationInput.builder()
            .shardId(shardId(shard))
            .extendedSequenceNumber(ExtendedSequenceNumber.TRIM_HORIZON)
            .build());
      case "processRecords", "checkpointReply" ->
        processor.processRecords(ProcessRecordsInput.builder()
            .records(Collections.nCopies(2, record()))
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

  private static KinesisClientRecord record() {
    return KinesisClientRecord.builder()
        .data(ByteBuffer.wrap(new byte[40_000]))
        .partitionKey("k")
        .sequenceNumber("42")
        .approximateArrivalTimestamp(Instant.EPOCH)
        .build();
  }
}
