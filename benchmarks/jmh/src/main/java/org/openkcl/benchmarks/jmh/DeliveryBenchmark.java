package org.openkcl.benchmarks.jmh;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openkcl.kinesis.KinesisShardReader;
import org.openkcl.kinesis.StreamAddress;
import org.openkcl.retrieval.ReadReply;
import org.openkcl.retrieval.RecordBatch;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisServiceClientConfiguration;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * The way of a record of 1 KiB from the SDK's reply to the batch that the processor is given, per
 * record: what all polling workers do for each, without network, threads and user code.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DeliveryBenchmark {
  private static final int RECORDS = 1_000;
  private static final int RECORD_BYTES = 1_024;

  private final KinesisShardReader reader =
      new KinesisShardReader(new CannedKinesis(reply()), StreamAddress.of("orders"), Runnable::run);
  private final Instant arrived = Instant.parse("2026-01-01T00:00:00Z");

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public RecordBatch deliver() {
    ReadReply reply = reader.read("iterator", 10_000).toCompletableFuture().join();
    return new RecordBatch(
        reply.records(), reply.millisBehindLatest(), false, List.of(), 0, arrived);
  }

  private static GetRecordsResponse reply() {
    byte[] data = Batches.bytes(RECORD_BYTES);
    return GetRecordsResponse.builder()
        .millisBehindLatest(0L)
        .nextShardIterator("iterator")
        .records(IntStream.range(0, RECORDS)
            .mapToObj(i -> Record.builder()
                .sequenceNumber(Batches.sequenceNumber(i))
                .partitionKey(String.format(Locale.ROOT, "key-%04d", i))
                .approximateArrivalTimestamp(Instant.EPOCH)
                .data(SdkBytes.fromByteArrayUnsafe(data))
                .build())
            .toList())
        .build();
  }

  /** Always gives the same reply. */
  private static final class CannedKinesis implements KinesisAsyncClient {
    private final CompletableFuture<GetRecordsResponse> reply;
    private final KinesisServiceClientConfiguration configuration;

    CannedKinesis(GetRecordsResponse reply) {
      this.reply = CompletableFuture.completedFuture(reply);
      try (KinesisAsyncClient real = KinesisAsyncClient.builder()
          .region(Region.US_EAST_1)
          .credentialsProvider(AnonymousCredentialsProvider.create())
          .build()) {
        configuration = real.serviceClientConfiguration();
      }
    }

    @Override
    public CompletableFuture<GetRecordsResponse> getRecords(GetRecordsRequest request) {
      return reply;
    }

    @Override
    public KinesisServiceClientConfiguration serviceClientConfiguration() {
      return configuration;
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }
}
