package org.openkcl.benchmarks.jmh;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openkcl.multilang.protocol.ChildLine;
import org.openkcl.multilang.protocol.ChildLines;
import org.openkcl.multilang.protocol.MessageWriter;
import org.openkcl.processor.KinesisClientRecord;

/** The daemon's JSON: a batch on its way to a child, per record; and a child's checkpoint, per line. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JsonBenchmark {
  private static final int RECORDS = 500;
  private static final int RECORD_BYTES = 1_024;
  private static final String CHECKPOINT = "{\"action\":\"checkpoint\",\"sequenceNumber\":\""
      + Batches.sequenceNumber(7) + "\",\"subSequenceNumber\":0}";

  private final List<KinesisClientRecord> batch = Batches.of(RECORDS, Batches.bytes(RECORD_BYTES));
  private final MessageWriter writer = new MessageWriter(OutputStream.nullOutputStream());

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public void writeRecord() throws IOException {
    writer.processRecords(batch, 0L);
  }

  @Benchmark
  public ChildLine parseCheckpoint() {
    return ChildLines.parse(CHECKPOINT);
  }
}
