package org.openkcl.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.openkcl.AutoCheckpoint;
import org.openkcl.leases.memory.TableFaults;
import org.openkcl.processor.ProcessRecordsInput;
import org.openkcl.processor.ShardEndedInput;
import org.openkcl.processor.ShardRecordProcessor;
import org.openkcl.processor.ShutdownRequestedInput;

class AutoCheckpointTest {

  /** Leaves checkpoints to the library. */
  private static class Silent implements ShardRecordProcessor {
    private final SimulatedWorkers workers;

    Silent(SimulatedWorkers workers) {
      this.workers = workers;
    }

    @Override
    public void processRecords(ProcessRecordsInput input) throws Exception {
      workers.remember(input.records());
    }

    @Override
    public void shardEnded(ShardEndedInput input) {}

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {}
  }

  @Test
  void aCheckpointComesAfterTheTime() {
    try (SimulatedWorkers workers = new SimulatedWorkers(1, 1)) {
      workers.handling(h -> h.with(AutoCheckpoint.every(Duration.ofSeconds(10))));
      workers.stream.put(0, 3);
      workers.start("a", process -> new Silent(workers));
      workers.runUntilProcessed(10);
      workers.runFor(Duration.ofSeconds(9));
      assertThat(workers.checkpoint(0)).isEqualTo("TRIM_HORIZON");
      workers.runFor(Duration.ofSeconds(2));
      assertThat(workers.checkpoint(0)).isEqualTo("3");
      workers.stream.put(0, 1);
      workers.runFor(Duration.ofSeconds(13));
      assertThat(workers.checkpoint(0)).isEqualTo("4");
    }
  }

  @Test
  void aCheckpointComesAfterSoManyRecordsOrBytes() {
    try (SimulatedWorkers workers = new SimulatedWorkers(2, 1)) {
      AutoCheckpoint settings =
          AutoCheckpoint.every(Duration.ofHours(1)).orRecords(8).orBytes(500);
      workers.handling(h -> h.with(settings));
      workers.stream.put(0, 4);
      workers.start("a", process -> new Silent(workers));
      workers.runFor(Duration.ofSeconds(10));
      assertThat(workers.checkpoint(0)).isEqualTo("TRIM_HORIZON");
      workers.stream.put(0, 1);
      workers.runFor(Duration.ofSeconds(3));
      assertThat(workers.checkpoint(0)).isEqualTo("5"); // 500 bytes
    }
    assertThat(AutoCheckpoint.every(Duration.ofSeconds(1)).orRecords(8).isDue(Duration.ZERO, 8, 0))
        .isTrue();
    assertThatThrownBy(() -> AutoCheckpoint.every(Duration.ZERO)).hasMessageContaining("time=PT0S");
  }

  @Test
  void neitherABatchUnderWayNorOneThatWasThrownBackIsCovered() {
    try (SimulatedWorkers workers = new SimulatedWorkers(3, 1)) {
      workers.handling(h -> h.with(AutoCheckpoint.every(Duration.ofSeconds(5))));
      workers.stream.put(0, 10);
      workers.start("a", process -> new Silent(workers) {
        @Override
        public void processRecords(ProcessRecordsInput input) throws Exception {
          if (input.records().get(0).sequenceNumber().equals("6")) {
            process.pause(Duration.ofSeconds(30));
            throw new IllegalStateException("thrown back");
          }
          super.processRecords(input);
        }
      });
      workers.runFor(Duration.ofSeconds(20));
      assertThat(workers.checkpoint(0)).isEqualTo("5"); // the second batch is under way
      workers.runFor(Duration.ofMinutes(1));
      assertThat(workers.checkpoint(0)).isEqualTo("5");
    }
  }

  @Test
  void whatReturnedIsCheckpointedAtTheEndOfTheShardAndWhenTheWorkerStops() {
    try (SimulatedWorkers workers = new SimulatedWorkers(4, 1)) {
      workers.handling(h -> h.with(AutoCheckpoint.every(Duration.ofHours(1))));
      workers.stream.put(0, 3);
      Worker worker = workers.start("a", process -> new Silent(workers));
      workers.runUntilProcessed(10);
      workers.stream.split(0);
      workers.stream.put(1, 2);
      workers.runUntil("the end", 10, () -> workers.checkpoint(0).equals("SHARD_END"));
      workers.runUntilProcessed(10);
      worker.stop();
      workers.runUntil("released", 5, () -> workers.owner(1) == null);
      assertThat(workers.checkpoint(1)).isEqualTo("5");
      assertThat(workers.checkpoint(2)).isEqualTo("TRIM_HORIZON"); // nothing was delivered
    }
  }

  @Test
  void aTableThatIsThrottledIsAskedAgain() {
    try (SimulatedWorkers workers = new SimulatedWorkers(5, 1)) {
      workers.handling(h -> h.with(AutoCheckpoint.every(Duration.ofSeconds(2))));
      workers.start("a", process -> new Silent(workers));
      workers.runFor(Duration.ofSeconds(5));
      workers.stream.put(0, 3);
      workers.runUntilProcessed(5);
      workers.tableFaults(new TableFaults(Duration.ofMillis(10), 1, 0, 0));
      workers.runFor(Duration.ofSeconds(30));
      assertThat(workers.checkpoint(0)).isEqualTo("TRIM_HORIZON");
      workers.tableFaults(TableFaults.NONE);
      workers.runUntil("stored", 20, () -> workers.checkpoint(0).equals("3"));
    }
  }
}
