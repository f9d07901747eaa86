package org.openkcl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.openkcl.local.LocalCloud;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardRecordProcessor;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** A stream on kcl-local, an application on it, and what its processors saw. */
final class LocalApplication {
  final LocalCloud cloud;
  final String name;
  final List<String> seen = Collections.synchronizedList(new ArrayList<>());

  LocalApplication(LocalCloud cloud, String name, int shards) {
    this.cloud = cloud;
    this.name = name;
    cloud.kinesis().createStream(b -> b.streamName(name).shardCount(shards)).join();
  }

  SchedulerBuilder worker(String id) {
    return worker(id, Retrieval.polling()).idleTimeBetweenReads(Duration.ofMillis(200));
  }

  SchedulerBuilder worker(String id, Retrieval retrieval) {
    return Scheduler.builder()
        .applicationName(name)
        .streamName(name)
        .workerId(id)
        .clients(cloud.clients())
        .initialPosition(InitialPosition.trimHorizon())
        .retrieval(retrieval);
  }

  /** A processor that remembers and checkpoints every batch. */
  ShardRecordProcessor remembering() {
    return this::remember;
  }

  private void remember(ProcessRecordsInput batch) throws Exception {
    for (KinesisClientRecord record : batch.records()) {
      seen.add(UTF_8.decode(record.data()).toString());
    }
    batch.checkpointer().checkpoint();
  }

  /** Puts the records from {@code from} to before {@code to}, at most 500 at once. */
  void put(int from, int to) {
    for (int first = from; first < to; first += 500) {
      List<PutRecordsRequestEntry> entries = IntStream.range(first, Math.min(to, first + 500))
          .mapToObj(n -> PutRecordsRequestEntry.builder()
              .partitionKey("key-" + n)
              .data(SdkBytes.fromUtf8String("record-" + n))
              .build())
          .toList();
      cloud.kinesis().putRecords(b -> b.streamName(name).records(entries)).join();
    }
  }

  long distinctSeen() {
    synchronized (seen) {
      return seen.stream().distinct().count();
    }
  }

  /** One attribute of one item of the lease table, which must be there. */
  AttributeValue leaseAttribute(String leaseKey, String attribute) {
    Map<String, AttributeValue> item = cloud
        .dynamoDb()
        .getItem(b -> b.tableName(name)
            .key(Map.of("leaseKey", AttributeValue.fromS(leaseKey)))
            .consistentRead(true))
        .join()
        .item();
    return Objects.requireNonNull(item.get(attribute), () -> attribute + " in " + item);
  }

  static void waitUntil(String what, BooleanSupplier condition) throws InterruptedException {
    Instant end = Instant.now().plusSeconds(60);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("Not within a minute: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
