package org.openkcl.benchmarks;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.openkcl.local.LocalCloud;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * A client in a JVM of its own that puts and then reads as fast as it can: 1-KiB records, 500 a
 * PutRecords, all in one SDK client on shared event loops. Arguments: the endpoint, {@code
 * HTTP2} or {@code HTTP1_1}, the number of shards, the seconds to measure, the requests under way,
 * the service's process id. Prints a line {@code puts A B C} and {@code reads A B C}: records a
 * second, and the microseconds of CPU time that a record took the service and the client, which
 * other load on the machine hardly changes.
 *
 * <p>It warms up twice as long with puts, and as long with reads, on a stream that is deleted before
 * the measurement: a JVM compiles for that long.
 */
final class LoadMain {
  static final int RECORD_BYTES = 1_024;
  private static final int BATCH_RECORDS = 500;
  private static final int READ_RECORDS = 5_000;
  private static final int WINDOW_BYTES = 16 * 1024 * 1024;
  private static final Duration LEAD = Duration.ofSeconds(1);

  private final KinesisAsyncClient client;
  private final String stream;
  private final int shards;
  private final LongAdder records = new LongAdder();
  private volatile boolean ended;

  private LoadMain(KinesisAsyncClient client, String stream, int shards) {
    this.client = client;
    this.stream = stream;
    this.shards = shards;
  }

  public static void main(String[] args) throws InterruptedException {
    URI endpoint = URI.create(args[0]);
    Protocol protocol = Protocol.valueOf(args[1]);
    KinesisAsyncClient client = client(endpoint, protocol);
    int shards = Integer.parseInt(args[2]);
    Duration measured = Duration.ofSeconds(Long.parseLong(args[3]));
    int underWay = Integer.parseInt(args[4]);
    ProcessHandle service = ProcessHandle.of(Long.parseLong(args[5])).orElseThrow();

    LoadMain warmUp = new LoadMain(client, "warm-up", shards);
    warmUp.createStream();
    warmUp.carryOut(warmUp.puts(underWay), measured.multipliedBy(2));
    warmUp.carryOut(warmUp.reads(), measured);
    warmUp.deleteStream();

    LoadMain load = new LoadMain(client, "load", shards);
    load.createStream();
    load.measure("puts", measured, load.puts(underWay), service);
    load.measure("reads", measured, load.reads(), service);
    System.exit(0); // the client's threads would take two seconds to end
  }

  private static KinesisAsyncClient client(URI endpoint, Protocol protocol) {
    NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder()
        .protocol(protocol)
        .eventLoopGroup(SdkEventLoopGroup.builder().numberOfThreads(2).build());
    if (protocol == Protocol.HTTP2) {
      http.http2Configuration(http2 -> http2.initialWindowSize(WINDOW_BYTES));
    }
    return KinesisAsyncClient.builder()
        .applyMutation(LocalCloud.clientsFor(endpoint, endpoint)::accept)
        .httpClientBuilder(http)
        .asyncConfiguration(async -> async.advancedOption(
            SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
        .build();
  }

  private void createStream() throws InterruptedException {
    client.createStream(b -> b.streamName(stream).shardCount(shards)).join();
    while (client
            .describeStreamSummary(b -> b.streamName(stream))
            .join()
            .streamDescriptionSummary()
            .openShardCount()
        < shards) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private void deleteStream() {
    client.deleteStream(b -> b.streamName(stream)).join();
  }

  /** Requests that keep themselves going, each with records of its own. */
  private List<Runnable> puts(int underWay) {
    Random random = new Random(1);
    byte[] data = new byte[RECORD_BYTES];
    random.nextBytes(data);
    List<Runnable> loops = new ArrayList<>();
    for (int i = 0; i < underWay; i++) {
      List<PutRecordsRequestEntry> entries = IntStream.range(0, BATCH_RECORDS)
          .mapToObj(n -> PutRecordsRequestEntry.builder()
              .partitionKey(Long.toHexString(random.nextLong()))
              .data(SdkBytes.fromByteArrayUnsafe(data))
              .build())
          .toList();
      PutRecordsRequest request =
          PutRecordsRequest.builder().streamName(stream).records(entries).build();
      loops.add(() -> put(request));
    }
    return loops;
  }

  private void put(PutRecordsRequest request) {
    CompletableFuture<PutRecordsResponse> unused = client
        .putRecords(request)
        .whenComplete((reply, failure) -> {
          if (failure != null) {
            throw fatal(failure);
          }
          records.add(BATCH_RECORDS - reply.failedRecordCount());
          if (!ended) {
            put(request);
          }
        });
  }

  /** Per shard one reader, from the beginning to the end and again. */
  private List<Runnable> reads() {
    return IntStream.range(0, shards)
        .<Runnable>mapToObj(
            shard -> () -> readFromTheBeginning(String.format(Locale.ROOT, "shardId-%012d", shard)))
        .toList();
  }

  private void readFromTheBeginning(String shardId) {
    CompletableFuture<?> unused = client
        .getShardIterator(b ->
            b.streamName(stream).shardId(shardId).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .whenComplete((reply, failure) -> {
          if (failure != null) {
            throw fatal(failure);
          }
          read(shardId, reply.shardIterator());
        });
  }

  private void read(String shardId, String iterator) {
    CompletableFuture<?> unused = client
        .getRecords(b -> b.shardIterator(iterator).limit(READ_RECORDS))
        .whenComplete((reply, failure) -> {
          if (failure != null) {
            throw fatal(failure);
          }
          records.add(reply.records().size());
          if (ended) {
            return;
          }
          if (reply.records().isEmpty()) {
            readFromTheBeginning(shardId);
          } else {
            read(shardId, reply.nextShardIterator());
          }
        });
  }

  private void carryOut(List<Runnable> loops, Duration time) throws InterruptedException {
    begin(loops);
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
    end();
  }

  private void measure(String what, Duration measured, List<Runnable> loops, ProcessHandle service)
      throws InterruptedException {
    begin(loops);
    TimeUnit.MILLISECONDS.sleep(LEAD.toMillis());
    long recordsBefore = records.sum();
    double serviceBefore = cpuMicros(service);
    double clientBefore = cpuMicros(ProcessHandle.current());
    long begin = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(measured.toMillis());
    double seconds = (System.nanoTime() - begin) / 1e9;
    double done = records.sum() - recordsBefore;
    System.out.printf(
        Locale.ROOT,
        "%s %.0f %.1f %.1f%n",
        what,
        done / seconds,
        (cpuMicros(service) - serviceBefore) / done,
        (cpuMicros(ProcessHandle.current()) - clientBefore) / done);
    end();
  }

  private void begin(List<Runnable> loops) {
    ended = false;
    loops.forEach(Runnable::run);
  }

  private void end() throws InterruptedException {
    ended = true;
    TimeUnit.SECONDS.sleep(1); // requests under way end
  }

  private static double cpuMicros(ProcessHandle process) {
    return process.info().totalCpuDuration().map(cpu -> cpu.toNanos() / 1e3).orElse(Double.NaN);
  }

  private static RuntimeException fatal(Throwable failure) {
    failure.printStackTrace();
    System.exit(1);
    return new IllegalStateException(failure);
  }
}
