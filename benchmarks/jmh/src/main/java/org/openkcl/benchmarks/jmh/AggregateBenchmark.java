package org.openkcl.benchmarks.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
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
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.records.AggregateRules;
import org.openkcl.records.UserRecords;

/**
 * Taking aggregates apart, per user record: a batch of ten records of the stream with a hundred user
 * records of 100 bytes each, in a shard with all hash keys.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AggregateBenchmark {
  private static final int AGGREGATES = 10;
  private static final int USER_RECORDS = 100;
  private static final int USER_RECORD_BYTES = 100;
  private static final int ALL_RECORDS = AGGREGATES * USER_RECORDS;
  private static final int LENGTH_DELIMITED = 2;

  private final List<KinesisClientRecord> batch = Batches.of(AGGREGATES, aggregate());
  private final UserRecords opener = new UserRecords(
      AggregateRules.DEFAULT,
      "shardId-000000000000",
      HashKeyRange.of("0", HashKeyRange.MAX.toString()));

  @Benchmark
  @OperationsPerInvocation(ALL_RECORDS)
  public UserRecords.Opened open() {
    UserRecords.Opened opened = opener.open(batch, Checkpoint.TRIM_HORIZON);
    if (opened.records().size() != ALL_RECORDS) {
      throw new IllegalStateException("Not an aggregate any more: got " + opened.findings());
    }
    return opened;
  }

  /** Magic, message, MD5; each user record with a partition key of its own. */
  private static byte[] aggregate() {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (int i = 0; i < USER_RECORDS; i++) {
      field(message, 1, String.format(Locale.ROOT, "key-%04d", i).getBytes(US_ASCII));
    }
    byte[] data = Batches.bytes(USER_RECORD_BYTES);
    for (int i = 0; i < USER_RECORDS; i++) {
      ByteArrayOutputStream record = new ByteArrayOutputStream();
      record.write(1 << 3);
      record.write(i);
      field(record, 3, data);
      field(message, 3, record.toByteArray());
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(0xF3899AC2).array());
    whole.writeBytes(message.toByteArray());
    try {
      whole.writeBytes(MessageDigest.getInstance("MD5").digest(message.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has MD5", e);
    }
    return whole.toByteArray();
  }

  /** Lengths and indexes are below 128 and so take one byte. */
  private static void field(ByteArrayOutputStream out, int number, byte[] value) {
    out.write((number << 3) | LENGTH_DELIMITED);
    out.write(value.length);
    out.writeBytes(value);
  }
}
