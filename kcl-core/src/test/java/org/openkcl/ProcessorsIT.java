package org.openkcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openkcl.LocalApplication.waitUntil;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openkcl.local.LocalCloud;
import org.openkcl.processor.InitializationInput;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.LeaseLostInput;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.RecordProcessorCheckpointer;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownException;
import org.openkcl.processor.ShutdownRequestedInput;

class ProcessorsIT {
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
  void aProcessorThatThrowsGetsExactlyTheFailedBatchAgainOnTheSameInstance() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "throws", 1);
    app.put(0, 10);
    List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger instances = new AtomicInteger();
    try (Scheduler scheduler = app.worker("a")
        .processor(() -> {
          instances.incrementAndGet();
          return batch -> {
            batches.add(batch.records().stream()
                .map(KinesisClientRecord::sequenceNumber)
                .toList());
            if (batches.size() < 3) {
              throw new IllegalStateException("not yet");
            }
            batch.checkpointer().checkpoint();
          };
        })
        .build()) {
      scheduler.start().join();
      waitUntil("the first failure", () -> !batches.isEmpty());
      waitUntil("health says so", () -> scheduler.health().status() == Health.Status.DEGRADED);
      waitUntil("success", () -> batches.size() >= 3);
      waitUntil("health again", () -> scheduler.health().status() == Health.Status.UP);
    }
    assertThat(batches.get(0)).hasSize(10).isEqualTo(batches.get(1)).isEqualTo(batches.get(2));
    assertThat(instances).hasValue(1);
  }

  @Test
  void aBatchThatWasNeverProcessedIsNotCheckpointedByAShutdown() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "poison", 1);
    app.put(0, 4);
    AtomicInteger failures = new AtomicInteger();
    try (Scheduler scheduler = app.worker("a")
        .processor(() -> batch -> {
          failures.incrementAndGet();
          throw new IllegalStateException("poison");
        })
        .build()) {
      scheduler.start().join();
      waitUntil("a failure", () -> failures.get() > 0);
    } // shutdownRequested's default calls checkpoint()
    assertThat(app.leaseAttribute("shardId-000000000000", "checkpoint").s())
        .isEqualTo("TRIM_HORIZON");
    try (Scheduler scheduler = app.worker("b").processor(app::remembering).build()) {
      scheduler.start().join();
      waitUntil("all records", () -> app.seen.size() == 4);
    }
  }

  @Test
  void theLifeOfAProcessorIsCalledInOrderAndACheckpointAfterItsEndIsRefused() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "order", 1);
    app.put(0, 3);
    List<String> calls = Collections.synchronizedList(new ArrayList<>());
    RecordProcessorCheckpointer[] kept = {null};
    ShardRecordProcessor processor = new ShardRecordProcessor() {
      @Override
      public void initialize(InitializationInput input) {
        calls.add("initialize " + input.extendedSequenceNumber().sequenceNumber());
      }

      @Override
      public void processRecords(ProcessRecordsInput input) throws Exception {
        kept[0] = input.checkpointer(); // before the call shows: the test goes on from there
        calls.add("processRecords " + input.records().size());
        assertThat(input.fencingToken()).isPositive();
        input.checkpointer().checkpoint(input.records().get(0));
      }

      @Override
      public void leaseLost(LeaseLostInput input) {
        calls.add("leaseLost");
      }

      @Override
      public void shutdownRequested(ShutdownRequestedInput input) throws Exception {
        calls.add("shutdownRequested");
        input.checkpointer().checkpoint();
      }
    };
    try (Scheduler scheduler = app.worker("a").processor(() -> processor).build()) {
      scheduler.start().join();
      waitUntil("records", () -> calls.size() >= 2);
      assertThatThrownBy(() -> kept[0].checkpoint("not a number"))
          .isInstanceOf(IllegalArgumentException.class);
      scheduler.stop().join();
      assertThatThrownBy(() -> kept[0].checkpoint()).isInstanceOf(ShutdownException.class);
    }
    assertThat(calls)
        .containsExactly(
            "initialize TRIM_HORIZON", "processRecords 3", "shutdownRequested", "leaseLost");
  }

  @Test
  void aShardEndsOnlyWhenEverythingIsCheckpointed() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "ends", 1);
    app.put(0, 5);
    AtomicInteger ended = new AtomicInteger();
    List<String> started = Collections.synchronizedList(new ArrayList<>());
    try (Scheduler scheduler = app.worker("a")
        .processor(() -> new ShardRecordProcessor() {
          @Override
          public void initialize(InitializationInput input) {
            started.add(input.shardId());
          }

          @Override
          public void processRecords(ProcessRecordsInput input) {
            // keeps everything in a buffer
          }

          @Override
          public void shardEnded(ShardEndedInput input) throws Exception {
            if (ended.incrementAndGet() == 3) {
              input.checkpointer().checkpoint();
            }
          }

          @Override
          public void shutdownRequested(ShutdownRequestedInput input) {
            // nothing is safe yet
          }
        })
        .build()) {
      scheduler.start().join();
      waitUntil("the parent is read", () -> started.size() == 1);
      cloud
          .kinesis()
          .splitShard(b -> b.streamName("ends")
              .shardToSplit("shardId-000000000000")
              .newStartingHashKey("170141183460469231731687303715884105728"))
          .join();
      waitUntil("shardEnded was asked once", () -> ended.get() >= 1);
      assertThat(app.leaseAttribute("shardId-000000000000", "checkpoint").s())
          .isEqualTo("TRIM_HORIZON");
      assertThat(started).hasSize(1);
      waitUntil("the children start", () -> started.size() == 3);
    }
    assertThat(ended).hasValue(3);
    assertThat(app.leaseAttribute("shardId-000000000000", "checkpoint").s()).isEqualTo("SHARD_END");
  }

  @Test
  void sixtyFourShardsWhoseProcessorsBlockAreProcessedInParallel() throws Exception {
    LocalApplication app = new LocalApplication(cloud, "parallel", 64);
    app.put(0, 1_000); // enough that every shard has some
    CountDownLatch allAtOnce = new CountDownLatch(64);
    try (Scheduler scheduler = app.worker("a")
        .processor(() -> batch -> {
          allAtOnce.countDown();
          allAtOnce.await(); // returns only when all 64 are in here together
          batch.checkpointer().checkpoint();
        })
        .build()) {
      scheduler.start().join();
      waitUntil("64 calls at the same time", () -> allAtOnce.getCount() == 0);
    }
  }
}
