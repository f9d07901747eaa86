package org.openkcl.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.environment.Environment;
import org.openkcl.environment.EventLoop;
import org.openkcl.leases.Checkpoint;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.lineage.Shard;
import org.openkcl.lineage.ShardCatalog;
import org.openkcl.lineage.ShardSelection;
import org.openkcl.lineage.StreamFailure;
import org.openkcl.lineage.StreamFailure.Kind;
import org.openkcl.lineage.StreamState;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.model.ServiceLimits;
import org.openkcl.processor.ChildShard;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.retrieval.MemoryBudget;
import org.openkcl.retrieval.PollSettings;
import org.openkcl.retrieval.PollingRecordSources;
import org.openkcl.retrieval.ReadPosition;
import org.openkcl.retrieval.ReadReply;
import org.openkcl.retrieval.ReadStart;
import org.openkcl.retrieval.RecordBatch;
import org.openkcl.retrieval.RecordSource;
import org.openkcl.retrieval.ShardReader;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** The adapters over the wire, against the local service. */
class KinesisAdapterTest {
  private static final String SHARD = "shardId-000000000000";
  private static final AtomicReference<Duration> CLOCK_OFFSET =
      new AtomicReference<>(Duration.ZERO);
  private static final InstantSource CLOCK = () -> Instant.now().plus(CLOCK_OFFSET.get());
  private static final Environment ENVIRONMENT = Environment.system();
  private static final EventLoop LOOP = ENVIRONMENT.newEventLoop("test");

  private static LocalCloud cloud;
  private static AwsClients clients;

  @BeforeAll
  static void start() {
    cloud = LocalCloud.builder().clock(CLOCK).start();
    clients = AwsClients.create(cloud.clients());
  }

  @AfterAll
  static void stop() {
    clients.close();
    cloud.close();
    LOOP.close();
    ENVIRONMENT.close();
  }

  @Test
  void describesAStreamWithTheServersTime() {
    create("described", 1);
    StreamState byName = join(catalog("described").describe());
    assertThat(byName.name()).isEqualTo("described");
    assertThat(byName.arn()).startsWith("arn:aws:kinesis:us-east-1:").endsWith("/described");
    assertThat(byName.isReadable()).isTrue();
    assertThat(byName.serverTime())
        .as("whole seconds of the Date header")
        .isEqualTo(byName.serverTime().truncatedTo(ChronoUnit.SECONDS));
    assertThat(Duration.between(byName.serverTime(), CLOCK.instant()).abs())
        .isLessThan(Duration.ofMinutes(1));
    StreamState byArn = join(catalog(byName.arn()).describe());
    assertThat(byArn.creationTime()).isEqualTo(byName.creationTime());
  }

  @Test
  void listsShardsWithTheirLineage() {
    create("resharded", 1);
    split("resharded");
    List<Shard> all = join(catalog("resharded").list(ShardSelection.all()));
    assertThat(all).hasSize(3);
    assertThat(all.get(0).isOpen()).isFalse();
    assertThat(all.get(0).hashKeyRange()).isEqualTo(HashKeyRange.of("0", HashKeyRange.MAX + ""));
    assertThat(all.subList(1, 3))
        .allSatisfy(child -> assertThat(child.parentShardIds()).isEqualTo(Set.of(SHARD)))
        .allMatch(Shard::isOpen);

    ShardSelection open = new ShardSelection(ShardSelection.Kind.AT_LATEST, null);
    assertThat(join(catalog("resharded").list(open))).hasSize(2);
  }

  @Test
  void listsMoreShardsThanFitOnOnePage() {
    create("wide", 1_001);
    assertThat(join(catalog("wide").list(ShardSelection.all()))).hasSize(1_001);
  }

  @Test
  void readsRecordsAsReadOnlyViews() {
    create("read", 1);
    put("read", "key", "hello");
    ReadReply reply = readFrom(reader("read"), ReadPosition.trimHorizon());
    assertThat(reply.records()).singleElement().satisfies(entry -> {
      assertThat(entry.partitionKey()).isEqualTo("key");
      assertThat(text(entry.data())).isEqualTo("hello");
      assertThat(entry.data().isReadOnly()).isTrue();
      assertThat(entry.approximateArrivalTimestamp()).isNotNull();
      assertThat(entry.aggregated()).isFalse();
    });
    assertThat(reply.bytes()).isEqualTo("keyhello".length());
    assertThat(reply.nextIterator()).isNotNull();
    assertThat(reply.childShards()).isEmpty();
  }

  @Test
  void everyPositionIsUnderstood() {
    create("positions", 1);
    String first = put("positions", "k", "1");
    String second = put("positions", "k", "2");
    ShardReader reader = reader("positions");
    assertThat(texts(reader, ReadPosition.trimHorizon())).containsExactly("1", "2");
    assertThat(texts(reader, ReadPosition.atSequenceNumber(first))).containsExactly("1", "2");
    assertThat(texts(reader, ReadPosition.afterSequenceNumber(first))).containsExactly("2");
    assertThat(texts(reader, ReadPosition.afterSequenceNumber(second))).isEmpty();
    assertThat(texts(reader, ReadPosition.latest())).isEmpty();
    assertThat(texts(reader, ReadPosition.atTimestamp(CLOCK.instant().minusSeconds(60))))
        .containsExactly("1", "2");
  }

  @Test
  void aSourceReadsAShardToItsEndAndNamesTheShardsThatFollow() throws Exception {
    create("ended", 1);
    for (int i = 0; i < 5; i++) {
      put("ended", "k", "record-" + i);
    }
    split("ended");
    MemoryBudget budget = new MemoryBudget(100_000_000);
    PollSettings settings =
        PollSettings.DEFAULT.withMaxRecords(2).withIdleInterval(Duration.ofMillis(200));
    PollingRecordSources sources =
        new PollingRecordSources(ENVIRONMENT, LOOP, reader("ended"), settings, budget);
    ReadStart start = ReadStart.of(Checkpoint.TRIM_HORIZON, null).orElseThrow();

    CompletableFuture<List<RecordBatch>> all = new CompletableFuture<>();
    LOOP.execute(() -> drain(sources.open(SHARD, start), new ArrayList<>(), all));
    List<RecordBatch> batches = all.get(20, TimeUnit.SECONDS);

    assertThat(batches.stream()
            .flatMap(batch -> batch.records().stream())
            .map(entry -> text(entry.data())))
        .containsExactly("record-0", "record-1", "record-2", "record-3", "record-4");
    RecordBatch last = batches.get(batches.size() - 1);
    assertThat(last.childShards())
        .extracting(ChildShard::shardId)
        .containsExactlyInAnyOrder("shardId-000000000001", "shardId-000000000002");
    assertThat(last.childShards()).allMatch(child -> child.parentShards().contains(SHARD));
  }

  private static void drain(
      RecordSource source, List<RecordBatch> batches, CompletableFuture<List<RecordBatch>> all) {
    source.next().whenComplete((batch, thrown) -> {
      if (thrown != null) {
        all.completeExceptionally(thrown);
        return;
      }
      batches.add(batch);
      if (batch.atShardEnd()) {
        source.close();
        all.complete(batches);
      } else {
        LOOP.execute(() -> drain(source, batches, all));
      }
    });
  }

  @Test
  void aStreamThatDoesNotExistIsNamedWithWhatToDo() {
    List<CompletionStage<?>> calls = List.of(
        catalog("nowhere").describe(),
        catalog("nowhere").list(ShardSelection.all()),
        reader("nowhere").openIterator(SHARD, ReadPosition.latest()));
    for (CompletionStage<?> call : calls) {
      StreamFailure failure = failureOf(call);
      assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
      assertThat(failure).hasMessageContaining("'nowhere' does not exist in us-east-1");
    }
    assertThat(failureOf(catalog("nowhere").describe()))
        .hasMessageContaining("Create it, or check streamName and region.");
  }

  @Test
  void aShardThatDoesNotExistIsNamed() {
    create("small", 1);
    StreamFailure failure =
        failureOf(reader("small").openIterator("shardId-000000000009", ReadPosition.latest()));
    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failure).hasMessageContaining("'shardId-000000000009'");
  }

  @Test
  void anIteratorExpiresAfterFiveMinutesAndOneThatMakesNoSenseCountsAsExpired() {
    create("slow", 1);
    ShardReader reader = reader("slow");
    String iterator = join(reader.openIterator(SHARD, ReadPosition.trimHorizon()));
    CLOCK_OFFSET.updateAndGet(offset -> offset.plusMinutes(6));
    assertThat(failureOf(reader.read(iterator, 10)).kind()).isEqualTo(Kind.EXPIRED_ITERATOR);
    assertThat(failureOf(reader.read("nonsense", 10)).kind()).isEqualTo(Kind.EXPIRED_ITERATOR);
  }

  @Test
  void aThrottleIsToldAtTheFirstAttempt() {
    long free = Long.MAX_VALUE;
    ServiceLimits fewReads = new ServiceLimits(1, free, free, free, free, false);
    try (LocalCloud strict = LocalCloud.builder().limits(fewReads).start();
        AwsClients few = AwsClients.create(strict.clients())) {
      strict.kinesis().createStream(b -> b.streamName("strict").shardCount(1)).join();
      strict
          .kinesis()
          .waiter()
          .waitUntilStreamExists(b -> b.streamName("strict"))
          .join();
      ShardReader reader =
          new KinesisShardReader(few.kinesis(), StreamAddress.of("strict"), Runnable::run);
      String iterator = join(reader.openIterator(SHARD, ReadPosition.trimHorizon()));
      List<CompletableFuture<ReadReply>> reads = IntStream.range(0, 5)
          .mapToObj(i -> reader.read(iterator, 10).toCompletableFuture())
          .toList();
      assertThat(reads.stream()
              .map(read ->
                  read.handle((reply, failure) -> failure == null ? null : failure.getCause()))
              .map(KinesisAdapterTest::join)
              .filter(Objects::nonNull))
          .isNotEmpty()
          .allSatisfy(failure -> {
            assertThat(failure.getCause()).hasMessageContaining("SDK Attempt Count: 1");
            assertThat(((StreamFailure) failure).kind()).isEqualTo(Kind.THROTTLED);
          });
    }
  }

  @Test
  void recordsOfALargeReplyAreMadeAwayFromTheNetworkThreads() {
    create("large", 1);
    List<String> threads = new CopyOnWriteArrayList<>();
    ShardReader reader =
        new KinesisShardReader(clients.kinesis(), StreamAddress.of("large"), task -> {
          threads.add(Thread.currentThread().getName());
          ForkJoinPool.commonPool().execute(task);
        });
    put("large", "k", "one");
    assertThat(readFrom(reader, ReadPosition.trimHorizon()).records()).hasSize(1);
    assertThat(threads).isEmpty();
    IntStream.range(0, 60).forEach(i -> put("large", "k", "more"));
    assertThat(readFrom(reader, ReadPosition.trimHorizon()).records()).hasSize(61);
    assertThat(threads).hasSize(1);
  }

  @Test
  void anEndpointThatIsDownIsNamedAndNoticedFast() {
    try (AwsClients nowhere = AwsClients.create(AwsClientsTest.NOWHERE)) {
      ShardReader reader =
          new KinesisShardReader(nowhere.kinesis(), StreamAddress.of("flights"), Runnable::run);
      long startedNanos = System.nanoTime();
      StreamFailure failure = failureOf(reader.openIterator(SHARD, ReadPosition.latest()));
      assertThat(System.nanoTime() - startedNanos).isLessThan(8_000_000_000L);
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure)
          .hasMessageContaining("http://127.0.0.1:9 cannot be reached")
          .hasMessageContaining("'flights'")
          .hasMessageContaining("check endpoint");
    }
  }

  private static void create(String stream, int shards) {
    KinesisAsyncClient kinesis = cloud.kinesis();
    kinesis.createStream(b -> b.streamName(stream).shardCount(shards)).join();
    kinesis.waiter().waitUntilStreamExists(b -> b.streamName(stream)).join();
  }

  private static void split(String stream) {
    cloud
        .kinesis()
        .splitShard(b -> b.streamName(stream)
            .shardToSplit(SHARD)
            .newStartingHashKey(HashKeyRange.MAX.shiftRight(1) + ""))
        .join();
    cloud.kinesis().waiter().waitUntilStreamExists(b -> b.streamName(stream)).join();
  }

  private static String put(String stream, String key, String data) {
    return cloud
        .kinesis()
        .putRecord(b -> b.streamName(stream).partitionKey(key).data(SdkBytes.fromUtf8String(data)))
        .join()
        .sequenceNumber();
  }

  private static ShardCatalog catalog(String stream) {
    return new KinesisShardCatalog(ENVIRONMENT, LOOP, clients.kinesis(), StreamAddress.of(stream));
  }

  private static ShardReader reader(String stream) {
    return new KinesisShardReader(
        clients.kinesis(), StreamAddress.of(stream), ForkJoinPool.commonPool());
  }

  private static ReadReply readFrom(ShardReader reader, ReadPosition position) {
    return join(reader.read(join(reader.openIterator(SHARD, position)), 10_000));
  }

  private static List<String> texts(ShardReader reader, ReadPosition position) {
    return readFrom(reader, position).records().stream()
        .map(KinesisClientRecord::data)
        .map(KinesisAdapterTest::text)
        .toList();
  }

  private static String text(ByteBuffer data) {
    return UTF_8.decode(data).toString();
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static StreamFailure failureOf(CompletionStage<?> stage) {
    Throwable thrown = catchThrowable(() -> join(stage));
    assertThat(thrown).isInstanceOf(CompletionException.class);
    assertThat(thrown.getCause()).isInstanceOf(StreamFailure.class);
    return (StreamFailure) thrown.getCause();
  }
}
