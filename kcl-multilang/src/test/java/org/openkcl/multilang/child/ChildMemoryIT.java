package org.openkcl.multilang.child;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.mockito.Mockito.mock;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openkcl.environment.Environment;
import org.openkcl.multilang.Languages;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardRecordProcessor;

/**
 * The memory of all children together at 64 shards, one per shard and one for all. It is the
 * proportional set size: pages that processes share are counted once among them.
 */
class ChildMemoryIT {
  private static final int SHARDS = 64;
  private static final int BATCHES = 5;
  private static final Path PROGRAM = Path.of(
          "..", "samples", "python-processor", "flights_per_airport.py")
      .toAbsolutePath()
      .normalize();

  private final RecordProcessorCheckpointer checkpointer = mock(RecordProcessorCheckpointer.class);
  private final Calls calls = new Calls(checkpointer);

  @Test
  void oneChildForAllShardsTakesATenthOfOnePerShardAtMost() throws Exception {
    Languages.require("python3");
    assumeTrue(Files.exists(Path.of("/proc/self/smaps_rollup")), "Linux tells what memory is used");
    Memory each = measure(0);
    Memory one = measure(1);
    System.out.printf(
        "Memory of the Python children at %d shards: one per shard %s, one for all %s%n",
        SHARDS, each, one);
    assertThat(each.processes()).isEqualTo(SHARDS);
    assertThat(one.processes()).isEqualTo(1);
    assertThat(one.proportionalKib() * 10).isLessThanOrEqualTo(each.proportionalKib());
  }

  /** What some processes take together. */
  private record Memory(int processes, long proportionalKib, long residentKib) {}

  private Memory measure(int sharedChildren) throws Exception {
    ChildSettings settings = ChildSettings.DEFAULT
        .withAnswerTimeout(Duration.ofMinutes(2))
        .withSharedChildren(sharedChildren);
    try (Children children =
        new Children(ChildCommand.of("python3 " + PROGRAM), settings, Environment.system())) {
      List<ShardRecordProcessor> processors = new ArrayList<>();
      for (int shard = 0; shard < SHARDS; shard++) {
        processors.add(calls.initialized(children, shard));
      }
      for (int batch = 0; batch < BATCHES; batch++) {
        for (ShardRecordProcessor processor : processors) {
          processor.processRecords(batch());
        }
      }
      long proportional = 0;
      long resident = 0;
      for (long pid : children.pids()) {
        proportional += kib(pid, "Pss:");
        resident += kib(pid, "Rss:");
      }
      return new Memory(children.pids().size(), proportional, resident);
    }
  }

  /** 500 records of a flight each. */
  private ProcessRecordsInput batch() {
    return ProcessRecordsInput.builder()
        .records(IntStream.range(0, 500)
            .mapToObj(number -> KinesisClientRecord.builder()
                .data(ByteBuffer.wrap("2001-01-01,1455,AA,SFO,ORD,1846,-5".getBytes(UTF_8)))
                .partitionKey("SFO")
                .sequenceNumber(Integer.toString(1000 + number))
                .approximateArrivalTimestamp(Instant.EPOCH)
                .build())
            .toList())
        .checkpointer(checkpointer)
        .millisBehindLatest(0L)
        .build();
  }

  private static long kib(long pid, String what) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup")).stream()
        .filter(line -> line.startsWith(what))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
