package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openkcl.DeliveryLimit;
import org.openkcl.OwnershipEvent;
import org.openkcl.StreamShard;
import org.openkcl.processor.KinesisClientRecord;
import org.openkcl.processor.ShardRecordProcessor;

class PausesAndLimitsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static ShardRecordProcessor good(SimulatedWorkers workers) {
    return input -> {
      workers.remember(input.records());
      input.checkpointer().checkpoint();
    };
  }

  @Test
  void aPausedWorkerDeliversNothingKeepsItsLeasesAndGoesOnWhereItWas() {
    try (SimulatedWorkers workers = new SimulatedWorkers(1, 2)) {
      workers.stream.put(0, 8);
      Worker worker = workers.start("a", process -> good(workers));
      workers.runUntilProcessed(20);
      worker.pause(true);
      workers.runFor(SECOND);
      workers.stream.put(0, 8);
      workers.stream.put(1, 8);
      workers.runFor(Duration.ofMinutes(20));
      assertThat(workers.processed).hasSize(8);
      assertThat(workers.owner(0)).isEqualTo("a");
      assertThat(worker.snapshot().shards()).allMatch(shard -> shard.paused());
      assertThat(worker.snapshot().health().reasons()).isEmpty();
      int opened = workers.stream.opened().size();
      assertThat(opened).isEqualTo(2);
      worker.pause(false);
      workers.runUntilProcessed(10);
      assertThat(workers.processed).doesNotHaveDuplicates();
      assertThat(workers.stream.opened()).hasSize(opened + 2);
      assertThat(workers.heard(OwnershipEvent.Paused.class)).hasSize(2);
      assertThat(workers.heard(OwnershipEvent.Resumed.class)).hasSize(2);
    }
  }

  @Test
  void shardsStreamsAndEverythingArePausedApart() {
    try (SimulatedWorkers workers = new SimulatedWorkers(2, 2)) {
      Worker worker = workers.start("a", process -> good(workers));
      StreamShard first = new StreamShard(SimulatedWorkers.STREAM, StreamInMemory.idOf(0));
      worker.pause(first, true);
      worker.pause(SimulatedWorkers.STREAM, true);
      workers.stream.put(0, 2);
      workers.stream.put(1, 2);
      workers.runFor(Duration.ofSeconds(10));
      assertThat(workers.processed).isEmpty();
      worker.pause(SimulatedWorkers.STREAM, false);
      workers.runFor(Duration.ofSeconds(10));
      assertThat(workers.processed).containsExactly("3", "4");
      worker.pause(first, false);
      workers.runUntilProcessed(10);
    }
  }

  @Test
  void aBatchThatWasThrownBackComesAgainExactlyAfterAPause() {
    try (SimulatedWorkers workers = new SimulatedWorkers(3, 1)) {
      List<List<String>> attempts = new ArrayList<>();
      workers.stream.put(0, 2);
      Worker worker = workers.start("a", process -> input -> {
        attempts.add(
            input.records().stream().map(KinesisClientRecord::sequenceNumber).toList());
        if (attempts.size() == 1) {
          throw new IllegalStateException("once");
        }
        workers.remember(input.records());
      });
      workers.runUntil("the failure", 10, () -> attempts.size() == 1);
      worker.pause(true);
      workers.stream.put(0, 3);
      workers.runFor(Duration.ofMinutes(1));
      assertThat(attempts).hasSize(1);
      worker.pause(false);
      workers.runUntilProcessed(10);
      assertThat(attempts.get(1)).isEqualTo(attempts.get(0)).containsExactly("1", "2");
      assertThat(workers.processed).doesNotHaveDuplicates();
    }
  }

  @Test
  void aShardThatEndsWhilePausedEndsAfterwards() {
    try (SimulatedWorkers workers = new SimulatedWorkers(4, 1)) {
      workers.stream.put(0, 2);
      Worker worker = workers.start("a", process -> good(workers));
      workers.runUntilProcessed(10);
      worker.pause(true);
      workers.runFor(SECOND);
      workers.stream.split(0);
      workers.stream.put(1, 2);
      workers.runFor(Duration.ofMinutes(1));
      assertThat(workers.checkpoint(0)).isEqualTo("2");
      worker.pause(false);
      workers.runUntilProcessed(30);
      assertThat(workers.checkpoint(0)).isEqualTo("SHARD_END");
    }
  }

  @Test
  void aPausedWorkerStopsInOrder() {
    try (SimulatedWorkers workers = new SimulatedWorkers(5, 1)) {
      Worker worker = workers.start("a", process -> good(workers));
      worker.pause(true);
      workers.runFor(Duration.ofSeconds(10));
      worker.stop();
      workers.runUntil("released", 5, () -> workers.owner(0) == null);
    }
  }

  @Test
  void noMoreIsDeliveredThanTheLimitsOfShardAndWorkerAllow() {
    try (SimulatedWorkers workers = new SimulatedWorkers(6, 2)) {
      DeliveryLimit ofWorker = DeliveryLimit.ofBytes(30.0 * StreamInMemory.RECORD_BYTES);
      DeliveryLimit ofShard = DeliveryLimit.ofRecords(20);
      workers.handling(h -> h.with(ofWorker, ofShard));
      workers.stream.put(0, 400);
      workers.stream.put(1, 400);
      List<Long> nanos = new ArrayList<>();
      List<String> ofFirst = new ArrayList<>();
      List<Long> firstNanos = new ArrayList<>();
      workers.start("a", process -> input -> {
        for (KinesisClientRecord record : input.records()) {
          nanos.add(process.nanoTime());
          if (Integer.parseInt(record.sequenceNumber()) <= 400) {
            firstNanos.add(process.nanoTime());
            ofFirst.add(record.sequenceNumber());
          }
        }
        workers.remember(input.records());
      });
      workers.runUntilProcessed(60);
      assertThat(most(nanos, 10)).isLessThanOrEqualTo(30 * 11 + 5);
      assertThat(most(firstNanos, 10)).isLessThanOrEqualTo(20 * 11 + 5);
      long taken = nanos.get(nanos.size() - 1) - nanos.get(0);
      assertThat(Duration.ofNanos(taken)).isBetween(Duration.ofSeconds(25), Duration.ofSeconds(30));
      assertThat(ofFirst).hasSize(400);
    }
  }

  /** The most that came within so many seconds. */
  private static int most(List<Long> nanos, int seconds) {
    int most = 0;
    int from = 0;
    for (int to = 0; to < nanos.size(); to++) {
      while (nanos.get(to) - nanos.get(from) > seconds * 1_000_000_000L) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }
}
