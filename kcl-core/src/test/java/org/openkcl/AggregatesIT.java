package org.openkcl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.openkcl.LocalApplication.waitUntil;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.local.LocalCloud;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.OddRecord;
import org.openkcl.processor.OddRecord.Treatment;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;
import org.openkcl.records.TestAggregate;
import software.amazon.awssdk.core.SdkBytes;

/** Aggregates, from a stream to a processor. */
class AggregatesIT {
  private static final String MIDDLE = "170141183460469231731687303715884105728";
  private static LocalCloud cloud;

  @BeforeAll
  static void startCloud() {
    cloud = LocalCloud.start();
  }

  @AfterAll
  static void stopCloud() {
    cloud.close();
  }

  @Test
  void aWorkerGoesOnInsideAnAggregateWhereTheLastOneCheckpointed() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "inside", 1);
    put(app, "0", aggregate(0, 10));
    put(app, "0", aggregate(10, 20));
    List<KinesisClientRecord> first = Collections.synchronizedList(new ArrayList<>());
    try (Scheduler scheduler =
        app.worker("a").processor(() -> new StopsInTheMiddle(first, 13)).build()) {
      scheduler.start().join();
      waitUntil("all records", () -> first.size() == 20);
    }
    assertThat(app.leaseAttribute("shardId-000000000000", "checkpointSubSequenceNumber")
            .n())
        .isEqualTo("3");
    try (Scheduler scheduler = app.worker("b").processor(app::remembering).build()) {
      scheduler.start().join();
      put(app, "0", aggregate(20, 22));
      waitUntil("the rest", () -> app.seen.size() >= 8);
      assertThat(scheduler.oddRecords()).isEqualTo(OddRecordCounts.NONE);
    }
    assertThat(app.seen).containsExactly("r14", "r15", "r16", "r17", "r18", "r19", "r20", "r21");
  }

  @Test
  void recordsThatAreOddAfterASplitGoWhereTheyAreToGo() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "split", 1);
    List<OddRecord> letters = Collections.synchronizedList(new ArrayList<>());
    put(app, "0", twoHalves("before"));
    cloud
        .kinesis()
        .splitShard(b ->
            b.streamName("split").shardToSplit("shardId-000000000000").newStartingHashKey(MIDDLE))
        .join();
    Aggregation aggregation = Aggregation.builder()
        .foreign(Treatment.DEAD_LETTER)
        .deadLetters(letters::add)
        .build();
    try (Scheduler scheduler =
        app.worker("a").aggregation(aggregation).processor(app::remembering).build()) {
      scheduler.start().join();
      put(app, "0", twoHalves("after"));
      waitUntil("all records", () -> app.seen.size() == 3 && letters.size() == 1);
      assertThat(scheduler.oddRecords()).isEqualTo(new OddRecordCounts(1, 0, 0, 0, 1, 0));
      assertThat(scheduler.health().status()).isEqualTo(Health.Status.UP);
    }
    assertThat(app.seen).containsExactlyInAnyOrder("before-low", "before-high", "after-low");
    assertThat(UTF_8.decode(letters.get(0).record().data()).toString()).isEqualTo("after-high");
    assertThat(letters.get(0).shardId()).isEqualTo("shardId-000000000001");
  }

  @Test
  void recordsAreDecodedBeforeTheProcessorSeesThem() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "decoded", 1);
    put(app, "0", aggregate(0, 3));
    try (Scheduler scheduler = app.worker("a")
        .recordDecoder(AggregatesIT::upperCase)
        .processor(app::remembering)
        .build()) {
      scheduler.start().join();
      waitUntil("all records", () -> app.seen.size() == 3);
    }
    assertThat(app.seen).containsExactly("R0", "R1", "R2");
  }

  private static KinesisClientRecord upperCase(KinesisClientRecord record) {
    String text = UTF_8.decode(record.data()).toString().toUpperCase(Locale.ROOT);
    return record.toBuilder().data(ByteBuffer.wrap(text.getBytes(UTF_8))).build();
  }

  private static byte[] aggregate(int from, int to) {
    TestAggregate aggregate = new TestAggregate();
    for (int i = from; i < to; i++) {
      aggregate.record("key", "r" + i);
    }
    return aggregate.toBytes();
  }

  private static byte[] twoHalves(String name) {
    return new TestAggregate()
        .record("key", "1", (name + "-low").getBytes(UTF_8))
        .record("key", MIDDLE, (name + "-high").getBytes(UTF_8))
        .toBytes();
  }

  private static void put(LocalApplication app, String explicitHashKey, byte[] data) {
    app.cloud
        .kinesis()
        .putRecord(b -> b.streamName(app.name)
            .partitionKey("outer")
            .explicitHashKey(explicitHashKey)
            .data(SdkBytes.fromByteArray(data)))
        .join();
  }

  /** Checkpoints one record, wherever it stands, and nothing when asked to stop. */
  private record StopsInTheMiddle(List<KinesisClientRecord> seen, int last)
      implements ShardRecordProcessor {
    @Override
    public void processRecords(ProcessRecordsInput batch) throws Exception {
      for (KinesisClientRecord record : batch.records()) {
        if (seen.size() == last) {
          batch.checkpointer().checkpoint(record);
        }
        seen.add(record);
      }
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {}
  }
}
